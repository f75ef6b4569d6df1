"""The words for the codes that rows hold; two codes that are spelt alike share a word."""

# ruff: noqa: E501 - a table is read by its lines

from typing import Any, Final

from hotline.callbacks.states import CallbackState
from hotline.callbacks.states import Outcome as Try
from hotline.calls import aid
from hotline.calls.matching import Because
from hotline.calls.states import Decline, Disposition
from hotline.core.language import gettext
from hotline.core.roles import Role
from hotline.core.words import N_
from hotline.employers.models import Ownership
from hotline.inspection.models import Round
from hotline.inspection.scoring import Grade
from hotline.intake import rescue
from hotline.masses.clusters import Because as Many
from hotline.masses.models import Verdict
from hotline.masses.reporting import Report
from hotline.messages.states import MessageKind
from hotline.money.models import Proof
from hotline.recordings.states import Kind
from hotline.staff.presence import Line, Longer
from hotline.staff.skills import Duty, Skill
from hotline.surveys.states import CheckOutcome, Exempt, SurveyState
from hotline.tickets.bulk import BulkAct
from hotline.tickets.contact import Way
from hotline.tickets.likeness import Because as Likely
from hotline.tickets.links import LinkKind
from hotline.tickets.models import Channel, DemandType, Outcome, SurveyOutcome, Urgency
from hotline.tickets.records import EventKind
from hotline.tickets.states import ACTION_LABELS, LABELS

