"""Who has a ticket open just now, and which field they are in: a row a person, renewed by the page.

Nothing depends on it: it keeps two people from doing one thing twice, and is gone in a minute.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import ForeignKey, Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core import upsert
from hotline.core.db import Base
from hotline.core.roles import Actor
from hotline.staff.models import Staff
from hotline.tickets.models import Ticket

THERE: Final = dt.timedelta(seconds=45)  # three signs of life
FIELD: Final = 40
MOST: Final = 8


class Viewer(Base):
    """Somebody who has a ticket open.

    Attributes:
        field: What they are writing in: a field's name, an action, `note`; None while they read.
    """

    __tablename__ = "ticket_viewer"
    __table_args__ = (Index(None, "ticket_id", "seen_at"),)

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    field: Mapped[str | None] = mapped_column(String(FIELD))
    seen_at: Mapped[dt.datetime]


class Present(NamedTuple):
    """Somebody else at the same ticket."""

    name: str
    field: str | None


def look(
    session: Session, ticket: Ticket, field: str | None, *, actor: Actor, now: dt.datetime
) -> None:
    """Note that *actor* has *ticket* open and writes in *field*; what they left is forgotten."""
    gone = Viewer.staff_id == actor.id, Viewer.seen_at <= now - THERE
    session.execute(delete(Viewer).where(*gone))
    row = {"staff_id": actor.id, "ticket_id": ticket.id, "seen_at": now}
    seen = {"field": (field or "")[:FIELD] or None, "seen_at": now}
    session.execute(
        upsert.into(session, Viewer)
        .values({**row, **seen})
        .on_conflict_do_update(index_elements=["staff_id", "ticket_id"], set_=seen)
    )


def others(
    session: Session, ticket: Ticket, *, actor: Actor, now: dt.datetime
) -> Sequence[Present]:
    """Return who else has *ticket* open, those who write first."""
    rows = session.execute(
        select(Staff.name, Viewer.field)
        .join(Staff, Staff.id == Viewer.staff_id)
        .where(
            Viewer.ticket_id == ticket.id,
            Viewer.staff_id != actor.id,
            Viewer.seen_at > now - THERE,
        )
        .order_by(Viewer.field.is_(None), Viewer.staff_id)
        .limit(MOST)
    )
    return [Present(*row) for row in rows]
