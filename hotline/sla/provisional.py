"""Deadlines that were counted into days whose calendar was not published yet, counted again."""

import datetime as dt
from functools import partial
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import Transact, reading
from hotline.core.language import written, zone
from hotline.core.roles import system
from hotline.core.rounds import each_due
from hotline.core.words import N_
from hotline.deadlines import queries as deadlines
from hotline.sla import alarm, recipients
from hotline.tickets import clocks, timeline
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind
from hotline.tickets.states import OPEN

CLOCK: Final = system("clock:calendar")
DAY: Final = dt.timedelta(days=1)


def count_again(transact: Transact, *, now: dt.datetime) -> int:
    """Settle provisional deadlines that the calendar now covers; tell holders what moved.

    A deadline that a pause or an extension has moved since keeps its day: a person saw
    to it.
    """
    with reading() as session:
        confirmed = deadlines.calendar(session).confirmed_until
    if confirmed in {dt.date.min, dt.date.max}:
        return 0
    covered = dt.datetime.combine(confirmed + DAY, dt.time(), zone())
    due = select(Ticket).where(
        Ticket.state.in_(OPEN), Ticket.due_provisional.is_(True), Ticket.due_at < covered
    )
    return each_due(transact, due, Ticket.id, partial(_count_again, now=now))


def _count_again(session: Session, ticket: Ticket, *, now: dt.datetime) -> None:
    counted = clocks.finish(session, ticket.class_code, ticket.clock_from)
    before = ticket.due_at
    ticket.due_provisional = False
    if counted.at == before or not _as_first_counted(ticket):
        return
    ticket.due_at = counted.at
    ticket.due_explained = list(counted.steps)
    ticket.due_provisional = counted.provisional
    timeline.write(
        session, ticket, EventKind.DEADLINE, actor=CLOCK, now=now, due_from=before.isoformat()
    )
    alarm.tell(
        session,
        recipients.holders(session, ticket),
        ticket,
        "deadline",
        N_("节假日安排已公布，工单 %(number)s 的期限由 %(before)s 改为 %(due)s。"),
        params={
            "number": ticket.number,
            "before": written(before),
            "due": written(counted.at),
        },
        purpose=f"deadline:{ticket.id}:{ticket.cycle}:{before:%Y%m%d}",
        sms=None,
        now=now,
    )


def _as_first_counted(ticket: Ticket) -> bool:
    """Return whether the derivation still ends with the warning that it was provisional."""
    return bool(ticket.due_explained) and ticket.due_explained[-1].endswith("到期时间可能调整")
