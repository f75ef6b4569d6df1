"""Counting a day: from the rows, and comparing with what the rollup says."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import ColumnElement, Delete, Table, bindparam, func, insert, select
from sqlalchemy.orm import Session

from hotline.rates import facts, hourly
from hotline.rates.cohorts import Cohort
from hotline.rates.models import DailyCount, DailyCut
from hotline.units import queries as units

STEP: Final = "step"  # a computed column is grouped by its name, or its parameters differ


class Key(NamedTuple):
    """What a count is of, beside its day."""

    fact: str
    unit_id: int
    region_code: str
    category_code: str
    channel: str


class Cut(NamedTuple):
    """What a count of `DailyCut` is of, beside its day."""

    way: str
    fact: str
    key: str
    unit_id: int


TABLES: Final[dict[type[Key | Cut], type[DailyCount | DailyCut]]] = {
    Key: DailyCount,
    Cut: DailyCut,
}


class Difference(NamedTuple):
    """A count that was stored as one number and is another."""

    day: dt.date
    key: Key | Cut
    stored: int
    counted: int


Counts = Mapping[Key | Cut, int]
Counted = tuple[str, Mapping[str, object], int | None]  # what, of which dimensions, how often


def count(session: Session, cohort: Cohort, day: dt.date) -> Counts:
    """Count each fact of *cohort* on *day* from the rows themselves."""
    counted = [*_facts(session, cohort, day)]
    if not counted:
        return {}
    centre = units.unit(session, "hotline").id
    found: dict[Key | Cut, int] = defaultdict(int)
    for name, given, n in (*counted, *_lengths(session, cohort, day)):
        if n:
            for key in _keys(name, given, centre):
                found[key] += int(n)
    return found


def _parts(cohort: Cohort, day: dt.date) -> dict[str, ColumnElement[Any]]:
    """Return what the rows of *day* are counted by, each by the name it is grouped by."""
    columns = cohort.dimensions.columns() | {
        "operator": cohort.dimensions.operator,
        "language": cohort.dimensions.language,
        "hour": None if cohort.dated else hourly.of(day, cohort.moment),
    }
    return {name: one.label(f"by_{name}") for name, one in columns.items() if one is not None}


def _facts(session: Session, cohort: Cohort, day: dt.date) -> Iterator[Counted]:
    """Count, or sum, the facts in one pass over the day's rows."""
    known, columns = facts.of(cohort), _parts(cohort, day)
    for row in session.execute(
        select(*columns.values(), *(fact.counted for fact in known))
        .select_from(cohort.source)
        .where(cohort.within(day, day))
        .group_by(*(column.name for column in columns.values()))
    ):
        given = dict(zip(columns, row, strict=False))
        for fact, n in zip(known, row[len(columns) :], strict=True):
            yield fact.name, given, n


def _lengths(session: Session, cohort: Cohort, day: dt.date) -> Iterator[Counted]:
    """Count the rows of each histogram by their step."""
    columns = _parts(cohort, day)
    for histogram in facts.histograms(cohort):
        for row in session.execute(
            select(*columns.values(), histogram.seconds.label(STEP), func.count())
            .select_from(cohort.source)
            .where(cohort.within(day, day), histogram.where)
            .group_by(*(column.name for column in columns.values()), STEP)
        ):
            given = dict(zip(columns, row, strict=False))
            yield histogram.name_of(row[-2]), given, row[-1]


def _keys(fact: str, given: Mapping[str, Any], centre: int) -> Iterator[Key | Cut]:
    """Yield under what a row is counted: once as a whole, and once in each way it is cut."""
    unit = int(given.get("unit", centre))
    region, category, channel = (
        str(given.get(name) or "") for name in ("region", "category", "channel")
    )
    yield Key(fact, unit, region, category, channel)
    yield Cut("operator", fact, str(given.get("operator") or ""), unit)
    yield Cut("language", fact, str(given.get("language") or ""), unit)
    hour = given.get("hour")
    yield Cut("hour", fact, "" if hour is None else f"{hour:02d}", unit)


def stored(session: Session, cohort: Cohort, day: dt.date) -> Counts:
    """Return what the rollup says of *cohort* on *day*."""
    names = _names(cohort)
    return {
        kind(*row[:-1]): row[-1]
        for kind, table in TABLES.items()
        for row in session.execute(
            select(*(getattr(table, name) for name in kind._fields), table.n).where(
                table.fact.in_(names), table.day == day
            )
        )
    }


def _names(cohort: Cohort) -> Sequence[str]:
    known = [fact.name for fact in facts.of(cohort)]
    steps = [name for histogram in facts.histograms(cohort) for name in histogram.names()]
    return [*known, *steps]


def differences(session: Session, cohort: Cohort, day: dt.date) -> list[Difference]:
    """Return where the rollup of *day* departs from the rows."""
    was, now = stored(session, cohort, day), count(session, cohort, day)
    return [
        Difference(day, key, was.get(key, 0), now.get(key, 0))
        for key in sorted(was.keys() | now.keys(), key=lambda key: (len(key), key))
        if was.get(key, 0) != now.get(key, 0)
    ]


def repair(session: Session, found: Sequence[Difference]) -> None:
    """Make the rollup say what was counted."""
    for kind, table in TABLES.items():
        mine = [one for one in found if isinstance(one.key, kind)]
        gone = [_named(one) for one in mine if one.stored]
        new = [_named(one) | {"n": one.counted} for one in mine if one.counted]
        if gone:
            session.execute(
                _REMOVE[kind], [{f"old_{name}": row[name] for name in row} for row in gone]
            )
        if new:
            session.execute(insert(table), new)


def _named(one: Difference) -> dict[str, Any]:
    return {"day": one.day, **one.key._asdict()}


def _remove(table: Table) -> Delete:
    same = (column == bindparam(f"old_{column.name}") for column in table.primary_key)
    return table.delete().where(*same)


_REMOVE: Final = {kind: _remove(cast("Table", one.__table__)) for kind, one in TABLES.items()}
