"""Results that wait for a reviewer, and replies that stand on more than one ticket."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from hotline.core.roles import Actor, Permission, require
from hotline.tickets import queries
from hotline.tickets.models import Ticket
from hotline.tickets.records import TicketResult
from hotline.tickets.sight import visible
from hotline.tickets.states import State


def queue(session: Session, actor: Actor, *, limit: int) -> Sequence[Any]:
    """Return lines of what waits for review in the actor's part of the tree, longest first."""
    require(actor, Permission.TICKET_READ)
    found = (
        select(Ticket.id)
        .where(Ticket.state == State.RESULT_REVIEW, visible(actor))
        .order_by(Ticket.submitted_at)
        .limit(limit)
    )
    lines = queries.LINE.add_columns(Ticket.handler_id, Ticket.step_due_at)
    rows = session.execute(lines.where(Ticket.id.in_(found)).order_by(Ticket.submitted_at)).all()
    return queries.as_seen(session, actor, rows)


def after(session: Session, actor: Actor) -> str | None:
    """Return the number of the ticket that has waited longest for this reviewer."""
    return next(
        (row.number for row in queue(session, actor, limit=5) if row.handler_id != actor.id), None
    )


def twins(session: Session, results: Iterable[TicketResult]) -> set[int]:
    """Return the ids of those *results* whose very words stand on another ticket too."""
    other = aliased(TicketResult)
    same = exists().where(
        other.reply_key == TicketResult.reply_key, other.ticket_id != TicketResult.ticket_id
    )
    ids = [result.id for result in results]
    return {*session.scalars(select(TicketResult.id).where(TicketResult.id.in_(ids), same))}
