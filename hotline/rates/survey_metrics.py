"""The rates of surveys: what each divides, and what it says of itself."""

from typing import Final

from hotline.core.words import N_
from hotline.rates.formulas import Metric
from hotline.rates.words import RESOLVED

_NO_ANSWER: Final = {
    "unreachable": "survey_unreachable",
    "not_possible": "survey_not_possible",
    "waiting": "survey_waiting",
}
_NOT_ASKED: Final = {
    "anonymous": "survey_anonymous",
    "risk_exempt": "survey_exempt",
    "imported": "settled_imported",
}

SURVEYS: Final = (
    Metric(
        "V1",
        N_("应回访率"),
        RESOLVED,
        "survey_base",
        "settled",
        _NOT_ASKED,
        N_("应回访的工单 ÷ 本期办结的工单；应回访 = 本期办结 − 匿名 − 涉险免访。"),
    ),
    Metric(
        "V2",
        N_("回访率"),
        RESOLVED,
        "base_attempted",
        "survey_base",
        _NOT_ASKED,
        N_("至少回访过一次的工单 ÷ 应回访的工单。"),
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
    Metric(
        "V7",
        N_("首次满意率"),
        RESOLVED,
        "first_satisfied",
        "first_answered",
        {},
        N_("对第一次结果的首个评价为满意的工单 ÷ 第一次结果有评价的工单；重办后改口不算。"),
        sampled=True,
    ),
    Metric(
        "V7-last",
        N_("终次满意率"),
        RESOLVED,
        "last_satisfied",
        "ever_answered",
        {},
        N_("最后一个评价为满意的工单 ÷ 作出过评价的工单，不论在哪一次办结之后。"),
        sampled=True,
    ),
    *(
        Metric(code, name, RESOLVED, numerator, denominator, {}, definition, sampled=True)
        for code, name, numerator, denominator, definition in (
            (
                "V4-hotline",
                N_("对热线的满意率"),
                "hotline_satisfied",
                "hotline_rated",
                N_("对热线服务评价 1 至 3 的工单 ÷ 评价了热线服务的工单；与对结果的评价分开。"),
            ),
            (
                "V4-unit",
                N_("对承办单位的满意率"),
                "unit_satisfied",
                "unit_rated",
                N_("对承办单位评价 1 至 3 的工单 ÷ 评价了承办单位的工单；与对结果的评价分开。"),
            ),
            (
                "V8",
                N_("解决率（职工认定）"),
                "told_solved",
                "told_solution",
                N_("职工说已解决的工单 ÷ 职工答复了是否解决的工单；部分解决不算，另列。"),
            ),
            (
                "V8-partly",
                N_("部分解决率（职工认定）"),
                "told_partly",
                "told_solution",
                N_("职工说部分解决的工单 ÷ 职工答复了是否解决的工单；折半计入时由此得出。"),
            ),
            (
                "V11",
                N_("复核一致率"),
                "recheck_agreed",
                "rechecked",
                N_("另一人随机复核时答复相同（同为满意或同为不满意）的工单 ÷ 复核到的工单。"),
            ),
            (
                "V12",
                N_("“未联系上”推翻率"),
                "recheck_reached",
                "rechecked_vain",
                N_(
                    "被记为未联系上、另一人随机复核却联系上的工单 ÷ 复核过的未联系上的工单；"
                    "偏高说明有人没有真打电话。"
                ),
            ),
            (
                "V13",
                N_("单位来电后改评率"),
                "turned_after_call",
                "answered_anew",
                N_(
                    "此前不满意、单位来电后改为满意的工单 ÷ 此前不满意而再次作出评价的工单；"
                    "可能是问题解决了，也可能是被劝说，须抽查。"
                ),
            ),
            (
                "T7-told",
                N_("响应率（职工确认）"),
                "told_contacted",
                "told_contact",
                N_("职工确认承办单位联系过的工单 ÷ 职工答复了是否联系的工单。"),
            ),
        )
    ),
    *(
        Metric(
            f"V10-{channel}",
            name,
            RESOLVED,
            f"satisfied_by_{channel}",
            f"answered_by_{channel}",
            {},
            N_("经该渠道评价满意的工单 ÷ 经该渠道作出评价的工单；按最近一次办结的评价计。"),
            sampled=True,
        )
        for channel, name in (
            ("sms", N_("满意率（短信）")),
            ("keypress", N_("满意率（按键）")),
            ("call", N_("满意率（电话回访）")),
            ("person", N_("满意率（人工判读）")),
        )
    ),
)
