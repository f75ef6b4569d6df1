"""Further tables of reports: by hour, channel against demand, surveys, money recovered."""

from collections.abc import Mapping, Sequence
from typing import Final

from hotline.core.language import gettext
from hotline.core.words import N_
from hotline.money.amounts import yuan
from hotline.rates.formulas import Rate, percent
from hotline.rates.groups import Group
from hotline.reports.document import Cell, Table
from hotline.reports.tables import RECEIVED, Numbers, called, columns, growth, named

CALLS: Final = ("calls_inbound", "calls_queued", "calls_answered")
OF_AN_HOUR: Final = ("C1", "C3", "C5b", "C7")
SURVEYS: Final = (
    *("V1", "V2", "V3", "V4", "V5", "V6", "V7", "V7-last", "V8", "V11", "V12", "V13"),
    *("V4-hotline", "V4-unit", "V10-sms", "V10-keypress", "V10-call", "V10-person"),
)
CLASSES: Final = (
    *(("scored_1", N_("非常满意")), ("scored_2", N_("满意")), ("scored_3", N_("基本满意"))),
    *(("scored_4", N_("不满意")), ("scored_5", N_("非常不满意"))),
    *(("survey_unreachable", N_("未联系上")), ("survey_refused", N_("拒绝评价"))),
    *(("survey_anonymous", N_("匿名")), ("survey_exempt", N_("涉险免访"))),
    ("survey_waiting", N_("尚未回访")),
)
DEMANDS: Final = (
    *(("received_inquiry", N_("问题咨询")), ("received_complaint", N_("信访投诉"))),
    *(("received_legal", N_("法律服务")), ("received_suggestion", N_("意见建议"))),
    *(("received_help", N_("帮扶救助")), ("received_praise", N_("感谢表扬"))),
    *(("received_other", N_("其他")), ("received_untyped", N_("未定"))),
)
MONEY: Final = (
    (N_("主张"), "claims", "sum_claimed"),
    (N_("核实"), "", "sum_verified"),
    (N_("约定"), "claims_agreed", "sum_agreed"),
    (N_("已到账（本期受理的诉求）"), "claims_paid", "sum_claim_paid"),
    (N_("本期到账"), "payments", "sum_paid"),
    (N_("其中：银行凭证"), "payments_by_bank", "sum_paid_by_bank"),
    (N_("其中：职工确认"), "payments_by_worker", "sum_paid_by_worker"),
    (N_("其中：单位陈述"), "payments_by_unit", "sum_paid_by_unit"),
)


def hours(numbers: Numbers) -> Table:
    """Show the calls of each hour of the day, and the callbacks owed from it."""
    parts = [one for one in numbers.now.parts.get("hour", ()) if one.key and _rang(one)]
    total = [gettext(N_("合计")), *_hour(numbers.now.whole)]
    return Table(
        gettext(N_("分时段接听")),
        columns(N_("时段"), N_("来电"), N_("进入人工队列"), N_("人工接听"), *OF_AN_HOUR),
        [*([called(one), *_hour(one)] for one in parts), total],
        total=True,
        drawn=(1, 3),
        upright=True,
    )


def _rang(group: Group) -> bool:
    return any(group.counts.get(fact) for fact in (*CALLS, "callbacks_possible"))


def _hour(group: Group) -> Sequence[Cell]:
    rates = {rate.metric.code: rate for rate in group.rates}
    return [
        *(group.counts.get(fact, 0) for fact in CALLS),
        *(rates[code].printed for code in OF_AN_HOUR),
    ]


def crossed(numbers: Numbers) -> Table:
    """Show what tickets ask for and by which channel they came, beside the periods before."""
    channels = [one for one in numbers.now.parts["channel"] if one.counts.get(RECEIVED)]
    periods = numbers.now.counts, numbers.before.counts, numbers.year_before.counts
    asked = [fact for fact, _ in DEMANDS if any(one.get(fact) for one in periods)]
    labels = {**dict(DEMANDS), RECEIVED: N_("合计")}
    return Table(
        gettext(N_("来源渠道 × 诉求类型")),
        [
            *columns(N_("类型")),
            *(called(one) for one in channels),
            *columns(N_("合计"), N_("占比"), N_("环比"), N_("同比")),
        ],
        [
            [gettext(labels[fact]), *(one.counts.get(fact, 0) for one in channels),
             *_compared(fact, *periods)]
            for fact in (*asked, RECEIVED)
        ],
        total=True,
    )  # fmt: skip


def _compared(fact: str, *periods: Mapping[str, int]) -> Sequence[Cell]:
    now, before, year = (counts.get(fact, 0) for counts in periods)
    share = percent(now, periods[0].get(RECEIVED, 0))
    return [now, share, growth(now, before), growth(now, year)]


def surveys(numbers: Numbers) -> Table:
    """Show what workers said, of how many, how sure that is, and who asked whom again."""
    rates = numbers.now.rates
    return Table(
        gettext(N_("回访与满意")),
        columns(
            N_("指标"), N_("比率"), N_("分子"), N_("分母"), N_("置信区间（Wilson）"), N_("上期")
        ),
        [_asked(rates[code], numbers.before.rates.get(code)) for code in SURVEYS if code in rates],
        note=gettext(N_("没有评价不算满意；未联系上、拒绝、匿名各自单列。")),
    )


def _asked(rate: Rate, before: Rate | None) -> Sequence[Cell]:
    ends = rate.interval
    sure = f"{100 * ends[0]:.1f}–{100 * ends[1]:.1f}%" if ends else ""
    then = before.printed if before else "–"
    return [named(rate), rate.printed, rate.numerator, rate.denominator, sure, then]


def classes(numbers: Numbers) -> Table:
    """Count every answer, and everybody who gave none, so that nobody is left out silently."""
    counts = {fact: numbers.now.counts.get(fact, 0) for fact, _ in CLASSES}
    settled = numbers.now.counts.get("settled", 0)
    return Table(
        gettext(N_("评价分布")),
        columns(N_("评价"), N_("工单"), N_("占办结")),
        [[gettext(label), counts[fact], percent(counts[fact], settled)] for fact, label in CLASSES],
        drawn=(1,),
    )


def recovered(numbers: Numbers) -> Table:
    """Show what was claimed, verified, agreed and paid, and on whose word it was paid (R63)."""
    counts = numbers.now.counts
    return Table(
        gettext(N_("追回欠薪")),
        columns(N_("项目"), N_("人次"), N_("金额（元）")),
        [
            [gettext(label), counts.get(rows, 0) if rows else "–", yuan(counts.get(sums, 0))]
            for label, rows, sums in MONEY
        ],
        note=gettext(N_("只有到账的钱才算追回；主张、核实、约定按工单受理时间，到账按到账日期。")),
    )
