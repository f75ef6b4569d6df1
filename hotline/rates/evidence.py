"""The rows behind a number: what the rollup counted, one by one."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from hotline.core.errors import Forbidden, NotFound
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.roles import Actor
from hotline.rates.cohorts import Cohort, Kind, day_of, midnight
from hotline.rates.facts import FACTS, LIMITED, Fact, Limited
from hotline.rates.questions import Question, listed
from hotline.units import queries as units

ASKING: Final = frozenset({"base_attempted", "survey_waiting", "survey_unreachable"})


@dataclass(frozen=True)
class Row:
    """A call, callback, ticket or stretch of presence behind a number.

    It says where the row stands and nothing of its contents; the label, a ticket's
    number or a call's id, leads to those who may read them.
    """

    kind: Kind
    id: int
    label: str
    at: dt.datetime
    unit_id: int | None = None
    region: str | None = None
    category: str | None = None
    channel: str | None = None


def fact(name: str) -> Fact | Limited:
    """Return the fact called *name*.

    Raises:
        NotFound: There is none.
    """
    found = FACTS.get(name) or LIMITED.get(name)
    if found is None:
        raise NotFound
    return found


def _where(fact: Fact | Limited, question: Question) -> ColumnElement[bool]:
    if isinstance(fact, Limited):
        return fact.rule(question.limits[fact.limit])
    return fact.where


def rows(
    session: Session,
    actor: Actor,
    fact: Fact | Limited,
    question: Question,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Row]:
    """List the rows that *fact* counts for *question*, newest first, within the actor's units.

    Raises:
        NotFound: The unit is outside the actor's part of the tree.
        Forbidden: The rows say whose survey is under way, which a unit must not know (R60).
        Invalid: The cursor is not one of ours.
    """
    if fact.name in ASKING and not actor.sees(units.unit(session, "hotline").path):
        raise Forbidden
    cohort = fact.cohort
    kept = listed(session, actor, cohort, question)
    if kept is None:
        return Page([], None)
    columns = cohort.dimensions.columns()
    found = session.execute(
        select(cohort.id, cohort.label, cohort.moment, *columns.values())
        .select_from(cohort.source)
        .where(cohort.within(question.first, question.last), _where(fact, question), *kept)
        .where(*_after(cohort, cursor))
        .order_by(cohort.moment.desc(), cohort.id.desc())
        .limit(limit + 1)
    )
    names = ["unit_id" if name == "unit" else name for name in columns]
    made = [
        Row(cohort.kind, key, str(label), _at(at), **dict(zip(names, values, strict=True)))
        for key, label, at, *values in found
    ]
    return cut(made, limit, lambda row: [row.at, row.id])


def _at(moment: dt.datetime | dt.date) -> dt.datetime:
    return moment if isinstance(moment, dt.datetime) else midnight(moment)


def _after(cohort: Cohort, cursor: str | None) -> list[ColumnElement[bool]]:
    key = read_cursor(cursor, dt.datetime, int)
    if key is None:
        return []
    moment, last = key
    at = day_of(moment) if cohort.dated else moment
    return [tuple_(cohort.moment, cohort.id) < (at, last)]
