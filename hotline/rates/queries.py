"""The numbers on every page, all from the rollup."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.roles import Actor
from hotline.rates.cohorts import day_of, days
from hotline.rates.facts import FACTS
from hotline.rates.formulas import Rate, fill
from hotline.rates.groups import Group, grouped, sums, total
from hotline.rates.metrics import BY_CODE
from hotline.rates.models import DailyCount, RollupMark
from hotline.rates.questions import Question

BANDS: Final = (7, 30, 90)  # days: how old an open matter is
ON_THE_BOARD: Final = ("C1", "C3", "C5b", "T1", "T4", "V4", "V6")
IN_A_TREND: Final = frozenset(FACTS)


@dataclass(frozen=True)
class Report:
    """Every rate for one question, once or once a group.

    Attributes:
        as_of: When the rollup was last brought level with the rows; None before the first time.
    """

    question: Question
    as_of: dt.datetime | None
    groups: Sequence[Group]


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
    `category`, `channel` or `day`; together they are the whole.

    Raises:
        NotFound: The unit is outside the actor's part of the tree.
        Invalid: There is no such grouping.
    """
    return Report(question, as_of(session), grouped(session, actor, question, group_by))


def worst_day(groups: Sequence[Group], code: str) -> tuple[str, Rate] | None:
    """Return the day with the lowest rate of metric *code* among *groups* by day."""
    made = [(group.key, rate) for group in groups for rate in group.rates]
    known = [(key, rate) for key, rate in made if rate.metric.code == code and rate.denominator]
    return min(known, key=lambda pair: pair[1].value or 0.0, default=None)


def today(session: Session, actor: Actor, *, now: dt.datetime) -> Today:
    """Return the numbers of the local day of *now*, and what is open from before."""
    day = day_of(now)
    counts = total(session, actor, Question(day, day), FACTS)
    before = Question(dt.date.min, day - dt.timedelta(days=1))
    late = total(session, actor, before, ["due_unsubmitted"])
    return Today(
        day,
        as_of(session),
        counts,
        [fill(BY_CODE[code], counts) for code in ON_THE_BOARD],
        _open_by_age(session, actor, day),
        late.get("due_unsubmitted", 0),
    )


def _open_by_age(session: Session, actor: Actor, day: dt.date) -> Sequence[int]:
    found = sums(session, actor, Question(dt.date.min, day), ["received_open"], DailyCount.day)
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
    facts: Collection[str] = IN_A_TREND,
) -> Sequence[DayOfTrend]:
    """Return the last *days_back* local days up to that of *now*, each of them once."""
    last = day_of(now)
    first = last - dt.timedelta(days=days_back - 1)
    found = sums(session, actor, Question(first, last), facts, DailyCount.day)
    return [
        DayOfTrend(
            day,
            counts := found.get(day, {}),
            {code: fill(BY_CODE[code], counts) for code in ON_THE_BOARD},
        )
        for day in days(first, last)
    ]
