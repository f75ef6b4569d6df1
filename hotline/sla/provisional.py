"""Deadlines that were counted into days whose calendar was not published yet, counted again."""

import datetime as dt
from functools import partial
from typing import Final

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from hotline.core.db import Transact, reading
from hotline.core.language import local, written, zone
from hotline.core.roles import Role, system
from hotline.core.rounds import each_due
from hotline.core.words import N_
from hotline.deadlines import queries as deadlines
from hotline.messages import desk
from hotline.sla import alarm, recipients
from hotline.sla.models import DeadlineMove
from hotline.staff import queries as staff
from hotline.tickets import clocks, timeline
from hotline.tickets.cycle import Why
from hotline.tickets.models import IS_OPEN, Ticket
from hotline.tickets.records import EventKind

CLOCK: Final = system("clock:calendar")
DAY: Final = dt.timedelta(days=1)


def count_again(transact: Transact, *, now: dt.datetime) -> int:
    """Settle provisional deadlines that the calendar now covers; tell holders what moved."""
    with reading() as session:
        confirmed = deadlines.calendar(session).confirmed_until
        saved = deadlines.last_saved_import(session)
        import_id = saved.id if saved else None
    due = select(Ticket).where(IS_OPEN, *covered(confirmed))
    count = partial(_count_again, import_id=import_id, now=now)
    return each_due(transact, due, Ticket.id, count)


def covered(confirmed_until: dt.date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a deadline is provisional and that a calendar covers it now."""
    if confirmed_until in {dt.date.min, dt.date.max}:
        return (false(),)
    first_unknown = dt.datetime.combine(confirmed_until + DAY, dt.time(), zone())
    return Ticket.due_provisional.is_(True), Ticket.due_at < first_unknown


def alarm_unannounced(transact: Transact, *, now: dt.datetime) -> int:
    """Tell the administrators, once a month, of deadlines in a year that nobody imported.

    Returns:
        How many administrators were told now.
    """
    with reading() as session:
        confirmed = deadlines.calendar(session).confirmed_until
        waiting = select(Ticket.id).where(IS_OPEN, Ticket.due_provisional.is_(True))
        if session.scalar(waiting.limit(1)) is None:
            return 0
    return transact(partial(_alarm, confirmed=confirmed, now=now))


def _alarm(session: Session, *, confirmed: dt.date, now: dt.datetime) -> int:
    month = local(now).strftime("%Y-%m")
    admins = staff.with_role(session, Role.ADMIN)
    for person in admins:
        desk.notify(
            session,
            person.id,
            "calendar",
            N_("有工单的期限落在 %(last)s 之后，放假安排还没有导入，期限只是预估。请导入日历。"),
            params={"last": confirmed.isoformat()},
            purpose=f"calendar:{confirmed}:{month}:{person.id}",
            now=now,
        )
    return len(admins)


def _count_again(
    session: Session, ticket: Ticket, *, import_id: int | None, now: dt.datetime
) -> None:
    before = ticket.due_at
    clocks.wind(session, ticket)
    if ticket.due_at == before:
        return
    if import_id is not None:
        line = DeadlineMove(
            import_id=import_id, ticket_id=ticket.id, before=before, after=ticket.due_at
        )
        session.merge(line)
    timeline.write(
        session,
        ticket,
        EventKind.DEADLINE,
        actor=CLOCK,
        now=now,
        why=Why.CALENDAR.value,
        due_from=before.isoformat(),
        due_to=ticket.due_at.isoformat(),
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
            "due": written(ticket.due_at),
        },
        purpose=f"deadline:{ticket.id}:{ticket.cycle}:{before:%Y%m%d}",
        sms=None,
        now=now,
    )
