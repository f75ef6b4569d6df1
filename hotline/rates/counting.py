"""Counting a day: from the rows, and comparing with what the rollup says."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Table, bindparam, func, insert, select
from sqlalchemy.orm import Session

from hotline.rates import facts, hourly
from hotline.rates.cohorts import Cohort
from hotline.rates.models import DailyCount
from hotline.units import queries as units

STEP: Final = "step"  # a computed column is grouped by its name, or its parameters differ


class Key(NamedTuple):
    """What a count is of, beside its day."""

    fact: str
    unit_id: int
    region_code: str
    category_code: str
    channel: str


class Difference(NamedTuple):
    """A count that was stored as one number and is another."""

    day: dt.date
    key: Key
    stored: int
    counted: int


Counts = Mapping[Key, int]
Counted = tuple[str, Mapping[str, object], int | None]  # what, of which dimensions, how often


def count(session: Session, cohort: Cohort, day: dt.date) -> Counts:
    """Count each fact of *cohort* on *day* from the rows themselves."""
    counted = [*_facts(session, cohort, day)]
    if not counted:
        return {}
    centre = units.unit(session, "hotline").id
    found: dict[Key, int] = defaultdict(int)
    for name, given, n in (
        *counted,
        *_lengths(session, cohort, day),
        *_hours(session, cohort, day),
    ):
        if n:
            found[_key(name, given, centre)] += int(n)
    return found


def _facts(session: Session, cohort: Cohort, day: dt.date) -> Iterator[Counted]:
    """Count, or sum, the facts in one pass over the day's rows."""
    known, columns = facts.of(cohort), cohort.dimensions.columns()
    for row in session.execute(
        select(*columns.values(), *(fact.counted for fact in known))
        .select_from(cohort.source)
        .where(cohort.within(day, day))
        .group_by(*columns.values())
    ):
        given = dict(zip(columns, row, strict=False))
        for fact, n in zip(known, row[len(columns) :], strict=True):
            yield fact.name, given, n


def _lengths(session: Session, cohort: Cohort, day: dt.date) -> Iterator[Counted]:
    """Count the rows of each histogram by their step."""
    columns = cohort.dimensions.columns()
    for histogram in facts.histograms(cohort):
        for row in session.execute(
            select(*columns.values(), histogram.seconds.label(STEP), func.count())
            .select_from(cohort.source)
            .where(cohort.within(day, day), histogram.where)
            .group_by(*columns.values(), STEP)
        ):
            given = dict(zip(columns, row, strict=False))
            yield histogram.name_of(row[-2]), given, row[-1]


def _hours(session: Session, cohort: Cohort, day: dt.date) -> Iterator[Counted]:
    """Count the facts that are kept by the hour as well."""
    known = [fact for fact in facts.of(cohort) if fact.name in hourly.KEPT]
    if not known:
        return
    hour = hourly.of(day, cohort.moment)
    for row in session.execute(
        select(hour.label(STEP), *(fact.counted for fact in known))
        .select_from(cohort.source)
        .where(cohort.within(day, day))
        .group_by(STEP)
    ):
        for fact, n in zip(known, row[1:], strict=True):
            yield hourly.name(fact.name, row[0]), {}, n


def _key(fact: str, given: Mapping[str, object], centre: int) -> Key:
    unit = given.get("unit", centre)
    words = (str(given.get(name) or "") for name in ("region", "category", "channel"))
    return Key(fact, int(str(unit)), *words)


def stored(session: Session, cohort: Cohort, day: dt.date) -> Counts:
    """Return what the rollup says of *cohort* on *day*."""
    names = _names(cohort)
    rows = session.execute(
        select(*(getattr(DailyCount, name) for name in Key._fields), DailyCount.n).where(
            DailyCount.fact.in_(names), DailyCount.day == day
        )
    )
    return {Key(*row[:-1]): row[-1] for row in rows}


def _names(cohort: Cohort) -> Sequence[str]:
    known = [fact.name for fact in facts.of(cohort)]
    steps = [name for histogram in facts.histograms(cohort) for name in histogram.names()]
    return [*known, *steps, *(name for fact in known for name in hourly.names(fact))]


def differences(session: Session, cohort: Cohort, day: dt.date) -> list[Difference]:
    """Return where the rollup of *day* departs from the rows."""
    was, now = stored(session, cohort, day), count(session, cohort, day)
    return [
        Difference(day, key, was.get(key, 0), now.get(key, 0))
        for key in sorted(was.keys() | now.keys())
        if was.get(key, 0) != now.get(key, 0)
    ]


def repair(session: Session, found: Sequence[Difference]) -> None:
    """Make the rollup say what was counted."""
    gone = [_named(one) for one in found if one.stored]
    new = [_named(one) | {"n": one.counted} for one in found if one.counted]
    if gone:
        session.execute(_REMOVE, [{f"old_{name}": row[name] for name in row} for row in gone])
    if new:
        session.execute(insert(DailyCount), new)


def _named(one: Difference) -> dict[str, Any]:
    return {"day": one.day, **one.key._asdict()}


_REMOVE: Final = (
    cast("Table", DailyCount.__table__)
    .delete()
    .where(
        *(column == bindparam(f"old_{column.name}") for column in DailyCount.__table__.primary_key)
    )
)
