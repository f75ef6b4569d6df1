"""The rates that are published: which facts each divides, and what it says of itself."""

from typing import Final

from hotline.core.words import N_
from hotline.rates.formulas import Metric

RECEIVED, ORIGINAL, DUE, RESOLVED, CALLED = (
    "received",
    "due_original",
    "due",
    "resolved",
    "call_received",
)

COHORTS: Final = {
    CALLED: N_("按来电时间"),
    RECEIVED: N_("按受理时间"),
    ORIGINAL: N_("按原定期限"),
    DUE: N_("按现行期限（含延期与暂停）"),
    RESOLVED: N_("按最近一次办结时间"),
}

REASONS: Final = {
    "in_progress": N_("通话未结束"),
    "not_queued": N_("未进入人工队列"),
    "abandoned_short": N_("5 秒内挂断"),
    "left_soon": N_("15 秒内挂断"),
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

_ENDED_APART: Final = {
    CALLED: {"in_progress": "calls_in_progress"},
    RECEIVED: {"voided": "received_voided", "merged": "received_merged"},
    ORIGINAL: {"voided": "original_voided", "merged": "original_merged"},
    DUE: {"voided": "due_voided", "merged": "due_merged"},
}
_NO_ANSWER: Final = {
    "unreachable": "survey_unreachable",
    "not_possible": "survey_not_possible",
    "waiting": "survey_waiting",
}
_NOT_ASKED: Final = {"anonymous": "survey_anonymous", "risk_exempt": "survey_exempt"}

METRICS: Final = (
    Metric(
        "C1",
        N_("人工接通率"),
        CALLED,
        "calls_answered",
        "calls_queued",
        {"not_queued": "calls_not_queued", **_ENDED_APART[CALLED]},
        N_("人工接听的来电 ÷ 进入人工队列的来电。"),
    ),
    Metric(
        "C2",
        N_("人工接通率（去短弃）"),
        CALLED,
        "calls_answered",
        "calls_patient",
        {
            "not_queued": "calls_not_queued",
            "abandoned_short": "calls_abandoned_short",
            **_ENDED_APART[CALLED],
        },
        N_("人工接听的来电 ÷（进入人工队列的来电 − 5 秒内挂断的来电）。"),
    ),
    Metric(
        "C3",
        N_("来电人视角接通率"),
        CALLED,
        "calls_answered",
        "calls_owed",
        {
            "blocked": "calls_blocked",
            "self_served": "calls_self_served",
            **_ENDED_APART[CALLED],
        },
        N_(
            "人工接听的来电 ÷（全部来电 − 黑名单 − 语音自助完成）；"
            "下班后、溢出和失败的来电都算没有接通。"
        ),
    ),
    Metric(
        "C4",
        N_("综合接通率"),
        CALLED,
        "calls_served",
        "calls_decided",
        _ENDED_APART[CALLED],
        N_("（人工接听 + 语音自助完成）÷ 全部来电。"),
    ),
    Metric(
        "C5a",
        N_("15 秒应答率"),
        CALLED,
        "calls_answered_soon",
        "calls_answered",
        _ENDED_APART[CALLED],
        N_("进入队列 15 秒内接听的来电 ÷ 人工接听的来电；看不到等不及的人。"),
    ),
    Metric(
        "C5b",
        N_("服务水平（严）"),
        CALLED,
        "calls_answered_soon",
        "calls_queued",
        {"not_queued": "calls_not_queued", **_ENDED_APART[CALLED]},
        N_("进入队列 15 秒内接听的来电 ÷ 进入人工队列的来电。"),
    ),
    Metric(
        "C5c",
        N_("服务水平（去 15 秒内挂断）"),
        CALLED,
        "calls_answered_soon",
        "calls_waited",
        {
            "not_queued": "calls_not_queued",
            "left_soon": "calls_left_soon",
            **_ENDED_APART[CALLED],
        },
        N_("进入队列 15 秒内接听的来电 ÷（进入人工队列的来电 − 15 秒内挂断的来电）。"),
    ),
    Metric(
        "C6",
        N_("放弃率"),
        CALLED,
        "calls_abandoned",
        "calls_queued",
        {"not_queued": "calls_not_queued", **_ENDED_APART[CALLED]},
        N_("在人工队列中挂断的来电 ÷ 进入人工队列的来电。"),
    ),
    Metric(
        "T1",
        N_("办结率（到期口径）"),
        DUE,
        "due_settled",
        "due_counted",
        _ENDED_APART[DUE],
        N_("截至统计时已办结的工单 ÷ 期限落在本期的工单；重办、重开的工单按最近一次办结计。"),
    ),
    Metric(
        "T2",
        N_("办结率（受理口径）"),
        RECEIVED,
        "received_settled",
        "received_counted",
        _ENDED_APART[RECEIVED],
        N_("截至统计时已办结的工单 ÷ 本期受理的工单；重办、重开的工单按最近一次办结计。"),
    ),
    Metric(
        "T4",
        N_("按时办结率（原定期限）"),
        ORIGINAL,
        "original_on_time",
        "original_counted",
        _ENDED_APART[ORIGINAL],
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
        {**_ENDED_APART[DUE], "suspended": "due_suspended"},
        N_(
            "不晚于现行期限办结的工单 ÷ 现行期限落在本期的工单；"
            "现行期限含批准的延期与暂停；挂账工单单列；"
            "重办、重开的工单按最近一次办结计。"
        ),
    ),
    Metric(
        "T9",
        N_("重办率"),
        RESOLVED,
        "settled_again",
        "settled",
        {},
        N_("办结不止一次的工单 ÷ 本期办结的工单。"),
    ),
    Metric(
        "V3",
        N_("参评率"),
        RESOLVED,
        "base_answered",
        "survey_base",
        _NOT_ASKED,
        N_("作出评价的工单 ÷ 应回访的工单；应回访 = 本期办结 − 匿名 − 涉险免访。"),
    ),
    Metric(
        "V4",
        N_("满意率（参评）"),
        RESOLVED,
        "survey_satisfied",
        "survey_answered",
        _NO_ANSWER,
        N_(
            "非常满意、满意、基本满意的工单 ÷ 作出评价的工单；"
            "按最近一次办结的评价计，何时作出都算。"
        ),
        sampled=True,
    ),
    Metric(
        "V5",
        N_("满意率（严）"),
        RESOLVED,
        "survey_pleased",
        "survey_answered",
        _NO_ANSWER,
        N_("非常满意、满意的工单 ÷ 作出评价的工单；按最近一次办结的评价计，何时作出都算。"),
        sampled=True,
    ),
    Metric(
        "V6",
        N_("满意率（总体下限）"),
        RESOLVED,
        "base_satisfied",
        "survey_base",
        _NOT_ASKED,
        N_(
            "非常满意、满意、基本满意的工单 ÷ 应回访的工单；没有评价不算满意；"
            "应回访 = 本期办结 − 匿名 − 涉险免访。"
        ),
        sampled=True,
    ),
)
BY_CODE: Final = {metric.code: metric for metric in METRICS}
