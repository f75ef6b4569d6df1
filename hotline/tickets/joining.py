"""Tickets that are one matter: nothing moves in a merge, so taking it back loses nothing.

A merged ticket keeps its entries, demands and words, and goes on collecting those of its own
caller. Whoever reads the ticket that goes on reads them with its own; once the merge is taken
back, each reads its own again. One merge is one deep: see `Guard.HOLDS_NONE`.
"""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from hotline.tickets.models import Ticket


def holder(session: Session, ticket: Ticket) -> Ticket:
    """Return the ticket the matter goes on in: the one *ticket* was merged into, or itself."""
    if ticket.merged_into_id is None:
        return ticket
    return session.get_one(Ticket, ticket.merged_into_id)


def joined(session: Session, ticket: Ticket) -> Sequence[Ticket]:
    """Return the tickets that were merged into *ticket*, the oldest first."""
    into = select(Ticket).where(Ticket.merged_into_id == ticket.id)
    return session.scalars(into.order_by(Ticket.id)).all()


def holds_others(session: Session, ticket: Ticket) -> bool:
    """Return whether another ticket was merged into *ticket*."""
    return bool(session.scalar(select(exists().where(Ticket.merged_into_id == ticket.id))))