CONFIDENTIAL: Final = {
    0: N_("公开"),
    1: N_("对用人单位保密"),
    2: N_("对承办单位也保密"),
    3: N_("只限两名指定人员"),
}
WAYS: Final = {
    Way.CALL: N_("电话"),
    Way.SMS: N_("短信"),
    Way.VISIT: N_("走访"),
    Way.LETTER: N_("信件"),
    Way.NONE: N_("未联系"),
}
# fmt: off
WORDS: Final[dict[str, str]] = {
    **{state.value: label for state, label in LABELS.items()},
    **{action.value: label for action, label in ACTION_LABELS.items()},
    Channel.CALL: N_("电话"), Channel.SMS: N_("短信"), Channel.WEB: N_("网页"), Channel.APP: N_("应用"),
    Channel.LETTER: N_("信件"), Channel.VISIT: N_("来访"), Channel.TRANSFER: N_("转来"),
    DemandType.INQUIRY: N_("问题咨询"), DemandType.COMPLAINT: N_("信访投诉"), DemandType.LEGAL: N_("法律服务"),
    DemandType.SUGGESTION: N_("意见建议"), DemandType.HELP: N_("帮扶救助"), DemandType.PRAISE: N_("感谢表扬"),
    DemandType.OTHER: N_("其他"),
    Urgency.NORMAL: N_("一般"), Urgency.URGENT: N_("紧急"), Urgency.CRITICAL: N_("特急"),
    Outcome.ANSWERED_DIRECT: N_("已直接答复"), Outcome.SOLVED: N_("已解决"), Outcome.PARTLY_SOLVED: N_("部分解决"),
    Outcome.EXPLAINED: N_("已解释未解决"), Outcome.CHANNELLED: N_("导入法定程序"),
    Outcome.TRANSFERRED: N_("已转出"), Outcome.REJECTED: N_("不予受理并告知"), Outcome.WITHDRAWN: N_("诉求撤回"),
    SurveyOutcome.SATISFIED: N_("满意"), SurveyOutcome.DISSATISFIED: N_("不满意"),
    SurveyOutcome.UNREACHABLE: N_("未联系上"), SurveyOutcome.NOT_POSSIBLE: N_("无法回访"),
    EventKind.ACTION: N_("办理动作"), EventKind.NOTE: N_("备注"), EventKind.CALLER: N_("职工来话"),
    EventKind.EDIT: N_("更正登记"), EventKind.DEADLINE: N_("期限变动"), EventKind.ATTRIBUTE: N_("督办催办"),
    EventKind.APPROVAL: N_("审批"), EventKind.PROPOSAL: N_("系统建议"), EventKind.ATTACHMENT: N_("附件"),
    EventKind.MONEY: N_("款项"), EventKind.LINK: N_("关联"), EventKind.TAG: N_("标签"), EventKind.CONTACT: N_("联系职工"),
    EventKind.IMPORT: N_("从外部导入"),
    LinkKind.RELATED: N_("相关"), LinkKind.EMPLOYER: N_("同一用人单位"), LinkKind.FOLLOW_UP: N_("后续"), LinkKind.SPLIT: N_("拆分"),
    Ownership.STATE: N_("国有企业"), Ownership.PRIVATE: N_("私营企业"), Ownership.FOREIGN: N_("外资企业"),
    Ownership.INDIVIDUAL: N_("个体经营"), Ownership.PUBLIC_BODY: N_("机关事业单位"), Ownership.PLATFORM: N_("平台企业"),
    Line.SIMULATED: N_("模拟线路"), Line.DESK: N_("座席电话"), Line.BROWSER: N_("浏览器电话"),
    Role.OPERATOR: N_("话务员"), Role.DISPATCHER: N_("派单员"), Role.HANDLER: N_("承办人"),
    Role.REVIEWER: N_("审核员"), Role.SURVEYOR: N_("回访员"), Role.SUPERVISOR: N_("班长"),
    Role.PARTNER: N_("协作单位"), Role.ADMIN: N_("管理员"), Role.SECURITY: N_("安全员"),
    Role.AUDITOR: N_("审计员"), Role.SYSTEM: N_("系统"),
    Disposition.REGISTERED: N_("已登记工单"), Disposition.CALLBACK: N_("待回拨"),
    Disposition.WRONG_NUMBER: N_("误拨"), Disposition.SILENT: N_("无声"), Disposition.NUISANCE: N_("骚扰"),
    Disposition.THANKS: N_("感谢"), Disposition.PROGRESS: N_("查询进度"), Disposition.URGE: N_("催办"),
    Disposition.SUPPLEMENT: N_("补充材料"), Disposition.TEST: N_("测试"), Disposition.CONNECTED: N_("转接成功"),
    **{f"way_{way}": text for way, text in WAYS.items()},
    **{f"secrecy_{level}": text for level, text in CONFIDENTIAL.items()},
    "keypress": N_("按键"), "person": N_("当面"),  # how a survey was answered
    Proof.BANK: N_("银行凭证"), Proof.WORKER: N_("职工确认"), Proof.UNIT: N_("单位自述"),  # on whose word money counts
    "yes": N_("是"), "partly": N_("部分"), "no": N_("否"),  # what a worker says of contact and solution
    Disposition.SELFSERVED: N_("自助完成"), Disposition.BLOCKED: N_("已拦截"),
    CallbackState.OPEN: N_("待回拨"), CallbackState.SMS_SENT: N_("已发短信等回复"),
    CallbackState.CLOSED_REACHED: N_("已联系上"), CallbackState.CLOSED_SELF_RETURNED: N_("职工已再次来电"),
    CallbackState.CLOSED_UNREACHABLE: N_("联系不上"), CallbackState.CLOSED_NO_NUMBER: N_("没有号码"),
    Try.REACHED: N_("已接通"), Try.NO_ANSWER: N_("无人接听"), Try.BUSY: N_("占线"),
    Try.SWITCHED_OFF: N_("关机"),
    MessageKind.INBOUND: N_("职工来信"), MessageKind.ACK: N_("受理通知"), MessageKind.ANSWER: N_("答复"),
    MessageKind.RESULT: N_("办理结果"), MessageKind.SURVEY: N_("回访邀请"), MessageKind.ASK: N_("请补充材料"),
    MessageKind.REMIND: N_("催办提醒"), MessageKind.ALERT: N_("超时提醒"), MessageKind.NOTICE: N_("通知"),
    SurveyState.DUE: N_("待邀请"), SurveyState.ASKED: N_("等待答复"), SurveyState.UNCLEAR: N_("待人工判读"),
    SurveyState.CLOSED: N_("已关闭"),
    Exempt.DECEASED: N_("已故"), Exempt.PROTECTED: N_("受保护"), CheckOutcome.HEARD: N_("听到了评价"),
    CheckOutcome.UNREACHABLE: N_("没有联系上"), CheckOutcome.REFUSED: N_("不愿再答"),
    "extend": N_("延期"), BulkAct.TAG: N_("加标签"),
    Kind.CONVERSATION: N_("通话录音"), Kind.VOICEMAIL: N_("语音留言"),
    Longer.LONG_CALL: N_("通话内容多"), Longer.MANY_ITEMS: N_("要登记多件事"),
    Longer.LOOKING_UP: N_("正在查资料"),  # why a record takes longer
    Skill.MONGOLIAN: N_("蒙古语"), Skill.LAW: N_("法律"), Skill.PSYCHOLOGY: N_("心理"),
    Duty.SEAT: N_("坐席班"), Duty.ON_CALL: N_("备班"),
    Because.OWNER: N_("经办过来电人的工单"), Because.SKILL: N_("有所需技能"),
    Because.LONGEST_IDLE: N_("空闲最久"), Because.OVERFLOW: N_("没有空闲的对口座席"),
    # what happened in a call
    "queued": N_("开始排队"), "timed": N_("等待时长有更正"), "language": N_("选择语言"), "offered": N_("振铃给话务员"), "accepted": N_("话务员应答"),
    "answered": N_("接通"), "declined": N_("话务员未接"), "missed": N_("振铃无人应答"),
    rescue.RAISED: N_("报告危机"), aid.HELP: N_("请求班长支援"),
    Decline.WRITING: N_("正在登记上一件"), Decline.CONFLICT: N_("与来电人有利害关系"),
    Decline.LANGUAGE: N_("语言不通"), Decline.UNWELL: N_("身体不适"), Decline.FAULT: N_("设备故障"),
    "hung_up": N_("话务员挂断"), "ended": N_("结束"), "settled": N_("登记去向"),
    "recording_paused": N_("暂停录音"), "recording_resumed": N_("恢复录音"),
    "asked_back": N_("请求回拨"), "not_joined": N_("没有接通"), "line_lost": N_("线路中断，重新排队"),
    "held": N_("保持"), "resumed": N_("取回"), "muted": N_("静音"), "unmuted": N_("取消静音"),
    "invited": N_("呼叫第三方"), "joined": N_("第三方加入"), "left": N_("一方离开"),
    "three_way": N_("三方通话"), "transferred": N_("转接"), "given_over": N_("由同事接手"),
    "dropped": N_("移出第三方"), "outcome": N_("登记第三方结果"), "listen": N_("监听"),
    "whisper": N_("耳语指导"), "barge": N_("强插通话"), "taken_over": N_("班长接管"),
    "placed": N_("话务员呼出"), "abandoned": N_("无人等候，结束"),
    "released": N_("停止监听"), "not_adjusted": N_("运营商没有执行"),
    "owed": N_("改由这通电话回拨"), "owed_settled": N_("回拨了结"), "hastened": N_("处境危急，尽快回拨"),
    "listed": N_("与运营商核对"), "survey_asked": N_("通话末尾请其评价"),
    # why a message did not leave or arrive
    "expired": N_("已过有效期"), "not_a_mobile": N_("不是可发短信的手机号"), "opted_out": N_("职工已退订"),
    "replies_a_day": N_("当天答复已够"), "reply_gap": N_("与上一条相隔太近"), "quiet_hours": N_("静默时段，稍后发送"),
    "surveys_a_month": N_("本月回访已够"), "number_a_day": N_("当天发给该号码已够"),
    "block_of_numbers": N_("同号段过多，稍后发送"), "gave_up": N_("多次未成"), "refused": N_("对方拒收或拒接"),
    "lost": N_("运营商应答丢失，核对中"), "server_error": N_("运营商出错，稍后重试"),
    "undelivered": N_("运营商未送达"), "uncertain": N_("等待核对"), "opt_out": N_("职工退订"),
    "opt_in": N_("职工恢复订阅"), "noise": N_("无关短信"), "courtesy": N_("感谢"), "flood": N_("过于频繁"),
    "by_word": N_("职工短信"), "by_carrier": N_("运营商识别"), "by_refusal": N_("运营商拒发"),
    "by_earlier": N_("建账以前"), "mass_group": N_("群体事件"),
    "unreadable": N_("没有文字"), "undone": N_("已撤销，不再发送"),
    "station": N_("问驿站在哪里"),
}
# fmt: on
LONGER: Final = tuple(Longer)
DECLINES: Final = tuple(Decline)
ALARMS: Final = frozenset({rescue.RAISED, aid.HELP, aid.WORD})  # notices that stand out
MASS: Final = {
    Many.EMPLOYER: N_("同一用人单位"),
    Many.PROJECT: N_("同一项目"),
    Many.CONTRACTOR: N_("同一总包或分包"),
    Many.WORDS: N_("说法相近"),
    Many.HEADS: N_("涉及十人以上"),
}
REPORTS: Final = {
    Report.FIRST: N_("首报"),
    Report.FURTHER: N_("续报"),
    Report.FINAL: N_("终报"),
}
VERDICTS: Final = {
    Verdict.PROPOSED: N_("待确认"),
    Verdict.CONFIRMED: N_("已确认"),
    Verdict.DECLINED: N_("不是群体事件"),
}
GRADES: Final = {
    Grade.EXCELLENT: N_("优秀"),
    Grade.GOOD: N_("良好"),
    Grade.PASS: N_("合格"),
    Grade.FAIL: N_("不合格"),
}
ROUNDS: Final = {
    Round.FIRST: N_("初评"),
    Round.SECOND: N_("双评"),
    Round.APPEAL: N_("申诉复评"),
}
LIKE: Final = {
    Likely.CALLER: N_("同一职工"),
    Likely.EMPLOYER: N_("同一单位"),
    Likely.PROJECT: N_("同一项目"),
    Likely.PLACE: N_("同地同类"),
    Likely.WORDS: N_("说法相近"),
}
SCORES: Final = {
    1: N_("非常满意"),
    2: N_("满意"),
    3: N_("基本满意"),
    4: N_("不满意"),
    5: N_("非常不满意"),
}


def word(code: Any) -> str:
    """Return the word for *code*, an enumeration's member or a plain value; else itself."""
    if code is None:
        return "–"
    text = WORDS.get(str(code))
    return str(gettext(text)) if text else str(code)
