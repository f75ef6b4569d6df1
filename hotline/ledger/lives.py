"""I3 to I5 and a part of I7: a ticket's way, its end, what it left open, and its seal."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, exists, or_, select, type_coerce
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.callbacks.states import OPEN as OWED
from hotline.ledger import replay
from hotline.ledger.faults import Fault
from hotline.ledger.replay import Step
from hotline.messages.models import Message
from hotline.messages.states import MessageKind
from hotline.surveys.models import Survey
from hotline.tickets import sealing
from hotline.tickets.models import Outcome, Ticket
from hotline.tickets.records import Approval, Decision, Obligation, TicketEvent, TicketResult
from hotline.tickets.replies import UNSAFE
from hotline.tickets.states import SETTLED, State
from hotline.workers.models import Worker

OPEN_CHILDREN: Final[dict[str, ColumnElement[bool]]] = {
    "obligation_open": exists().where(
        Obligation.ticket_id == Ticket.id, Obligation.closed_at.is_(None)
    ),
    "request_open": exists().where(
        Approval.ticket_id == Ticket.id, Approval.decision == Decision.ASKED
    ),
    "callback_open": exists().where(Callback.ticket_id == Ticket.id, Callback.state.in_(OWED)),
    "survey_open": exists().where(Survey.ticket_id == Ticket.id, Survey.next_at.is_not(None)),
}


def replayed(session: Session, ids: Sequence[int], now: dt.datetime) -> Iterator[Fault]:
    """I3: yield those of these tickets whose timeline does not lead to where they stand.

    One statement, so that a ticket and its timeline are of one moment.
    """
    moves = and_(TicketEvent.ticket_id == Ticket.id, TicketEvent.to_state.is_not(None))
    plain = (
        type_coerce(column, String())
        for column in (
            Ticket.state, TicketEvent.action, TicketEvent.from_state, TicketEvent.to_state
        )
    )  # fmt: skip
    rows = session.execute(
        select(Ticket.id, Ticket.number, Ticket.unit_id, Ticket.import_id, TicketEvent.id, *plain)
        .outerjoin(TicketEvent, moves)
        .where(Ticket.id.in_(ids))
        .order_by(Ticket.id, TicketEvent.id)
    )
    for (ticket_id, number, unit_id, import_id), lines in groupby(rows, key=lambda row: row[:4]):
        told: list[Any] = list(lines)
        steps = [Step(*line[6:]) for line in told if line[4] is not None]
        if what := replay.fault(steps, told[0][5], imported=import_id is not None):
            yield Fault(ticket_id, number, what, unit_id)


def ended_well(session: Session, ids: Sequence[int], now: dt.datetime) -> Iterator[Fault]:
    """I4: yield those settled without a result, or without a word to the caller.

    No word is owed to whom none can be sent, to whom it could harm, to whom withdrew, and to
    whom another system answered.
    """
    result = exists().where(TicketResult.ticket_id == Ticket.id, TicketResult.cycle == Ticket.cycle)
    told = exists().where(
        Message.ticket_id == Ticket.id,
        Message.kind == MessageKind.RESULT,
        Message.created_at >= Ticket.resolved_at,
    )
    unable = or_(
        Worker.phone.is_(None),
        Ticket.confidential_level >= UNSAFE,
        Ticket.outcome == Outcome.WITHDRAWN,
        and_(Ticket.import_id.is_not(None), Ticket.cycle == 1),
    )
    rows = session.execute(
        _about_tickets(~result, ~or_(told, unable))
        .outerjoin(Worker, Worker.id == Ticket.worker_id)
        .where(Ticket.id.in_(ids), Ticket.state.in_(SETTLED))
    )
    yield from _named(rows, ("no_outcome", "no_notice"))


def closed_whole(session: Session, ids: Sequence[int], now: dt.datetime) -> Iterator[Fault]:
    """I5: yield those archived while something of theirs is open."""
    rows = session.execute(
        _about_tickets(*OPEN_CHILDREN.values()).where(
            Ticket.id.in_(ids), Ticket.state == State.ARCHIVED
        )
    )
    yield from _named(rows, OPEN_CHILDREN)


def as_sealed(session: Session, ids: Sequence[int], now: dt.datetime) -> Iterator[Fault]:
    """I7: yield those archived whose timeline or results differ from their seal."""
    archived = session.scalars(
        select(Ticket.id).where(Ticket.id.in_(ids), Ticket.state == State.ARCHIVED)
    ).all()
    broken = sealing.altered(session, archived)
    rows = session.execute(_about_tickets().where(Ticket.id.in_(broken)))
    for ticket_id, number, unit_id in rows:
        yield Fault(ticket_id, number, "ticket_altered", unit_id)


def archived_above(session: Session, above: int, limit: int) -> Sequence[int]:
    """Return so many ids of archived tickets above one, in ascending order."""
    found = select(Ticket.id).where(Ticket.state == State.ARCHIVED, Ticket.id > above)
    return session.scalars(found.order_by(Ticket.id).limit(limit)).all()


def _about_tickets(*wrong: ColumnElement[bool]) -> Any:
    return select(Ticket.id, Ticket.number, Ticket.unit_id, *wrong)


def _named(rows: Any, codes: Any) -> Iterator[Fault]:
    for ticket_id, number, unit_id, *wrong in rows:
        for what, holds in zip(codes, wrong, strict=True):
            if holds:
                yield Fault(ticket_id, number, what, unit_id)
