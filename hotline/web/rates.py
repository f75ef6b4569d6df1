"""The rates with what stands behind them: numbers, exclusions, definitions, rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from hotline.core.db import Session, reading
from hotline.core.doors import current_actor, permits
from hotline.core.language import _, gettext, local
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.rates import evidence, formulas, groups, outliers, queries, questions
from hotline.rates.formulas import Rate
from hotline.rates.groups import Group
from hotline.rates.questions import Question
from hotline.rates.words import COHORTS, LIMITS, REASONS
from hotline.units import queries as units
from hotline.web import charts

bp = Blueprint("rates", __name__, url_prefix="/rates")

PAGE: Final = 50
TARGET: Final = 0.95  # of 24 hours' calls: the national target for the answer rate
ON_THE_CHART: Final = ("C1", "T4", "V4")
IN_THE_TABLE: Final = ("C1", "C3", "T1", "T2", "T4", "V4", "V6")
OF_OPERATORS: Final = ("C5a", "C9", "C10", "C12", "V3", "V4", "V6", "V11", "V12")
STANDS_OUT: Final = {"V3": outliers.low, "V12": outliers.high}  # who asks only the contented
GOES_WITH: Final = {"hour": ("weekday",)}  # what means nothing without it
LIMIT_CHOICES: Final = (3, 5, 10, 15, 20, 30)  # seconds; the address takes every step there is
WAYS: Final = {
    "": N_("不分组"),
    "unit": N_("单位"),
    "region": N_("地区"),
    "category": N_("类别"),
    "channel": N_("渠道"),
    "operator": N_("座席"),
    "language": N_("语言"),
    "hour": N_("时段"),
    "day": N_("日期"),
}

WORDS: Final[dict[str, Any]] = {
    "ways": WAYS,
    "kept_ways": {**WAYS, "weekday": N_("星期")},
    "cohorts": COHORTS,
    "reasons": REASONS,
    "limits": LIMITS,
    "limit_choices": LIMIT_CHOICES,
    "stock_bands": (N_("7 天以内"), N_("8 至 30 天"), N_("31 至 90 天"), N_("90 天以上")),
}


@bp.get("")
@permits(Permission.RATES)
def show() -> ResponseReturnValue:
    """Show every rate of a period, the days of it, and one grouping."""
    way = request.args.get("group_by") or None
    with reading() as session:
        question = _question()
        found = _answers(session, question, way)
        return render_template(
            "rates/show.html",
            way=way or "",
            columns=OF_OPERATORS if way == "operator" else IN_THE_TABLE,
            kept=_kept(session, question),
            few=formulas.FEW,
            **found,
            **WORDS,
        )


@bp.get("/rows")
@permits(Permission.RATES)
def rows() -> ResponseReturnValue:
    """Show the calls or tickets that a number counts."""
    fact = evidence.fact(request.args.get("fact", ""))
    question, cursor = _question(), request.args.get("cursor")
    with reading() as session:
        page = evidence.rows(session, current_actor(), fact, question, cursor, PAGE)
        return render_template(
            "rates/rows.html",
            fact=fact,
            question=question,
            kept=_kept(session, question),
            page=page,
            units=units.units_by_ids(session, {row.unit_id for row in page.items if row.unit_id}),
            **WORDS,
        )


def _answers(session: Session, question: Question, way: str | None) -> dict[str, Any]:
    actor = current_actor()
    report = queries.rates(session, actor, question)
    daily = queries.rates(session, actor, question, "day").groups
    parts = queries.rates(session, actor, question, way).groups if way else []
    return {
        "report": report,
        "whole": report.groups[0],
        "worst": queries.worst_window(session, actor, report.question, now=utcnow()),
        "stock": queries.stock(session, actor, report.question),
        "chart": _chart(daily),
        "parts": parts,
        "outliers": _outliers(parts) if way == "operator" else {},
        "branches": units.below(session, actor.scope),
    }


def _outliers(parts: Sequence[Group]) -> dict[str, set[str]]:
    """Return by code who stands out among the operators; what has none is nobody's."""
    rates = {part.key: {rate.metric.code: rate for rate in part.rates} for part in parts}
    people = {key: mine for key, mine in rates.items() if key}
    return {
        code: stands_out(
            {key: (mine[code].numerator, mine[code].denominator) for key, mine in people.items()}
        )
        for code, stands_out in STANDS_OUT.items()
    }


@dataclass(frozen=True)
class Kept:
    """One thing the figures keep to: its way, key and name, and the question without it."""

    way: str
    key: str
    name: str
    name_en: str | None
    rest: dict[str, str]


def _kept(session: Session, question: Question) -> list[Kept]:
    parts = question.parts()
    return [
        Kept(
            way,
            parts[way],
            *names,
            {name: parts[name] for name in parts if name not in (way, *GOES_WITH.get(way, ()))},
        )
        for way, names in groups.kept_to(session, question).items()
    ]


def _question() -> Question:
    return questions.read(request.args, local(utcnow()).date())


def _chart(days: Sequence[Group]) -> Markup:
    """Draw the three rates day by day."""
    by_code = [{rate.metric.code: rate for rate in day.rates} for day in days]
    series = [_series(code, [rates[code] for rates in by_code]) for code in ON_THE_CHART if days]
    chart = charts.Chart(
        _("每日三率"),
        _("人工接通率、按时办结率和满意率，按天；虚线是人工接通率的国家标准 95%%。"),
        [day.key[5:] for day in days],
        series,
        most=1,
        percent=True,
        target=TARGET,
        width=1120,
    )
    return charts.lines(chart)


def _series(code: str, rates: Sequence[Rate]) -> charts.Series:
    name = gettext(rates[0].metric.name)
    return charts.Series(
        f"{code} {name}", [rate.value for rate in rates], [rate.printed for rate in rates]
    )
