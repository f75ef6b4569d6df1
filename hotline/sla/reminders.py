"""Reminders before it is late: to whoever holds a matter, at 50, 80 and 100 % of its time."""

import datetime as dt
from functools import partial
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hotline.core.db import Transact
from hotline.core.language import written, zone
from hotline.core.rounds import each_due
from hotline.core.words import N_
from hotline.deadlines import queries as deadlines
from hotline.deadlines.arithmetic import Limit, Tick
from hotline.sla import alarm, countdown, recipients
from hotline.sla.countdown import PERCENTS, WHOLE
from hotline.sla.ladder import RUNNING
from hotline.sla.models import Countdown, Reminder
from hotline.sla.recipients import Hearer
from hotline.tickets import clocks
from hotline.tickets.models import IS_OPEN, Ticket
from hotline.tickets.states import PAUSED, State

ALSO_LEADS: Final = 80  # from here on whoever leads the unit hears of it too


def wind(transact: Transact) -> int:
    """Plan the reminders of each ticket that has none planned, or whose deadline moved."""
    due = (
        select(Ticket)
        .outerjoin(Countdown, Countdown.ticket_id == Ticket.id)
        .where(
            IS_OPEN,
            Ticket.state.in_(RUNNING),
            or_(
                Countdown.ticket_id.is_(None),
                Countdown.due_at != Ticket.due_at,
                Countdown.cycle != Ticket.cycle,
                Countdown.class_code != Ticket.class_code,
            ),
        )
    )
    return each_due(transact, due, Ticket.id, _wind)


def remind(transact: Transact, *, now: dt.datetime) -> int:
    """Give each reminder that has fallen due; of several missed ones only the last."""
    due = (
        select(Countdown)
        .join(Ticket, Ticket.id == Countdown.ticket_id)
        .where(
            Countdown.next_at <= now,
            Countdown.due_at == Ticket.due_at,
            Ticket.state.not_in(PAUSED | {State.RESULT_REVIEW}),
        )
    )
    return each_due(transact, due, Countdown.ticket_id, partial(_remind, now=now))


def _wind(session: Session, ticket: Ticket) -> None:
    plan = session.get(Countdown, ticket.id) or Countdown(ticket_id=ticket.id)
    if (plan.cycle, plan.class_code) != (ticket.cycle, ticket.class_code):
        plan.cycle, plan.class_code = ticket.cycle, ticket.class_code
        plan.seconds = _net_seconds(session, ticket)
    plan.due_at = ticket.due_at
    _plan_next(session, plan, ticket)
    session.add(plan)


def _net_seconds(session: Session, ticket: Ticket) -> int:
    net = countdown.net_time(
        ticket.clock_from,
        ticket.due_at,
        _tick(session, ticket),
        deadlines.calendar(session),
        zone(),
    )
    return round(net.total_seconds())


def _plan_next(session: Session, plan: Countdown, ticket: Ticket) -> None:
    """Set the moment of the lowest reminder above those given."""
    given = session.scalar(
        select(func.max(Reminder.percent)).where(
            Reminder.ticket_id == plan.ticket_id, Reminder.occasion == _occasion(plan)
        )
    )
    left = [percent for percent in PERCENTS if percent > (given or 0)]
    plan.percent = left[0] if left else None
    plan.next_at = _moment(session, plan, ticket, left[0]) if left else None


def _remind(session: Session, plan: Countdown, *, now: dt.datetime) -> None:
    ticket = session.get_one(Ticket, plan.ticket_id)
    if ticket.state not in RUNNING:
        session.delete(plan)  # settled in time; another cycle is planned anew
        return
    reached = [
        percent
        for percent in PERCENTS
        if percent >= (plan.percent or WHOLE) and _moment(session, plan, ticket, percent) <= now
    ]
    percent = max(reached)
    session.add(Reminder(ticket_id=ticket.id, occasion=_occasion(plan), percent=percent, at=now))
    session.flush()
    _plan_next(session, plan, ticket)
    alarm.tell(
        session,
        _hearers(session, ticket, percent),
        ticket,
        "reminder",
        N_("工单 %(number)s 已用去 %(percent)s%% 的时限，应于 %(due)s 前办结。"),
        params={"number": ticket.number, "percent": percent, "due": written(ticket.due_at)},
        purpose=f"reminder:{ticket.id}:{_occasion(plan)}:{percent}",
        sms="staff_reminder" if percent == WHOLE else None,
        now=now,
    )


def _hearers(session: Session, ticket: Ticket, percent: int) -> set[Hearer]:
    people = set(recipients.holders(session, ticket))
    if percent >= ALSO_LEADS:
        people |= set(recipients.unit_leads(session, ticket))
    return people


def _moment(session: Session, plan: Countdown, ticket: Ticket, percent: int) -> dt.datetime:
    return countdown.reached_at(
        percent,
        dt.timedelta(seconds=plan.seconds),
        (ticket.clock_from, plan.due_at),
        _tick(session, ticket),
        deadlines.calendar(session),
        zone(),
    )


def _occasion(plan: Countdown) -> str:
    return f"due:{plan.cycle}:{plan.class_code}"


def _tick(session: Session, ticket: Ticket) -> Tick:
    return Limit.parse(clocks.rules(session, ticket).finish).tick
