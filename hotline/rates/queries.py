"""The numbers on every page, all from the rollup."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.roles import Actor
from hotline.deadlines.versions import Versions, versions
from hotline.rates import hourly
from hotline.rates.cohorts import day_of, days
from hotline.rates.facts import FACTS
from hotline.rates.filling import fill, needed
from hotline.rates.formulas import Rate
from hotline.rates.groups import Group, grouped, sums, total
from hotline.rates.hourly import Window
from hotline.rates.metrics import BY_CODE
from hotline.rates.models import RollupMark
from hotline.rates.questions import Question

BANDS: Final = (7, 30, 90)  # days: how old an open matter is
STOCK: Final = ("received_open", "received_suspended")
ON_THE_BOARD: Final = ("C1", "C3", "C5b", "T1", "T4", "V4", "V6")
COUNTED: Final = frozenset(FACTS) | needed(BY_CODE[code] for code in ON_THE_BOARD)
LONG_AGO: Final = dt.date(2000, 1, 1)  # before any hotline kept rows here


@dataclass(frozen=True)
class Report:
    """Every rate for one question, once or once a group.

    Attributes:
        as_of: When the rollup was last brought level with the rows; None before the first time.
        versions: The calendar and the limits that deadlines are counted by now.
    """

    question: Question
    as_of: dt.datetime | None
    groups: Sequence[Group]
    versions: Versions


@dataclass(frozen=True)
class Stock:
    """What is open of the tickets that came in a span of days, and how many of them wait."""

    question: Question
    open: int
    suspended: int


@dataclass(frozen=True)
class Today:
    """The supervisor's numbers of one day.

    Attributes:
        counts: How often each fact was true today.
        open_by_age: Open tickets by the days since they came: up to 7, 30, 90, and more.
        overdue: Tickets without a result whose deadline passed before today.
    """

    day: dt.date
    as_of: dt.datetime | None
    counts: Mapping[str, int]
    rates: Sequence[Rate]
    open_by_age: Sequence[int]
    overdue: int


@dataclass(frozen=True)
class DayOfTrend:
    """One day of a trend: what was counted, and the board's rates by code."""

    day: dt.date
    counts: Mapping[str, int]
    rates: Mapping[str, Rate]


def as_of(session: Session) -> dt.datetime | None:
    """Return when the rollup was last brought level with the rows."""
    return session.scalar(select(func.min(RollupMark.at)))


def rates(
    session: Session, actor: Actor, question: Question, group_by: str | None = None
) -> Report:
    """Answer *question* with every metric, once a group of *group_by*.

    Groups are `unit` (the branches below the unit asked about, and itself), `region`,
    `category`, `channel`, `operator`, `language`, `hour` or `day`; together they are the whole.

    Raises:
        NotFound: The unit is outside the actor's part of the tree.
        Forbidden: How single operators do is for those who see the hotline's centre.
        Invalid: There is no such grouping, or not of what the question keeps to.
    """
    groups = grouped(session, actor, question, group_by)
    return Report(question, as_of(session), groups, versions(session))


def worst_window(
    session: Session, actor: Actor, question: Question, *, now: dt.datetime
) -> Window | None:
    """Return the 24 hours of the period with the lowest answer rate (C1), whenever they began.

    Raises:
        NotFound: The unit is outside the actor's part of the tree.
    """
    found = by_hour(session, actor, question, (hourly.ANSWERED, hourly.QUEUED))
    return hourly.worst(found, question.first, question.last, now) if found else None


def by_hour(
    session: Session, actor: Actor, question: Question, facts: Collection[str]
) -> hourly.Counts:
    """Return how often each of *facts* was true, by day and hour of the day.

    Nothing where the question keeps to what was not counted by the hour as well.

    Raises:
        NotFound: The unit is outside the actor's part of the tree.
    """
    if question.chosen() or question.cut:
        return {}
    return sums(session, actor, question, facts, "day", "key", way="hour")


def stock(session: Session, actor: Actor, question: Question) -> Sequence[Stock]:
    """Return what is open of all that came up to the last day asked about, by age (T5).

    The limits of the bands are 7, 30 and 90 days before that day; suspended tickets are open.

    Raises:
        NotFound: The unit is outside the actor's part of the tree.
    """
    ends = [question.last - dt.timedelta(days=days) for days in BANDS]
    starts = [*ends, LONG_AGO]
    lasts = [question.last, *(end - dt.timedelta(days=1) for end in ends)]
    found = []
    for first, last in zip(starts, lasts, strict=True):
        asked = replace(question, first=min(first, last), last=last)
        counts = total(session, actor, asked, STOCK)
        found.append(Stock(asked, *(counts.get(name, 0) for name in STOCK)))
    return found


def today(session: Session, actor: Actor, *, now: dt.datetime) -> Today:
    """Return the numbers of the local day of *now*, and what is open from before."""
    day = day_of(now)
    counts = total(session, actor, (asked := Question(day, day)), COUNTED)
    before = Question(dt.date.min, day - dt.timedelta(days=1))
    late = total(session, actor, before, ["due_unsubmitted"])
    return Today(
        day,
        as_of(session),
        counts,
        [fill(BY_CODE[code], counts, asked) for code in ON_THE_BOARD],
        _open_by_age(session, actor, day),
        late.get("due_unsubmitted", 0),
    )


def _open_by_age(session: Session, actor: Actor, day: dt.date) -> Sequence[int]:
    found = sums(session, actor, Question(dt.date.min, day), ["received_open"], "day")
    ages = [0] * (len(BANDS) + 1)
    for received, counts in found.items():
        band = sum((day - received).days > limit for limit in BANDS)
        ages[band] += counts["received_open"]
    return ages


def trend(
    session: Session,
    actor: Actor,
    days_back: int,
    *,
    now: dt.datetime,
    facts: Collection[str] = COUNTED,
) -> Sequence[DayOfTrend]:
    """Return the last *days_back* local days up to that of *now*, each of them once."""
    last = day_of(now)
    first = last - dt.timedelta(days=days_back - 1)
    asked = Question(first, last)
    found = sums(session, actor, asked, facts, "day")
    return [
        DayOfTrend(
            day,
            counts := found.get(day, {}),
            {code: fill(BY_CODE[code], counts, asked) for code in ON_THE_BOARD},
        )
        for day in days(first, last)
    ]
