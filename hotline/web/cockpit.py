"""The leader's cockpit: eight rates with their rows, where, when, of what, and of whom."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from hotline.bulletins import periods
from hotline.bulletins.periods import KINDS, Period, PeriodKind
from hotline.core.db import Session, reading
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid, NotFound
from hotline.core.language import gettext, local
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.deadlines.telling import WEEKDAYS
from hotline.rates.filling import fill
from hotline.rates.formulas import Rate
from hotline.rates.groups import Group
from hotline.rates.metrics import BY_CODE
from hotline.rates.questions import Question
from hotline.reports import cockpit, places
from hotline.reports.cockpit import Cockpit
from hotline.units import queries as units
from hotline.web import charts, forms

bp = Blueprint("cockpit", __name__, url_prefix="/cockpit")

OF_A_PLACE: Final = ("T1", "T4", "V4")
LINES: Final = ("C1", "T4", "V4")
CATEGORIES: Final = 10
SPANS: Final = {
    PeriodKind.DAY: N_("日度"),
    PeriodKind.WEEK: N_("周度"),
    PeriodKind.MONTH: N_("月度"),
    PeriodKind.YEAR: N_("年度"),
}


class Place(NamedTuple):
    """One tile of the map, or one division in a list: how many tickets, and its rates."""

    code: str
    called: Any
    received: int
    open: int
    shade: int
    rates: Mapping[str, Rate]
    question: Question
    at: tuple[int, int] = (0, 0)


@bp.get("")
@permits(Permission.RATES)
def show() -> ResponseReturnValue:
    """Show the period that the address names; by default this week."""
    period, now = period_asked(), utcnow()
    with reading() as session:
        found = cockpit.cockpit(session, current_actor(), period, _unit(), now=now)
        return render_template("cockpit/show.html", **_shown(session, found, period))


@bp.get("/places/<tile>")
@permits(Permission.RATES)
def place(tile: str) -> ResponseReturnValue:
    """Show the banners of a tile of the map."""
    if tile not in places.TILES:
        raise NotFound
    period, now = period_asked(), utcnow()
    with reading() as session:
        found = cockpit.cockpit(session, current_actor(), period, _unit(), now=now)
        return render_template(
            "cockpit/place.html",
            tile=units.region(session, tile),
            divisions=_banners(session, found, tile),
            cockpit=found,
            period=period,
            columns=OF_A_PLACE,
            **addresses(period),
        )


def period_asked() -> Period:
    """Return the period that the address names; by default this week.

    Raises:
        Invalid: The kind or the day is none.
    """
    kind = forms.member(PeriodKind, request.args.get("kind") or PeriodKind.WEEK.value)
    if kind is None:
        raise Invalid({"kind": N_("只能是 day、week、month 或 year")})
    asked = forms.day_of(request.args, "on") if request.args.get("on") else local(utcnow()).date()
    return periods.of(kind, asked)


def _unit() -> str | None:
    return request.args.get("unit") or None


def addresses(period: Period) -> dict[str, Any]:
    """Return where the period's neighbours are, and the parts of the address that stay."""
    after = periods.of(period.kind, period.last + periods.DAY)
    today = local(utcnow()).date()
    return {
        "spans": SPANS,
        "reports": KINDS,
        "unit": _unit(),
        "earlier": period.before.first,
        "later": after.first if after.first <= today else None,
        "on": min(period.last, max(today, period.first)),
    }


def _shown(session: Session, found: Cockpit, period: Period) -> dict[str, Any]:
    reads_tickets = current_actor().may(Permission.TICKET_READ)
    return {
        "cockpit": found,
        "period": period,
        "tiles": _tiles(session, found),
        "unknown": _unknown(found),
        "days": _days(found.days) if len(found.days) > 1 else None,
        "weekdays": WEEKDAYS,
        "shade": places.shade,
        "hottest": max((n for row in found.heat for n in row), default=0),
        "categories": _categories(found.categories),
        "employers": cockpit.employers(session, current_actor(), found.question)
        if reads_tickets
        else None,
        "money": cockpit.money(session, current_actor(), found.question),
        "branches": units.below(session, current_actor().scope),
        **addresses(period),
    }


def _tiles(session: Session, found: Cockpit) -> Sequence[Place]:
    counts = places.gathered({group.key: group.counts for group in found.regions})
    most = max(
        (counts[tile].get("received_counted", 0) for tile in places.TILES if tile in counts),
        default=0,
    )
    names = {region.code: region for region in units.regions(session)}
    return [
        _place(tile, names[tile], counts.get(tile, {}), most, found.question, at)
        for tile, at in sorted(places.TILES.items(), key=lambda one: (one[1][1], one[1][0]))
    ]


def _place(
    code: str,
    called: Any,
    counts: Mapping[str, int],
    most: int,
    question: Question,
    at: tuple[int, int] = (0, 0),
) -> Place:
    received = counts.get("received_counted", 0)
    return Place(
        code,
        called,
        received,
        counts.get("received_open", 0),
        places.shade(received, most),
        {code: fill(BY_CODE[code], counts, question) for code in OF_A_PLACE},
        question,
        at,
    )


def _banners(session: Session, found: Cockpit, tile: str) -> Sequence[Place]:
    parts = {group.key: group.counts for group in found.regions}
    names = {region.code: region for region in units.regions(session)}
    inside = places.inside(tile, list(names))
    most = max((parts.get(code, {}).get("received_counted", 0) for code in inside), default=0)
    made = [
        _place(code, names[code], parts.get(code, {}), most, cockpit.within(found.question, code))
        for code in inside
    ]
    return sorted(made, key=lambda one: (-one.received, one.code))


def _unknown(found: Cockpit) -> int:
    """Return how many tickets stand on no tile: without a division, or only with the region."""
    return sum(
        group.counts.get("received_counted", 0)
        for group in found.regions
        if places.tile_of(group.key) == places.UNKNOWN
    )


def _categories(groups: Sequence[Group]) -> Sequence[tuple[Group, int, int]]:
    """Return the largest categories with their tickets, and their length as a bar of 100."""
    counted = [(one, one.counts.get("received_counted", 0)) for one in groups]
    largest = sorted((c for c in counted if c[1]), key=lambda c: (-c[1], c[0].key))[:CATEGORIES]
    most = max((n for _, n in largest), default=0)
    return [(one, n, round(100 * n / most)) for one, n in largest]


def _days(days: Sequence[Group]) -> Markup:
    by_code = [{rate.metric.code: rate for rate in day.rates} for day in days]
    series = [
        charts.Series(
            f"{code} {gettext(BY_CODE[code].name)}",
            [rates[code].value for rates in by_code],
            [rates[code].printed for rates in by_code],
        )
        for code in LINES
    ]
    about = gettext(N_("本期每天的接通率、按时办结率和满意率；没有分母的日子断开。"))
    labels = [day.key[5:] for day in days]
    title = gettext(N_("每日走势"))
    return charts.lines(charts.Chart(title, about, labels, series, most=1, percent=True))
