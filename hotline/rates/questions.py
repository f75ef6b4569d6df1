"""What is asked of the rates: a period, a part of the unit tree, and who may ask it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, String, and_, cast, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from hotline.core.errors import Forbidden, Invalid, NotFound
from hotline.core.roles import Actor
from hotline.core.time import of_our_age
from hotline.core.words import N_
from hotline.rates import hourly
from hotline.rates.cohorts import Cohort, days
from hotline.rates.fact import LIMITS
from hotline.rates.models import DailyCount, DailyCut
from hotline.units import queries as units
from hotline.units.models import Unit

COLUMNS: Final = {
    "region": DailyCount.region_code,
    "category": DailyCount.category_code,
    "channel": DailyCount.channel,
}
CUTS: Final = ("operator", "language", "hour")
WEEKDAYS: Final = tuple("0123456")  # from Monday
HOURS: Final = tuple(f"{hour:02d}" for hour in range(hourly.MOST))
SOON: Final = 15
SHORT: Final = 5
DEFAULTS: Final = {"soon": SOON, "short": SHORT}


@dataclass(frozen=True)
class Question:
    """Days from *first* to *last*, both included, and what to keep to.

    Attributes:
        unit: The code of a unit, with those below it; None for all that the asker sees.
        alone: That unit without those below it.
        region: One division; "" for what has none yet. So with category and channel.
        operator: One person's id, who spoke with the worker; "" for what came without a call.
        language: One language of calls, and `hour` one hour of the day. Of these three one may
            be kept to, and beside it a unit: see `DailyCut`.
        weekday: That hour of one day of the week alone, 0 for Monday.
        soon: Within how many seconds an answer is a good one (GB/T 33358-2016 says 15).
        short: Within how many seconds a caller who hangs up did not wait.
    """

    first: dt.date
    last: dt.date
    unit: str | None = None
    alone: bool = False
    region: str | None = None
    category: str | None = None
    channel: str | None = None
    operator: str | None = None
    language: str | None = None
    hour: str | None = None
    weekday: str | None = None
    soon: int = SOON
    short: int = SHORT

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins, and what was not counted together."""
        if self.last < self.first:
            raise Invalid({"to": N_("结束日期早于开始日期")})
        cuts = [name for name in CUTS if getattr(self, name) is not None]
        if cuts and len(cuts) + len(self.chosen()) > 1:
            raise Invalid({cuts[-1]: N_("座席、语言、时段只能选其一，且不与地区、类别、渠道同选")})
        if self.hour and self.hour not in HOURS:
            raise Invalid({"hour": N_("请写 00 到 23 之间的小时")})
        if self.weekday is not None and (not self.hour or self.weekday not in WEEKDAYS):
            raise Invalid({"weekday": N_("请写 0（周一）到 6（周日），并写明时段")})
        for name, seconds in self.limits.items():
            if seconds not in LIMITS:
                raise Invalid({name: N_("请写 1 到 30 之间的整秒数")})

    @property
    def limits(self) -> dict[str, int]:
        """Return the limits of time by name, in seconds."""
        return {name: getattr(self, name) for name in DEFAULTS}

    def parts(self) -> dict[str, str]:
        """Return the question as the parts of an address, from which `read` makes it again."""
        texts = {"from": str(self.first), "to": str(self.last), **self.chosen()}
        if self.cut is not None:
            texts |= dict([self.cut])
        for name in ("weekday", "unit"):
            if (value := getattr(self, name)) is not None:
                texts[name] = value
        for name, seconds in self.limits.items():
            if seconds != DEFAULTS[name]:
                texts[name] = str(seconds)
        return texts | {"alone": "1"} if self.alone else texts

    def chosen(self) -> dict[str, str]:
        """Return the dimensions that are kept to, beside the unit."""
        given = {name: getattr(self, name) for name in COLUMNS}
        return {name: value for name, value in given.items() if value is not None}

    @property
    def days(self) -> Sequence[dt.date]:
        """Return the days that are asked about."""
        return [
            day
            for day in days(self.first, self.last)
            if self.weekday is None or day.weekday() == int(self.weekday)
        ]

    @property
    def cut(self) -> tuple[str, str] | None:
        """Return the way of cutting that is kept to, and its key."""
        given = [(name, getattr(self, name)) for name in CUTS]
        return next(((name, key) for name, key in given if key is not None), None)


def read(texts: Mapping[str, str], today: dt.date) -> Question:
    """Read a question from the parts of an address; by default the month up to *today*.

    Raises:
        Invalid: A day is not one, the last is before the first, or a limit is none.
    """
    return Question(
        _day(texts, "from") or today.replace(day=1),
        _day(texts, "to") or today,
        unit=texts.get("unit") or None,
        alone=texts.get("alone") == "1",
        soon=_limit(texts, "soon"),
        short=_limit(texts, "short"),
        region=texts.get("region"),
        category=texts.get("category"),
        channel=texts.get("channel"),
        operator=texts.get("operator"),
        language=texts.get("language"),
        hour=texts.get("hour"),
        weekday=texts.get("weekday"),
    )


