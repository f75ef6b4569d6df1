"""A sign of life that a clock writes; readiness is judged by it, not by a running thread."""

import datetime as dt

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core.db import Base


class Heartbeat(Base):
    """When a clock was last heard from; one row a process."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[dt.datetime]


def beat(session: Session, name: str, *, now: dt.datetime) -> None:
    """Write that the clock *name* lives at *now*."""
    session.merge(Heartbeat(name=name, at=now))


def last_heard(session: Session) -> dt.datetime | None:
    """Return when any clock was last heard from."""
    return session.scalar(select(func.max(Heartbeat.at)))
