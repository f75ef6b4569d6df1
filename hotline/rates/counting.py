"""Counting a day: from the rows, and comparing with what the rollup says."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Table, bindparam, func, insert, select
from sqlalchemy.orm import Session

from hotline.rates import facts
from hotline.rates.cohorts import Cohort
from hotline.rates.models import DailyCount
from hotline.units import queries as units


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


def count(session: Session, cohort: Cohort, day: dt.date) -> Counts:
    """Count each fact of *cohort* on *day* from the rows themselves."""
    known = facts.of(cohort)
    columns = cohort.dimensions.columns()
    centre = units.unit(session, "hotline").id
    rows = session.execute(
        select(*columns.values(), *(func.count().filter(fact.where) for fact in known))
        .select_from(cohort.source)
        .where(cohort.within(day, day))
        .group_by(*columns.values())
    )
    counts = {}
    for row in rows:
        given = dict(zip(columns, row, strict=False))
        for fact, n in zip(known, row[len(columns) :], strict=True):
            if n:
                counts[_key(fact.name, given, centre)] = n
    return counts


def _key(fact: str, given: Mapping[str, object], centre: int) -> Key:
    unit = given.get("unit", centre)
    words = (str(given.get(name) or "") for name in ("region", "category", "channel"))
    return Key(fact, int(str(unit)), *words)


def stored(session: Session, cohort: Cohort, day: dt.date) -> Counts:
    """Return what the rollup says of *cohort* on *day*."""
    names = [fact.name for fact in facts.of(cohort)]
    rows = session.execute(
        select(*(getattr(DailyCount, name) for name in Key._fields), DailyCount.n).where(
            DailyCount.fact.in_(names), DailyCount.day == day
        )
    )
    return {Key(*row[:-1]): row[-1] for row in rows}


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
