"""What can be wrong, in words: one sentence a code. No framework here."""

from typing import Final, NamedTuple

from hotline.core.words import N_


class Fault(NamedTuple):
    """One thing for which an invariant does not hold; see `models.LedgerException`."""

    subject: int
    label: str
    what: str
    unit_id: int | None = None


# fmt: off
SENTENCES: Final[dict[str, str]] = {
    "no_disposition":      N_("通话已结束，没有登记去向"),
    "never_ended":         N_("通话一天没有消息，也没有结束"),
    "no_callback":         N_("没有接到的来电，没有生成回拨"),
    "no_ticket_named":     N_("登记的去向说的是某张工单，却没有指明"),
    "no_home":             N_("短信既不属于工单，也没有写明原因"),
    "no_next_due":         N_("没有下一步的时限"),
    "unit_closed":         N_("承办单位已撤销"),
    "handler_left":        N_("承办人已停用"),
    "nobody":              N_("承办单位及其上级没有人担任应当处理的角色"),
    "stale_request":       N_("审批申请还开着，工单已经走到别处"),
    "owed_by_ended":       N_("工单已结束，还有未了的事项"),
    "no_beginning":        N_("没有受理记录"),
    "gap":                 N_("办理记录前后不相接"),
    "no_such_step":        N_("办理记录里有状态表没有的一步"),
    "ends_elsewhere":      N_("按办理记录推演的状态与现在的状态不同"),
    "no_outcome":          N_("已办结，没有办理结果"),
    "no_notice":           N_("已办结，没有告知职工，也没有不能告知的原因"),
    "obligation_open":     N_("已归档，还有未了的事项"),
    "request_open":        N_("已归档，还有未决的审批"),
    "callback_open":       N_("已归档，还有未完成的回拨"),
    "survey_open":         N_("已归档，还有未结束的回访"),
    "number_missing":      N_("编号缺失"),
    "number_uncounted":    N_("编号不在当天的计数之内"),
    "row_altered":         N_("记录被改动"),
    "row_deleted":         N_("记录被删除"),
    "row_inserted":        N_("记录是事后插入的"),
    "row_unsealed":        N_("记录早该封存而没有封存"),
    "ticket_altered":      N_("归档后的工单与封存时不一致"),
    "seal_missing":        N_("封条缺失"),
    "seal_altered":        N_("封条被改动，或不接前一枚"),
    "seal_forged":         N_("封条的签名不是本热线的"),
    "not_in_chain":        N_("先前导出的封条不在现在的链里"),
    "unmended":            N_("与运营商的记录不一致，尚未补正"),
}
# fmt: on
