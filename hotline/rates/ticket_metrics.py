"""The rates of tickets and orders: what each divides, and what it says of itself."""

from typing import Final

from hotline.core.words import N_
from hotline.rates.formulas import Metric
from hotline.rates.words import CALLED, DUE, FLOW, ORDERED, ORIGINAL, RECEIVED, RESOLVED

_APART: Final = {
    RECEIVED: {
        "voided": "received_voided",
        "merged": "received_merged",
        "imported": "received_imported",
    },
    ORIGINAL: {
        "voided": "original_voided",
        "merged": "original_merged",
        "imported": "original_imported",
    },
    DUE: {
        "voided": "due_voided",
        "merged": "due_merged",
        "imported": "due_imported",
    },
    RESOLVED: {"imported": "settled_imported"},
}

TICKETS: Final = (
    Metric(
        "T1",
        N_("办结率（到期口径）"),
        DUE,
        "due_settled",
        "due_counted",
        _APART[DUE],
        N_("截至统计时已办结的工单 ÷ 期限落在本期的工单；重办、重开的工单按最近一次办结计。"),
    ),
    Metric(
        "T2",
        N_("办结率（受理口径）"),
        RECEIVED,
        "received_settled",
        "received_counted",
        _APART[RECEIVED],
        N_("截至统计时已办结的工单 ÷ 本期受理的工单；重办、重开的工单按最近一次办结计。"),
    ),
    Metric(
        "T3",
        N_("流量比"),
        FLOW,
        "settled",
        "received_counted",
        _APART[RECEIVED],
        N_("本期办结的工单 ÷ 本期受理的工单；可以超过百分之百，不是办结率。"),
    ),
    Metric(
        "T4",
        N_("按时办结率（原定期限）"),
        ORIGINAL,
        "original_on_time",
        "original_counted",
        _APART[ORIGINAL],
        N_(
            "不晚于原定期限办结的工单 ÷ 原定期限落在本期的工单；"
            "延期和暂停不改变原定期限；重办、重开的工单按最近一次办结计。"
        ),
    ),
    Metric(
        "T4-extended",
        N_("按时办结率（现行期限）"),
        DUE,
        "due_on_time",
        "due_running",
        {**_APART[DUE], "suspended": "due_suspended"},
        N_(
            "不晚于现行期限办结的工单 ÷ 现行期限落在本期的工单；"
            "现行期限含批准的延期与暂停；挂账工单单列；"
            "重办、重开的工单按最近一次办结计。"
        ),
    ),
    Metric(
        "T5",
        N_("未结率"),
        RECEIVED,
        "received_open",
        "received_counted",
        _APART[RECEIVED],
        N_("截至统计时未办结的工单（含挂账）÷ 本期受理的工单；全部未结按时长另列。"),
    ),
    Metric(
        "T6",
        N_("延期率"),
        DUE,
        "due_extended",
        "due_counted",
        _APART[DUE],
        N_("批准过延期的工单 ÷ 期限落在本期的工单。"),
    ),
    Metric(
        "T6-suspended",
        N_("挂账率"),
        RECEIVED,
        "received_suspended",
        "received_open",
        {"imported": "received_imported"},
        N_("挂账的工单 ÷ 本期受理而未办结的工单。"),
    ),
    Metric(
        "T7",
        N_("签收及时率"),
        ORDERED,
        "orders_signed_in_time",
        "orders_standing",
        {"recalled": "orders_recalled"},
        N_("限时内签收的派单 ÷ 派单；尚未签收的不算及时；按派往的单位计。"),
    ),
    Metric(
        "T7-contact",
        N_("首次联系及时率"),
        ORDERED,
        "orders_contacted_in_time",
        "orders_to_contact",
        {"no_limit": "orders_contact_unlimited"},
        N_(
            "签收后限时内登记已联系上职工的派单 ÷ 已签收、该类有首次联系时限的派单；"
            "以登记时间为准；按派往的单位计；与职工的说法（T7-told）对照。"
        ),
    ),
    Metric(
        "T8",
        N_("退单率"),
        ORDERED,
        "orders_returned",
        "orders_standing",
        {"recalled": "orders_recalled"},
        N_("单位申请退单的派单 ÷ 派单，无论是否同意；按派往的单位计。"),
    ),
    Metric(
        "T8-right",
        N_("派单准确率"),
        ORDERED,
        "orders_right",
        "orders_standing",
        {"recalled": "orders_recalled"},
        N_("没有同意退单的派单 ÷ 派单；按派往的单位计。"),
    ),
    Metric(
        "T9",
        N_("重办率"),
        RESOLVED,
        "settled_again",
        "settled",
        _APART[RESOLVED],
        N_("办结不止一次的工单 ÷ 本期办结的工单。"),
    ),
    Metric(
        "T10",
        N_("首次解决率"),
        RESOLVED,
        "settled_first_time",
        "settled",
        _APART[RESOLVED],
        N_(
            "一次办结、且 7 天内同一职工没有为此再来的工单 ÷ 本期办结的工单；"
            "为此再来：就该工单来电、来信息，或同类别的新工单。"
        ),
    ),
    Metric(
        "T11",
        N_("直接答复率"),
        RECEIVED,
        "received_direct",
        "received_counted",
        _APART[RECEIVED],
        N_("直接答复办结的工单 ÷ 本期受理的工单。"),
    ),
    Metric(
        "T12",
        N_("重复来电率"),
        CALLED,
        "calls_repeated",
        "calls_answered",
        {},
        N_("为已有工单（查进度、催办、补充）的来电 ÷ 人工接听的来电。"),
    ),
)
