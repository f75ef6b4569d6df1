"""Carrier events that were taken: each key once, whatever is delivered twice or late.

An inbound SMS is its own inbox row (`message.provider_sid`); all other events are
entered here in the transaction of their effect, with the answer that was given.
"""

import datetime as dt

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core.db import Base, BigInt


class InboxEvent(Base):
    """One carrier event, its fingerprint, and the document it was answered with."""

    __tablename__ = "inbox_event"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str | None] = mapped_column(Text)
    at: Mapped[dt.datetime]
    conflicts: Mapped[int] = mapped_column(default=0)


def seen(session: Session, key: str, fingerprint: str) -> InboxEvent | None:
    """Return the event entered under *key*; count it as a conflict if it said something else."""
    event = session.scalar(select(InboxEvent).where(InboxEvent.key == key))
    if event is not None and event.fingerprint != fingerprint:
        event.conflicts += 1
    return event


def enter(
    session: Session, key: str, fingerprint: str, *, answer: str | None, now: dt.datetime
) -> None:
    """Enter an event. A second transaction that enters the same key fails and runs again."""
    session.add(InboxEvent(key=key, fingerprint=fingerprint, answer=answer, at=now))
    session.flush()
