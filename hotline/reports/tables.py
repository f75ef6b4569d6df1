"""The tables that reports are put together from, each made of a snapshot's numbers alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hotline.bulletins.snapshot import Snapshot
from hotline.core.language import english, gettext
from hotline.core.words import N_
from hotline.rates.formulas import Rate, percent
from hotline.rates.groups import Group
from hotline.rates.words import REASONS
from hotline.reports.cockpit import Employer
from hotline.reports.document import Cell, Table

HEADLINES: Final = (
    *("C1", "C3", "C5b", "C7", "T1", "T2", "T4", "T10", "T11"),
    *("V3", "V4", "V6", "V8"),
)
FACTS: Final = (
    ("calls_inbound", N_("来电")),
    ("calls_queued", N_("进入人工队列")),
    ("calls_answered", N_("人工接听")),
    ("calls_abandoned", N_("队列中放弃")),
    ("callbacks_owed", N_("应回拨")),
    ("callbacks_met", N_("回拨闭环")),
    ("received_counted", N_("受理工单")),
    ("received_direct", N_("直接答复办结")),
    ("orders_standing", N_("派单数")),
    ("settled", N_("办结工单")),
    ("received_open", N_("本期受理未结")),
    ("due_unsubmitted", N_("本期到期未提交")),
)
BANDS: Final = (N_("7 天以内"), N_("8 至 30 天"), N_("31 至 90 天"), N_("90 天以上"))
FLOOR: Final = 0.85  # of satisfaction in weekly bulletins; domain, section 5
RECEIVED: Final = "received_counted"


@dataclass(frozen=True)
class Numbers:
    """What a report is made of: the period, the one before (环比), that of last year (同比)."""

    now: Snapshot
    before: Snapshot
    year_before: Snapshot

    @property
    def days(self) -> int:
        """Return how many days the period has, or has had so far."""
        return (self.now.question.last - self.now.question.first).days + 1


def volumes(numbers: Numbers) -> Table:
    """Count what came, was answered, taken on and settled, beside the periods before."""
    mean = (N_("日均"),) if numbers.days > 1 else ()  # of one day it says nothing more
    compared = N_("上期"), N_("环比"), N_("上年同期"), N_("同比")
    return Table(
        gettext(N_("总体情况")),
        columns(N_("项目"), N_("本期"), *mean, *compared),
        [_volume(numbers, fact, label) for fact, label in FACTS if _speaks_of(numbers, fact)],
    )


def _speaks_of(numbers: Numbers, name: str) -> bool:
    """Return whether a fact, or a rate, is of what is asked about: calls have no category."""
    return numbers.now.question.category is None or not name.lower().startswith("c")


def _volume(numbers: Numbers, fact: str, label: str) -> Sequence[Cell]:
    now, before, year = (
        one.counts.get(fact, 0) for one in (numbers.now, numbers.before, numbers.year_before)
    )
    mean = (f"{now / numbers.days:.1f}",) if numbers.days > 1 else ()
    return [gettext(label), now, *mean, before, growth(now, before), year, growth(now, year)]


def growth(now: int, before: int) -> str:
    """Write by how much *now* is more than *before*, in per cent of it; `–` after nothing."""
    return f"{100 * (now - before) / before:+.1f}%" if before else "–"


def headlines(numbers: Numbers) -> Table:
    """Show the rates that are published, each with both its numbers."""
    rates = numbers.now.rates
    codes = [code for code in HEADLINES if code in rates and _speaks_of(numbers, code)]
    return Table(
        gettext(N_("主要指标")),
        columns(N_("指标"), N_("比率"), N_("分子"), N_("分母"), N_("上期"), N_("上年同期")),
        [
            [
                named(rates[code]),
                rates[code].printed,
                rates[code].numerator,
                rates[code].denominator,
                _printed(numbers.before, code),
                _printed(numbers.year_before, code),
            ]
            for code in codes
        ],
        note=_worst(numbers.now) if _speaks_of(numbers, "C1") else "",
    )


def _worst(found: Snapshot) -> str:
    if found.worst is None:
        return ""
    text = N_("最差连续 24 小时接通率 %(share)s（%(n)s/%(all)s），国家标准为 95%%。")
    worst = found.worst
    return gettext(text, share=worst.printed, n=worst.answered, all=worst.queued)


def days(numbers: Numbers) -> Table:
    """Show each day."""
    return _parts(numbers, "day", N_("按日"), N_("日期"))


def channels(numbers: Numbers) -> Table:
    """Show from where tickets came."""
    return _parts(numbers, "channel", N_("来源渠道"), N_("渠道"))


def categories(numbers: Numbers) -> Table:
    """Show of what tickets are; those without a category stand among them."""
    return _parts(numbers, "category", N_("诉求分类"), N_("类别"))


def regions(numbers: Numbers) -> Table:
    """Show where tickets are from."""
    return _parts(numbers, "region", N_("地区分布"), N_("地区"))


def _parts(numbers: Numbers, way: str, title: str, first: str) -> Table:
    """Share out the tickets received; the parts sum up to the whole, none is left out silently."""
    whole = numbers.now.counts.get(RECEIVED, 0)
    before = {one.key: one.counts.get(RECEIVED, 0) for one in numbers.before.parts[way]}
    parts = [one for one in numbers.now.parts[way] if one.counts.get(RECEIVED)]
    if way != "day":
        parts.sort(key=lambda one: -one.counts[RECEIVED])
    rows = [_part(one, whole, before.get(one.key, 0)) for one in parts]
    settled = sum(one.counts.get("received_settled", 0) for one in parts)
    total: Sequence[Cell] = [
        gettext(N_("合计")),
        sum(one.counts[RECEIVED] for one in parts),
        percent(whole, whole),
        settled,
        numbers.now.counts.get(RECEIVED, 0) - settled,
        "" if way == "day" else numbers.before.counts.get(RECEIVED, 0),
    ]
    return Table(
        gettext(title),
        columns(first, N_("受理"), N_("占比"), N_("已办结"), N_("未办结"), N_("上期受理")),
        [*rows, total],
        total=True,
        drawn=(1, 3) if way == "day" else (1,),
        upright=way == "day",
    )


def _part(group: Group, whole: int, before: int) -> Sequence[Cell]:
    n, settled = group.counts[RECEIVED], group.counts.get("received_settled", 0)
    return [called(group), n, percent(n, whole), settled, n - settled, before]


def units(numbers: Numbers) -> Table:
    """Show how each unit did: orders, in time or not, settled or not, and who was dissatisfied."""
    total = [gettext(N_("合计")), *_unit(numbers.now.whole)[1:]]
    return Table(
        gettext(N_("各单位办理")),
        columns(
            N_("单位"),
            N_("派单数"),
            N_("原定到期"),
            N_("按时办结"),
            N_("未按时"),
            N_("办结率"),
            N_("按时率"),
            N_("评价"),
            N_("不满意"),
            N_("不满意率"),
            N_("低于底线"),
        ),
        [*(_unit(one) for one in numbers.now.parts["unit"]), total],
        note=gettext(N_("底线：参评满意率 %(share)s。"), share=f"{FLOOR:.0%}"),
        total=True,
        drawn=(1, 3),
    )


def _unit(group: Group) -> Sequence[Cell]:
    rates = {rate.metric.code: rate for rate in group.rates}
    due, rated = rates["T4"], rates["V4"]
    bad = rated.denominator - rated.numerator
    below = rated.value is not None and rated.value < FLOOR
    return [
        called(group),
        group.counts.get("orders_standing", 0),
        due.denominator,
        due.numerator,
        due.denominator - due.numerator,
        rates["T1"].printed,
        due.printed,
        rated.denominator,
        bad,
        percent(bad, rated.denominator),
        gettext(N_("低于")) if below else "",
    ]


def employers(found: Sequence[Employer]) -> Table:
    """Show whom many tickets of the period name."""
    return Table(
        gettext(N_("集中反映的用人单位")),
        columns(N_("用人单位"), N_("工单")),
        [[one.name, one.tickets] for one in found],
        note=gettext(N_("本期 3 件及以上")),
        drawn=(1,),
    )


def stock(numbers: Numbers) -> Table:
    """Show what is open, by age."""
    rows = zip(BANDS, numbers.now.stock, strict=True)
    return Table(
        gettext(N_("未结存量")),
        columns(N_("受理时间"), N_("未结"), N_("其中挂账")),
        [[gettext(band), one.open, one.suspended] for band, one in rows],
    )


def definitions(numbers: Numbers) -> Table:
    """Say what each rate means and what stands outside it: the page that goes with each report."""
    between = "; " if english() else "；"
    return Table(
        gettext(N_("公开口径说明")),
        columns(N_("指标"), N_("比率"), N_("分子"), N_("分母"), N_("口径"), N_("不计入")),
        [
            [
                named(rate),
                rate.printed,
                rate.total if rate.metric.mean or rate.metric.sums else rate.numerator,
                rate.whole if rate.metric.sums else rate.denominator,
                gettext(rate.metric.definition),
                between.join(f"{gettext(REASONS[one])} {n}" for one, n in rate.excluded.items()),
            ]
            for rate in numbers.now.whole.rates
            if _speaks_of(numbers, rate.metric.code)
        ],
    )


def named(rate: Rate) -> str:
    """Return a rate's code and name."""
    return f"{rate.metric.code} {gettext(rate.metric.name)}"


def _printed(found: Snapshot, code: str) -> str:
    rate = found.rates.get(code)
    return f"{rate.printed} ({rate.numerator}/{rate.denominator})" if rate else "–"


def called(group: Any) -> str:
    """Return what a part is called in the reader's language."""
    return gettext(str((english() and group.name_en) or group.name))


def columns(*labels: str) -> Sequence[str]:
    """Return the heads of columns in the reader's language."""
    return [gettext(label) for label in labels]


Section = Callable[[Numbers], Table]
