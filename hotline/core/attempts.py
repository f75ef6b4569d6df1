"""How often something may be tried within some time: an exact count in the database.

It fails closed: who counts under the same key waits for the other's row, on both engines.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import LargeBinary, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core.db import Base
from hotline.core.privacy import blind_index

KEPT: Final = dt.timedelta(days=1)  # no limit looks further back


class Attempts(Base):
    """The latest attempts under one key.

    Attributes:
        key: The keyed hash of what was tried: no address or telephone number is kept.
        moments: When, in ISO 8601, oldest first.
    """

    __tablename__ = "attempts"

    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    moments: Mapped[list[str]]
    last_at: Mapped[dt.datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Limit:
    """At most so many attempts at *what* in any stretch of time *within*."""

    what: str
    most: int
    within: dt.timedelta


def barred_until(session: Session, limit: Limit, *, now: dt.datetime) -> dt.datetime | None:
    """Return when the next attempt is allowed again; None when it is allowed now.

    The row is held until the transaction ends.
    """
    recent = _recent(_row(session, limit, now), limit, now)
    if len(recent) < limit.most:
        return None
    return dt.datetime.fromisoformat(recent[-limit.most]) + limit.within


def count(session: Session, limit: Limit, *, now: dt.datetime) -> None:
    """Count an attempt."""
    row = _row(session, limit, now)
    row.moments, row.last_at = [*_recent(row, limit, now), now.isoformat()], now


def strike_out(session: Session, limit: Limit, *, counted_at: dt.datetime) -> None:
    """Count the attempt of *counted_at* no more."""
    row = _row(session, limit, counted_at)
    moments = list(row.moments)
    if counted_at.isoformat() in moments:
        moments.remove(counted_at.isoformat())
        row.moments = moments


def forget(session: Session, *, now: dt.datetime) -> None:
    """Delete the attempts that no limit counts any more."""
    session.execute(delete(Attempts).where(Attempts.last_at <= now - KEPT))


def _row(session: Session, limit: Limit, now: dt.datetime) -> Attempts:
    """Return the locked row of a key; two that make it at once run again by its unique key."""
    key = blind_index(limit.what)
    row = session.scalar(select(Attempts).where(Attempts.key == key).with_for_update())
    if row is None:
        row = Attempts(key=key, moments=[], last_at=now)
        session.add(row)
        session.flush()
    return row


def _recent(row: Attempts, limit: Limit, now: dt.datetime) -> list[str]:
    since = now - limit.within
    return [moment for moment in row.moments if dt.datetime.fromisoformat(moment) > since]
