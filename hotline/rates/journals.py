"""What changed since the job last looked, and which days of which cohorts that touches."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, delete, func, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from hotline.callbacks.models import Callback
from hotline.calls.models import Call, CallEvent
from hotline.messages.models import Message
from hotline.messages.states import MessageKind
from hotline.money.models import Claim, Payment
from hotline.rates.cohorts import (
    CALLED,
    CLAIMED,
    DUE,
    ORDERED,
    ORDERS,
    ORIGINAL,
    OWED,
    PAID,
    PRESENT,
    RECEIVED,
    RESOLVED,
    Cohort,
    day_of,
)
from hotline.rates.models import CountedTicket, DailyCount
from hotline.staff.models import PresenceChange
from hotline.surveys.models import Survey, SurveyTry
from hotline.surveys.queries import asked_by_entry
from hotline.tickets.models import Ticket
from hotline.tickets.records import TicketEvent

KEPT: Final = ("due_original", "due_at", "resolved_at", "merged_into_id")  # of a counted ticket
MOVED: Final = dt.timedelta(hours=6)  # longer before its first report no call has ended

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
    found = _orders(session, known) | _settled_before(session, known) | _money(session, known)
    for ticket in rows:
        row = counted.get(ticket.id) or CountedTicket(ticket_id=ticket.id)
        if ticket.id in counted:
            found |= _days(row)
        for name in KEPT:
            setattr(row, name, getattr(ticket, name))
        session.add(row)
        found |= {(RECEIVED, day_of(ticket.received_at))} | _days(row)
    return found


def _orders(session: Session, ids: Collection[int]) -> Touched:
    moments = select(TicketEvent.at).where(
        TicketEvent.ticket_id.in_(ids), TicketEvent.action.in_(ORDERS)
    )
    return {(ORDERED, day_of(moment)) for moment in session.scalars(moments)}


def _money(session: Session, ids: Collection[int]) -> Touched:
    """Return where the claims of these tickets are counted, and what was paid on them."""
    rows = session.execute(
        select(Ticket.received_at, Payment.paid_on)
        .join(Claim, Claim.ticket_id == Ticket.id)
        .outerjoin(Payment, Payment.claim_id == Claim.id)
        .where(Ticket.id.in_(ids))
    )
    found: Touched = set()
    for received, paid in rows:
        found.add((CLAIMED, day_of(received)))
        if paid is not None:
            found.add((PAID, paid))
    return found


def _settled_before(session: Session, ids: Collection[int]) -> Touched:
    """Return where the same workers' other tickets are counted as settled: they came back."""
    workers = select(Ticket.worker_id).where(Ticket.id.in_(ids), Ticket.worker_id.is_not(None))
    moments = session.scalars(select(Ticket.resolved_at).where(Ticket.worker_id.in_(workers)))
    return {(RESOLVED, day_of(moment)) for moment in moments if moment is not None}


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
    """Return the days on which the calls of these events arrived, and what they speak of."""
    of_calls = _of_calls(session, select(CallEvent.call_id).where(CallEvent.id.in_(ids)))
    asked = select(Survey.ticket_id).join(CallEvent, asked_by_entry())
    return of_calls | _settled(session, asked.where(CallEvent.id.in_(ids)))


def touched_by_new_calls(session: Session, ids: Sequence[int]) -> Touched:
    """Return the days on which these calls arrived: the first ring leaves no event."""
    return _of_calls(session, select(Call.id).where(Call.id.in_(ids)))


def _of_calls(session: Session, ids: Select[int]) -> Touched:
    """A call that was missed is owed back; one about a ticket tells of that ticket.

    It may have come by this call, or its settlement did not last. What is owed since the call's
    end stays there when a late word moves the end back, and may be taken back after that.
    """
    rows = session.execute(
        select(Call.received_at, Call.ended_at, Call.ticket_id).where(Call.id.in_(ids))
    ).all()
    tickets = {ticket for _, _, ticket in rows if ticket is not None}
    found = _where_counted(session, tickets)
    for received, ended, _ in rows:
        owed = (received,) if ended is None else (received, ended, ended + MOVED)
        found |= {(CALLED, day_of(received)), *((OWED, day_of(moment)) for moment in owed)}
    return found


