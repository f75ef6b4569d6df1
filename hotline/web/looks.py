"""How each state is drawn: a shape and a tone beside its word, so that colour is never alone."""

# ruff: noqa: E501 - a table is read by its lines

from collections.abc import Iterable
from typing import Final, NamedTuple

from hotline.calls.states import CallState, EndState
from hotline.core.words import N_
from hotline.messages.states import MessageState
from hotline.recordings.states import RecordingState
from hotline.staff.presence import PresenceState, Why
from hotline.tickets.records import EventKind
from hotline.tickets.states import Action, State


class Look(NamedTuple):
    """A symbol of the sprite and a tone of the style sheet."""

    icon: str
    tone: str
    label: str = ""


# fmt: off
TICKET: Final = {
    State.RECEIVED:         Look("inbox", "warn"),
    State.DISPATCHED:       Look("route", "warn"),
    State.RETURN_REVIEW:    Look("undo-2", "act"),
    State.IN_PROGRESS:      Look("circle-dot", "wait"),
    State.AWAITING_CALLER:  Look("hourglass", "plain"),
    State.SUSPENDED:        Look("circle-pause", "plain"),
    State.RESULT_REVIEW:    Look("stamp", "warn"),
    State.RESOLVED:         Look("circle-check", "good"),
    State.APPRAISAL_REVIEW: Look("frown", "act"),
    State.SURVEYED:         Look("clipboard-check", "good"),
    State.ARCHIVED:         Look("archive", "plain"),
    State.VOIDED:           Look("ban", "plain"),
    State.MERGED:           Look("git-merge", "plain"),
}
PRESENCE: Final = {
    PresenceState.OFFLINE:  Look("circle-dashed", "plain", N_("未签入")),
    PresenceState.READY:    Look("circle-check", "good", N_("就绪")),
    PresenceState.RINGING:  Look("phone-incoming", "warn", N_("振铃")),
    PresenceState.TALKING:  Look("phone-call", "good", N_("通话中")),
    PresenceState.WRAP_UP:  Look("square-pen", "wait", N_("话后整理")),
    PresenceState.AWAY:     Look("coffee", "warn", N_("小休")),
}
WHY: Final = {  # what nobody chose
    Why.MISSED:       N_("未应答"),
    Why.DECLINED:     N_("未接"),
    Why.UNREACHABLE:  N_("未接通"),
    Why.LINE_LOST:    N_("线路中断"),
    Why.UNFINISHED:   N_("记录未完成"),
    Why.BROWSER_LOST: N_("浏览器断开，已签出"),
    Why.FORGOTTEN:    N_("久未返回，已签出"),
}
CALL: Final = {
    CallState.RINGING: Look("phone-incoming", "plain", N_("接入中")),
    CallState.QUEUED:  Look("hourglass", "warn", N_("排队")),
    CallState.OFFERED: Look("phone-incoming", "warn", N_("振铃")),
    CallState.TALKING: Look("phone-call", "good", N_("通话中")),
    CallState.ENDED:   Look("phone", "plain", N_("已结束")),
}
END: Final = {
    EndState.ANSWERED:           Look("phone", "good", N_("已接听")),
    EndState.IVR_SELFSERVED:     Look("check", "plain", N_("自助完成")),
    EndState.IVR_EXIT:           Look("phone-off", "plain", N_("导航中挂断")),
    EndState.ABANDONED_SHORT:    Look("phone-off", "plain", N_("短时放弃")),
    EndState.ABANDONED_QUEUE:    Look("phone-missed", "act", N_("排队放弃")),
    EndState.VOICEMAIL:          Look("voicemail", "warn", N_("留言")),
    EndState.CALLBACK_REQUESTED: Look("phone-outgoing", "warn", N_("请求回拨")),
    EndState.AFTER_HOURS:        Look("moon", "warn", N_("非工作时间")),
    EndState.OVERFLOWED:         Look("route", "warn", N_("溢出")),
    EndState.BLOCKED:            Look("ban", "plain", N_("已拦截")),
    EndState.FAILED:             Look("octagon-alert", "act", N_("接续失败")),
    EndState.NOT_REACHED:        Look("phone-off", "plain", N_("未接通")),
}
EVENT: Final = {
    EventKind.ACTION:     Look("circle-dot", "plain"),
    EventKind.NOTE:       Look("sticky-note", "warn"),
    EventKind.CALLER:     Look("user-round", "wait"),
    EventKind.IMPORT:     Look("upload", "wait"),
    EventKind.EDIT:       Look("square-pen", "plain"),
    EventKind.DEADLINE:   Look("calendar-clock", "plain"),
    EventKind.ATTRIBUTE:  Look("megaphone", "warn"),
    EventKind.APPROVAL:   Look("stamp", "plain"),
    EventKind.PROPOSAL:   Look("info", "wait"),
    EventKind.ATTACHMENT: Look("paperclip", "plain"),
    EventKind.LINK:       Look("git-merge", "plain"),
    EventKind.CONTACT:    Look("phone-outgoing", "good"),
    EventKind.MONEY:      Look("chart-line", "good"),
    EventKind.TAG:        Look("tag", "plain"),
}
MESSAGE: Final = {
    MessageState.RECEIVED:  Look("arrow-left", "wait", N_("收到")),
    MessageState.WAITING:   Look("clock", "plain", N_("等待发送")),
    MessageState.SENDING:   Look("send", "plain", N_("发送中")),
    MessageState.SENT:      Look("send", "plain", N_("已发出")),
    MessageState.DELIVERED: Look("check", "good", N_("已送达")),
    MessageState.FAILED:    Look("circle-x", "act", N_("未送达")),
    MessageState.UNCERTAIN: Look("circle-help", "warn", N_("核对中")),
    MessageState.CANCELLED: Look("ban", "plain", N_("未发送")),
}
RECORDING: Final = {
    RecordingState.DUE:     Look("hourglass", "plain", N_("取回中")),
    RecordingState.STORED:  Look("shield-check", "good", N_("已加密保存")),
    RecordingState.KEPT:    Look("shield-check", "good", N_("已加密保存")),
    RecordingState.ERASING: Look("ban", "plain", N_("删除中")),
    RecordingState.ERASED:  Look("ban", "plain", N_("已到期删除")),
    RecordingState.LOST:    Look("octagon-alert", "act", N_("录音缺失")),
}
ABSENT: Final = {
    RecordingState.DUE:     N_("正在从运营商取回，请稍后刷新。"),
    RecordingState.ERASING: N_("保存期已过，正在删除。"),
    RecordingState.ERASED:  N_("保存期已过，录音和文字已经删除，只留下记录。"),
    RecordingState.LOST:    N_("运营商没有交出这段录音，已超过一天，请告诉管理员。"),
}
TRACK: Final = (  # the way a ticket goes, for the line of steps on its page
    (N_("受理"), frozenset({State.RECEIVED})),
    (N_("派单"), frozenset({State.DISPATCHED, State.RETURN_REVIEW})),
    (N_("办理"), frozenset({State.IN_PROGRESS, State.AWAITING_CALLER, State.SUSPENDED})),
    (N_("审核"), frozenset({State.RESULT_REVIEW})),
    (N_("回访"), frozenset({State.RESOLVED, State.APPRAISAL_REVIEW})),
    (N_("归档"), frozenset({State.SURVEYED, State.ARCHIVED, State.VOIDED, State.MERGED})),
)
FORWARD: Final = (  # what brings a matter on; the first of them is the page's main button
    Action.DISPATCH, Action.TAKE, Action.SIGN, Action.RESOLVE, Action.SUBMIT_RESULT, Action.APPROVE,
    Action.ACCEPT_RETURN, Action.CALLER_REPLIED, Action.RESUME, Action.SURVEY_SATISFIED, Action.ORDER_REWORK,
)
# fmt: on


def forward_first(actions: Iterable[Action]) -> list[Action]:
    """Return *actions* with those that bring the matter on at the front."""
    return sorted(
        actions, key=lambda each: FORWARD.index(each) if each in FORWARD else len(FORWARD)
    )


def track(state: State) -> list[tuple[str, str]]:
    """Return the steps of the way and whether each is `past`, `now` or `ahead`."""
    at = next(number for number, (_, states) in enumerate(TRACK) if state in states)
    return [
        (label, "past" if number < at else "now" if number == at else "ahead")
        for number, (label, _) in enumerate(TRACK)
    ]
