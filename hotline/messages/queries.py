"""Messages, as pages and the rooms above ask for them."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from hotline.core.paging import Page, cut, read_cursor
from hotline.core.roles import Actor, Permission, require
from hotline.messages.models import Message
from hotline.messages.neighbours import ticket, unit
from hotline.messages.states import Direction, MessageKind, MessageState

SHOWN: Final = 100
ROOTS: Final = ("/", "/1/")  # who sees the whole region sees messages that belong to no ticket


def of_tickets(session: Session, actor: Actor, ids: Collection[int]) -> Sequence[Message]:
    """Return the messages of tickets, oldest first; whoever asks has been let see the tickets."""
    asked = _visible(actor).where(Message.ticket_id.in_(ids))
    return session.scalars(asked.order_by(Message.id).limit(SHOWN)).all()


def page(
    session: Session,
    actor: Actor,
    *,
    cursor: str | None = None,
    limit: int = 50,
    direction: Direction | None = None,
    state: MessageState | None = None,
) -> Page[Message]:
    """Return messages of the actor's part of the tree, newest first.

    Raises:
        Forbidden: *actor* may not read messages.
        Invalid: The cursor is not ours.
    """
    require(actor, Permission.MESSAGE_READ)
    chosen = _visible(actor)
    if direction is not None:
        chosen = chosen.where(Message.direction == direction)
    if state is not None:
        chosen = chosen.where(Message.state == state)
    if key := read_cursor(cursor, int):
        chosen = chosen.where(Message.id < key[0])
    rows = session.scalars(chosen.order_by(Message.id.desc()).limit(limit + 1)).all()
    return cut(rows, limit, lambda row: [row.id])


def ranks(session: Session, sids: Collection[str]) -> dict[str, int]:
    """Return the highest report of each message that the carrier knows as one of *sids*."""
    rows = session.execute(
        select(Message.provider_sid, Message.rank).where(Message.provider_sid.in_(sids))
    )
    return {row.provider_sid: row.rank for row in rows}


def _visible(actor: Actor) -> Select[Message]:
    chosen = select(Message)
    if actor.scope == "/":
        return chosen
    below = unit.c.path.startswith(actor.scope, autoescape=True)
    chosen = chosen.outerjoin(ticket, ticket.c.id == Message.ticket_id).outerjoin(
        unit, unit.c.id == ticket.c.unit_id
    )
    if actor.scope in ROOTS:
        return chosen.where(or_(below, Message.ticket_id.is_(None)))
    return chosen.where(below, Message.kind != MessageKind.SURVEY)  # a unit must not know (R60)