def _limit(texts: Mapping[str, str], name: str) -> int:
    text = texts.get(name)
    try:
        return int(text) if text else DEFAULTS[name]
    except ValueError as error:
        raise Invalid({name: N_("请写 1 到 30 之间的整秒数")}) from error


def _day(texts: Mapping[str, str], name: str) -> dt.date | None:
    text = texts.get(name)
    try:
        return of_our_age(dt.date.fromisoformat(text)) if text else None
    except ValueError as error:
        raise Invalid({name: N_("请写成 2026-11-23 这样的日期")}) from error


def path(session: Session, actor: Actor, question: Question) -> str:
    """Return the top of the part of the tree that is asked about.

    Raises:
        NotFound: There is no such unit, or it is outside the actor's part.
    """
    if question.unit is None:
        return actor.scope
    unit = units.unit(session, question.unit)
    if not actor.sees(unit.path):
        raise NotFound
    return unit.path


def kept(column: InstrumentedAttribute[int], top: str, question: Question) -> ColumnElement[bool]:
    """Return the condition that the unit in *column* is at *top*, or below it."""
    inside = Unit.path == top if question.alone else units.beneath(top)
    return column.in_(select(Unit.id).where(inside))


def counted(
    session: Session, actor: Actor, question: Question, way: str | None = None
) -> list[ColumnElement[bool]]:
    """Return the conditions on the rollup for what *actor* asks, as it is cut in *way* if given.

    Raises:
        NotFound: The unit is outside the actor's part of the tree.
        Forbidden: How single operators do is for those who see the hotline's centre.
        Invalid: It was not counted in this way together with what the question keeps to.
    """
    top = path(session, actor, question)
    table = DailyCut if way else DailyCount
    within = [
        table.day.between(question.first, question.last),
        kept(table.unit_id, top, question),
    ]
    if question.weekday is not None:
        within.append(table.day.in_(question.days))
    if way is None:
        return [*within, *(COLUMNS[name] == value for name, value in question.chosen().items())]
    if way == "operator" and not actor.sees(units.unit(session, "hotline").path):
        raise Forbidden
    cut = question.cut or (way, None)
    if cut[0] != way or question.chosen():
        raise Invalid({"group_by": N_("座席、语言、时段只能选其一，且不与地区、类别、渠道同选")})
    return [*within, DailyCut.way == way, *([] if cut[1] is None else [DailyCut.key == cut[1]])]


def listed(
    session: Session, actor: Actor, cohort: Cohort, question: Question
) -> list[ColumnElement[bool]] | None:
    """Return the conditions on the rows themselves; None where no row can fit.

    Rows without a unit of their own, such as calls, are the hotline's.

    Raises:
        NotFound: The unit is outside the actor's part of the tree.
        Forbidden: How single operators do is for those who see the hotline's centre.
    """
    top = path(session, actor, question)
    columns = cohort.dimensions.columns()
    conditions = _cut(session, actor, cohort, question)
    if cohort.dimensions.unit is not None:
        conditions.append(kept(cohort.dimensions.unit, top, question))
    elif not _holds_centre(session, top, question):
        return None
    for name, value in question.chosen().items():
        if name in columns:
            conditions.append(columns[name] == value if value else columns[name].is_(None))
        elif value:
            return None
    return conditions


def _cut(
    session: Session, actor: Actor, cohort: Cohort, question: Question
) -> list[ColumnElement[bool]]:
    """Return the condition for the operator, language or hour that is kept to, if any."""
    if question.cut is None:
        return []
    way, key = question.cut
    if way == "operator" and not actor.sees(units.unit(session, "hotline").path):
        raise Forbidden
    if way == "hour":
        return [_at(cohort, key, question)]
    given = getattr(cohort.dimensions, way)
    if given is None:
        return [false() if key else true()]
    return [cast(given, String) == key if key else given.is_(None)]


def _at(cohort: Cohort, key: str, question: Question) -> ColumnElement[bool]:
    """Return the condition for one hour of each day; what has only a day has no hour."""
    if cohort.dated or not key:
        return false() if cohort.dated is bool(key) else true()
    spans = [hourly.span(day, int(key)) for day in question.days]
    return or_(
        false(), *(and_(cohort.moment >= since, cohort.moment < until) for since, until in spans)
    )


def _holds_centre(session: Session, top: str, question: Question) -> bool:
    centre = units.unit(session, "hotline").path
    return centre == top if question.alone else centre.startswith(top)
