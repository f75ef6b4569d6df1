"""A year of the clock: each reminder and each rung comes within a minute of its moment (R42)."""

import datetime as dt
import random
from collections.abc import Iterator

import chinese_calendar
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.language import local, zone
from hotline.deadlines import queries as deadlines
from hotline.deadlines.arithmetic import Tick
from hotline.sla import countdown, jobs, reminders
from hotline.sla.models import Escalation, Reminder
from hotline.tickets.models import Ticket
from tests import matters
from tests.people import Staff
from tests.proofs import count

NEW_YEAR = dt.datetime(2026, 1, 4, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
EVERY = 10 * SECOND  # how often the clock runs the jobs
PUNCTUAL = dt.timedelta(seconds=60)
RUNGS = {1: 0, 2: 1, 3: 5, 4: 10}  # working days after the deadline (domain, section 3)
Fired = dict[tuple[int, str], dt.datetime]


def moments(session: Session, ticket: Ticket) -> Iterator[tuple[str, dt.datetime]]:
    """Yield when something should happen to a ticket that nobody settles."""
    calendar = deadlines.calendar(session)
    span, tick = (ticket.clock_from, ticket.due_at), Tick.WORKING_DAY
    net = countdown.net_time(*span, tick, calendar, zone())
    for percent in (50, 80, 100):
        yield f"{percent}%", countdown.reached_at(percent, net, span, tick, calendar, zone())
    for rung, days in RUNGS.items():
        yield f"rung {rung}", later(ticket.due_at, days)


def later(moment: dt.datetime, working_days: int) -> dt.datetime:
    """Return the same time of day so many working days later, by the State Council's notice."""
    day = moment
    while working_days:
        day += dt.timedelta(days=1)
        working_days -= chinese_calendar.is_workday(local(day).date())
    return day


def fired(session: Session) -> Fired:
    """Return what happened, and when."""
    session.rollback()
    told = {(row.ticket_id, f"{row.percent}%"): row.at for row in session.scalars(select(Reminder))}
    climbed = session.scalars(select(Escalation))
    return told | {(row.ticket_id, f"rung {row.rung}"): row.at for row in climbed}


@pytest.mark.proof
def test_r42_each_moment_of_a_year_is_kept(session: Session, staff: Staff) -> None:
    chance = random.Random(42)
    arrivals = sorted(
        NEW_YEAR + chance.random() * dt.timedelta(days=300) for _ in range(count(3, 100))
    )
    ids = [matters.in_progress(staff, now=each.replace(microsecond=0))[0] for each in arrivals]
    tickets = [session.get_one(Ticket, each) for each in ids]
    due = {(t.id, what): at for t in tickets for what, at in moments(session, t)}
    session.rollback()
    reminders.wind(transaction)
    for at in sorted(set(due.values())):
        for now in (at - SECOND, at - SECOND + EVERY):
            reminders.remind(transaction, now=now)
            jobs.escalate(transaction, now=now)
    happened = fired(session)
    assert happened.keys() == due.keys()
    late = {key: happened[key] - at for key, at in due.items()}
    assert {key: by for key, by in late.items() if not dt.timedelta() <= by <= PUNCTUAL} == {}
