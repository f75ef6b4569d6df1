"""The sheet of a day: what came, what was closed, what is open, whose it is, what is wrong."""

import datetime as dt
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.language import local
from hotline.ledger.gaps import midnight
from hotline.ledger.models import LedgerDay, LedgerException
from hotline.tickets.models import IS_OPEN, Ticket


class Sheet(NamedTuple):
    """One day: what is counted from the rows, and what was written down while it was that day.

    Attributes:
        kept: None for a day on which no clock has looked.
    """

    day: dt.date
    opened: int
    closed: int
    found: int
    mended: int
    kept: LedgerDay | None


def sheet(session: Session, day: dt.date) -> Sheet:
    """Return the sheet of *day*; each count reads only that day's part of an index."""
    start, end = midnight(day), midnight(day + dt.timedelta(days=1))

    def during(column: Any) -> int:
        return session.scalar(select(func.count()).where(column >= start, column < end)) or 0

    return Sheet(
        day,
        opened=during(Ticket.received_at),
        closed=during(Ticket.resolved_at),
        found=during(LedgerException.opened_at),
        mended=during(LedgerException.closed_at),
        kept=session.get(LedgerDay, day),
    )


def write_sheet(session: Session, *, now: dt.datetime) -> None:
    """Write what only today can tell: how much is open, without an owner, and the oldest."""
    oldest = select(Ticket.number, Ticket.received_at).where(IS_OPEN).order_by(Ticket.id)
    number, since = session.execute(oldest.limit(1)).first() or (None, None)
    codes = session.scalars(
        select(LedgerException.code).where(LedgerException.closed_at.is_(None))
    ).all()
    session.merge(
        LedgerDay(
            day=local(now).date(),
            at=now,
            open=session.scalar(select(func.count()).select_from(Ticket).where(IS_OPEN)) or 0,
            ownerless=codes.count("I2"),
            exceptions=len(codes),
            oldest_number=number,
            oldest_at=since,
        )
    )
