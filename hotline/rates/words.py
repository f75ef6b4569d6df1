"""The words of the rates: cohorts, limits, and why a row stands outside a rate."""

from typing import Final

from hotline.core.words import N_

RECEIVED, ORIGINAL, DUE, RESOLVED, CALLED, OWED, ORDERED, FLOW = (
    "received",
    "due_original",
    "due",
    "resolved",
    "call_received",
    "callback_owed",
    "ordered",
    "flow",
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
    "blocked": N_("黑名单"),
    "self_served": N_("语音自助完成"),
    "voided": N_("作废"),
    "merged": N_("已合并"),
    "suspended": N_("挂账"),
    "anonymous": N_("匿名"),
    "risk_exempt": N_("涉险免访"),
    "unreachable": N_("未联系上"),
    "not_possible": N_("无法回访"),
    "waiting": N_("尚未回访"),
}
