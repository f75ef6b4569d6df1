"""The leader's page in numbers: eight rates, what they were before, where, when, of what and whom.

A period that is not over is compared with as many days of the one before: half a month with
half a month.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.bulletins.periods import Period
from hotline.core.language import local
from hotline.core.roles import Actor
from hotline.money.models import Claim
from hotline.money.queries import Recovered, recovered
from hotline.rates import queries
from hotline.rates.cohorts import RECEIVED
from hotline.rates.formulas import Rate
from hotline.rates.groups import Group
from hotline.rates.questions import Question, kept, path
from hotline.tickets.models import Ticket

EIGHT: Final = ("C1", "C3", "C5b", "C7", "T1", "T4", "V4", "V6")
HOT: Final = 3  # tickets against one employer in a period
MOST: Final = 10
SECRET: Final = 3  # what is this confidential stands in no list
CALLS: Final = "calls_queued"
DAY: Final = dt.timedelta(days=1)
AMOUNTS: Final = (Claim.claimed, Claim.verified, Claim.agreed)


@dataclass(frozen=True)
class Compared:
    """A rate of the period, and the same of the period before."""

    rate: Rate
    before: Rate

    @property
    def change(self) -> float | None:
        """Return by how many percentage points it rose; None where one of the two is of nothing."""
        now, then = self.rate.value, self.before.value
        return None if now is None or then is None else 100 * (now - then)


@dataclass(frozen=True)
class Employer:
    """One that many tickets of the period name."""

    name: str
    tickets: int


@dataclass(frozen=True)
class Cockpit:
    """All that stands on the leader's page.

    Attributes:
        question, before: The days shown, and those they are compared with.
        eight: The rates of `EIGHT`, in that order.
        regions, categories: The parts of the period by division and by category.
        heat: Calls that entered the queue, by weekday (Monday 0) and hour.
    """

    question: Question
    before: Question
    as_of: dt.datetime | None
    counts: Mapping[str, int]
    counts_before: Mapping[str, int]
    eight: Sequence[Compared]
    days: Sequence[Group]
    regions: Sequence[Group]
    categories: Sequence[Group]
    heat: Sequence[Sequence[int]]


def questions_of(period: Period, unit: str | None, today: dt.date) -> tuple[Question, Question]:
    """Return the question of *period* up to *today*, and that of as many days before it."""
    last = come_to(period, today)
    end = as_far(period.before, period, last)
    return Question(period.first, last, unit=unit), Question(period.before.first, end, unit=unit)


def come_to(period: Period | Question, today: dt.date) -> dt.date:
    """Return the last day of *period* that has come; of one that has not begun, its first."""
    return max(min(period.last, today), period.first)


def as_far(before: Period, period: Period, last: dt.date) -> dt.date:
    """Return the day of *before* that *period* has come to on *last*: the end with the end."""
    if last == period.last:
        return before.last
    return min(before.first + (last - period.first), before.last)


def cockpit(
    session: Session, actor: Actor, period: Period, unit: str | None = None, *, now: dt.datetime
) -> Cockpit:
    """Return the leader's page of *period*.

    Raises:
        NotFound: The unit is outside the actor's part of the tree.
    """
    question, before = questions_of(period, unit, local(now).date())
    report = queries.rates(session, actor, question)
    whole, then = report.groups[0], queries.rates(session, actor, before).groups[0]
    rates, rates_then = _by_code(whole), _by_code(then)
    return Cockpit(
        question,
        before,
        report.as_of,
        whole.counts,
        then.counts,
        [Compared(rates[code], rates_then[code]) for code in EIGHT],
        queries.rates(session, actor, question, "day").groups,
        queries.rates(session, actor, question, "region").groups,
        queries.rates(session, actor, question, "category").groups,
        heat(session, actor, question),
    )


def _by_code(group: Group) -> dict[str, Rate]:
    return {rate.metric.code: rate for rate in group.rates}


def heat(session: Session, actor: Actor, question: Question) -> Sequence[Sequence[int]]:
    """Return how many calls entered the queue, by weekday and hour, from the rollup."""
    hours: dict[int, list[int]] = defaultdict(lambda: [0] * 24)
    for (day, hour), counts in queries.by_hour(session, actor, question, [CALLS]).items():
        hours[day.weekday()][min(int(hour), 23)] += counts[CALLS]
    return [hours[weekday] for weekday in range(7)]


def employers(session: Session, actor: Actor, question: Question) -> Sequence[Employer]:
    """Return whom at least three tickets of the period name, most named first.

    Voided and merged ones and those of the highest confidentiality are left out. The name is
    that of the newest ticket.
    """
    rows = session.execute(
        select(func.max(Ticket.id), func.count().label("n"))
        .where(
            RECEIVED.within(question.first, question.last),
            Ticket.employer_key.is_not(None),
            func.coalesce(Ticket.confidential_level, 0) < SECRET,
            Ticket.state.not_in(("voided", "merged")),
            *([Ticket.category_code == question.category] if question.category else []),
            kept(Ticket.unit_id, path(session, actor, question), question),
        )
        .group_by(Ticket.employer_key)
        .having(func.count() >= HOT)
        .order_by(func.count().desc(), func.max(Ticket.id).desc())
        .limit(MOST)
    ).all()
    known = select(Ticket.id, Ticket.employer).where(Ticket.id.in_([row[0] for row in rows]))
    names = {row[0]: row[1] for row in session.execute(known)}
    return [Employer(names[row[0]] or "", row[1]) for row in rows]


@dataclass(frozen=True)
class Money:
    """Of the claims of tickets received in the period, in fen, and what was paid in it."""

    claims: int
    claimed: int
    verified: int
    agreed: int
    paid: Recovered


def money(session: Session, actor: Actor, question: Question) -> Money:
    """Return what was claimed, verified and agreed on, and by proof what was paid (R63)."""
    top = path(session, actor, question)
    row = session.execute(
        select(
            func.count(),
            *(func.coalesce(func.sum(sum_of), 0) for sum_of in AMOUNTS),
        )
        .join(Ticket, Ticket.id == Claim.ticket_id)
        .where(
            RECEIVED.within(question.first, question.last),
            kept(Ticket.unit_id, top, question),
        )
    ).one()
    claims, claimed, verified, agreed = (int(n) for n in row)
    paid = recovered(session, question.first, question.last + DAY, scope=top)
    return Money(claims, claimed, verified, agreed, paid)


def within(question: Question, region: str) -> Question:
    """Return *question* for one division alone."""
    return replace(question, region=region)
