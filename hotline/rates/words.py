"""The words of the rates: cohorts, limits, and why a row stands outside a rate."""

from typing import Final

from hotline.core.words import N_

RECEIVED, ORIGINAL, DUE, RESOLVED, CALLED, OWED, ORDERED, FLOW, PRESENT, CLAIMED, PAID = (
    "received",
    "due_original",
    "due",
    "resolved",
    "call_received",
    "callback_owed",
    "ordered",
    "flow",
    "presence_began",
    "claimed",
    "paid",
)

COHORTS: Final = {
    CALLED: N_("按来电时间"),
    RECEIVED: N_("按受理时间"),
    ORIGINAL: N_("按原定期限"),
    DUE: N_("按现行期限（含延期与暂停）"),
    RESOLVED: N_("按最近一次办结时间"),
    OWED: N_("按未接来电时间"),
    ORDERED: N_("按派单时间"),
    FLOW: N_("分子按最近一次办结时间，分母按受理时间"),
    PRESENT: N_("按该段在岗状态的开始时间"),
    CLAIMED: N_("按所属工单的受理时间"),
    PAID: N_("按到账日期"),
}

LIMITS: Final = {"soon": N_("应答时限"), "short": N_("短弃时限")}

REASONS: Final = {
    "in_progress": N_("通话未结束"),
    "not_queued": N_("未进入人工队列"),
    "abandoned_short": N_("短弃时限内挂断"),
    "left_soon": N_("应答时限内挂断"),
    "untimed": N_("等待时长不明"),
    "unfinished": N_("通话或记录尚未完成"),
    "no_number": N_("号码隐藏或无效"),
    "recalled": N_("签收前收回"),
    "no_limit": N_("没有首次联系时限"),
    "blocked": N_("黑名单"),
    "self_served": N_("语音自助完成"),
    "voided": N_("作废"),
    "merged": N_("已合并"),
    "imported": N_("从外部导入"),
    "suspended": N_("挂账"),
    "anonymous": N_("匿名"),
    "risk_exempt": N_("涉险免访"),
    "unreachable": N_("未联系上"),
    "not_possible": N_("无法回访"),
    "waiting": N_("尚未回访"),
    "running": N_("尚未结束的在岗时段"),
    "not_agreed": N_("尚无约定金额"),
}
