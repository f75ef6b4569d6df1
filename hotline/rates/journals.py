"""What changed since the job last looked, and which days of which cohorts that touches."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hotline.calls.models import Call, CallEvent
from hotline.rates.cohorts import CALLED, DUE, ORIGINAL, RECEIVED, RESOLVED, Cohort, day_of
from hotline.rates.models import CountedTicket
from hotline.tickets.models import Ticket
from hotline.tickets.records import TicketEvent

KEPT: Final = ("due_original", "due_at", "resolved_at", "merged_into_id")  # of a counted ticket

Touched = set[tuple[Cohort, dt.date]]


@dataclass(frozen=True)
class Journal:
    """A table whose rows tell, by ascending id, that something changed."""

    name: str
    id: InstrumentedAttribute[int]
    touched: Callable[[Session, Sequence[int]], Touched]


def touched_by_tickets(session: Session, ids: Sequence[int]) -> Touched:
    """Return the days on which the tickets of these entries are counted, or were so far.

    A merge moves the deadline of the ticket that takes the other in, so that one counts
    as touched too, and again when the merge is taken back.
    """
    known = _with_targets(session, ids)
    counted = _counted(session, known)
    rows = session.execute(
        select(Ticket.id, Ticket.received_at, *(getattr(Ticket, name) for name in KEPT)).where(
            Ticket.id.in_(known)
        )
    )
    found: Touched = set()
    for ticket in rows:
        row = counted.get(ticket.id) or CountedTicket(ticket_id=ticket.id)
        if ticket.id in counted:
            found |= _days(row)
        for name in KEPT:
            setattr(row, name, getattr(ticket, name))
        session.add(row)
        found |= {(RECEIVED, day_of(ticket.received_at))} | _days(row)
    return found


def _with_targets(session: Session, ids: Sequence[int]) -> set[int]:
    spoken_of = select(TicketEvent.ticket_id).where(TicketEvent.id.in_(ids))
    known = set(session.scalars(spoken_of))
    now = select(Ticket.merged_into_id).where(Ticket.id.in_(known))
    before = select(CountedTicket.merged_into_id).where(CountedTicket.ticket_id.in_(known))
    targets = {*session.scalars(now), *session.scalars(before)}
    return known | {id_ for id_ in targets if id_ is not None}


def _counted(session: Session, ids: Collection[int]) -> dict[int, CountedTicket]:
    rows = session.scalars(select(CountedTicket).where(CountedTicket.ticket_id.in_(ids)))
    return {row.ticket_id: row for row in rows}


def _days(row: CountedTicket) -> Touched:
    moments = (ORIGINAL, row.due_original), (DUE, row.due_at), (RESOLVED, row.resolved_at)
    return {(cohort, day_of(moment)) for cohort, moment in moments if moment is not None}


def touched_by_calls(session: Session, ids: Sequence[int]) -> Touched:
    """Return the days on which the calls of these events arrived."""
    moments = session.scalars(
        select(Call.received_at)
        .join(CallEvent, CallEvent.call_id == Call.id)
        .where(CallEvent.id.in_(ids))
    )
    return {(CALLED, day_of(moment)) for moment in moments}


def touched_by_new_calls(session: Session, ids: Sequence[int]) -> Touched:
    """Return the days on which these calls arrived: the first ring leaves no event."""
    moments = session.scalars(select(Call.received_at).where(Call.id.in_(ids)))
    return {(CALLED, day_of(moment)) for moment in moments}


JOURNALS: Final = (
    Journal("ticket_event", TicketEvent.id, touched_by_tickets),
    Journal("call", Call.id, touched_by_new_calls),
    Journal("call_event", CallEvent.id, touched_by_calls),
)


def remember_all(session: Session) -> None:
    """Note of every ticket where it is counted now."""
    session.execute(delete(CountedTicket))
    places = select(Ticket.id, *(getattr(Ticket, name) for name in KEPT))
    session.execute(insert(CountedTicket).from_select(["ticket_id", *KEPT], places))