def _where_counted(session: Session, ids: Collection[int]) -> Touched:
    """Return the days on which these tickets are counted, with their orders and their money."""
    found = _orders(session, ids) | _money(session, ids)
    moments = {cohort: cohort.moment for cohort in (RECEIVED, ORIGINAL, DUE, RESOLVED)}
    for row in session.execute(select(*moments.values()).where(Ticket.id.in_(ids))):
        days = zip(moments, row, strict=True)
        found |= {(cohort, day_of(moment)) for cohort, moment in days if moment is not None}
    return found


def touched_by_callbacks(session: Session, ids: Sequence[int]) -> Touched:
    """Return the days from which these callbacks are owed."""
    moments = session.scalars(select(Callback.opened_at).where(Callback.id.in_(ids)))
    return {(OWED, day_of(moment)) for moment in moments}


def touched_by_surveys(session: Session, ids: Sequence[int]) -> Touched:
    """Return the days on which the tickets of these surveys were settled."""
    return _settled(session, select(Survey.ticket_id).where(Survey.id.in_(ids)))


def touched_by_questions(session: Session, ids: Sequence[int]) -> Touched:
    """Return the days on which those tickets were settled whose workers these SMS ask."""
    asking = (Message.id.in_(ids), Message.kind == MessageKind.SURVEY)
    return _settled(session, select(Message.ticket_id).where(*asking))


def touched_by_tries(session: Session, ids: Sequence[int]) -> Touched:
    """Return the days on which those tickets were settled about which a surveyor rang in vain."""
    rung = select(Survey.ticket_id).join(SurveyTry, SurveyTry.survey_id == Survey.id)
    return _settled(session, rung.where(SurveyTry.id.in_(ids)))


def _settled(session: Session, tickets: Select[Any]) -> Touched:
    moments = session.scalars(select(Ticket.resolved_at).where(Ticket.id.in_(tickets)))
    return {(RESOLVED, day_of(moment)) for moment in moments if moment is not None}


def touched_by_presence(session: Session, ids: Sequence[int]) -> Touched:
    """Return the days of these changes, and of those whose stretch each of them ended."""
    before, change = aliased(PresenceChange), aliased(PresenceChange)
    ended = (
        select(func.max(before.at))
        .where(
            before.staff_id == change.staff_id,
            or_(before.at < change.at, (before.at == change.at) & (before.id < change.id)),
        )
        .correlate(change)
        .scalar_subquery()
    )
    rows = session.execute(select(change.at, ended).where(change.id.in_(ids)))
    return {(PRESENT, day_of(at)) for row in rows for at in row if at is not None}


def unfinished(session: Session) -> Touched:
    """Return the days of which the rollup says that a callback is open.

    Whatever ends a callback leaves no entry of its own, and what is over stays over: so
    these few days are counted anew at each turn.
    """
    days = select(DailyCount.day).where(DailyCount.fact == "callbacks_open")
    return {(OWED, day) for day in session.scalars(days)}


JOURNALS: Final = (
    Journal("ticket_event", TicketEvent.id, touched_by_tickets),
    Journal("call", Call.id, touched_by_new_calls),
    Journal("call_event", CallEvent.id, touched_by_calls),
    Journal("callback", Callback.id, touched_by_callbacks),
    Journal("survey", Survey.id, touched_by_surveys),
    Journal("message", Message.id, touched_by_questions),
    Journal("survey_try", SurveyTry.id, touched_by_tries),
    Journal("presence_change", PresenceChange.id, touched_by_presence),
)


def remember_all(session: Session) -> None:
    """Note of every ticket where it is counted now."""
    session.execute(delete(CountedTicket))
    places = select(Ticket.id, *(getattr(Ticket, name) for name in KEPT))
    session.execute(insert(CountedTicket).from_select(["ticket_id", *KEPT], places))
