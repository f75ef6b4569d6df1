"""Taking one's last action back while ten seconds have not passed: the inverse row of the table.

Nothing is deleted: the inverse is an action like any other, whose entry names the one it undoes.
What was ordered for the caller waits those ten seconds and is cancelled with it.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import GuardFailed
from hotline.core.roles import Actor
from hotline.core.words import N_
from hotline.messages import service as messages
from hotline.tickets import service
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import UNDO_FOR, Action, transition


class Undoable(NamedTuple):
    """The action that may be taken back, by which, and until when."""

    action: Action
    by: Action
    until: dt.datetime
    event_id: int


def offered(events: Sequence[Any], ticket: Any, actor: Actor, now: dt.datetime) -> Undoable | None:
    """Return what *actor* may take back of *ticket* now, from its entries in order."""
    own = (each for each in reversed(events) if each.ticket_id == ticket.id)
    last = next((each for each in own if each.kind is EventKind.ACTION), None)
    if last is None or last.actor_id is None or last.actor_id != actor.id:
        return None
    by, until = transition(last.from_state, last.action).undo, last.at + UNDO_FOR
    over = now >= until or "undoes" in last.detail or last.to_state is not ticket.state
    if by is None or over or last.fields.get("assisting"):  # who helps was asked already
        return None
    return Undoable(last.action, by, until, last.id)


def undo(session: Session, ticket: Ticket, *, actor: Actor, now: dt.datetime) -> Action:
    """Take *actor*'s last action on *ticket* back; return which it was.

    Raises:
        GuardFailed: The ten seconds are over, somebody did something since, or the action
            has no inverse.
    """
    entries = session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == EventKind.ACTION)
        .order_by(TicketEvent.id)
    ).all()
    found = offered(entries, ticket, actor, now)
    if found is None:
        raise GuardFailed(
            N_("已过 10 秒或已有后续办理，不能撤销；请用相应的办理动作更正。"), guard="undo"
        )
    ordered = found.until - UNDO_FOR
    messages.cancel(session, reason="undone", now=now, ticket_id=ticket.id, since=ordered)
    service.perform(session, ticket, found.by, {}, actor=actor, now=now, undoes=found.event_id)
    return found.action
