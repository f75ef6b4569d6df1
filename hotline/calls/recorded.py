"""Sound files that the carrier told of: facts, until the recordings room takes them up."""

import datetime as dt
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.calls.models import Call
from hotline.core import upsert
from hotline.core.db import Base
from hotline.telephony.progress import Recording

UNTAKEN = text("NOT taken")


class CallRecording(Base):
    """One sound file at the carrier, however often it was told of.

    Attributes:
        message: Spoken by the caller alone.
        taken: Whether the recordings room has a row of its own for it.
    """

    __tablename__ = "call_recording"
    __table_args__ = (
        Index(
            "ix_call_recording_untaken",
            "told_at",
            postgresql_where=UNTAKEN,
            sqlite_where=UNTAKEN,
        ),
        Index(None, "call_id"),
    )

    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    seconds: Mapped[int]
    message: Mapped[bool]
    told_at: Mapped[dt.datetime]
    taken: Mapped[bool] = mapped_column(default=False)


_TABLE: Final[Any] = CallRecording.__table__


def enter(session: Session, call: Call, told: Recording, *, now: dt.datetime) -> None:
    """Keep that there is a recording of *call*; empty and unfinished ones are none."""
    if not told.heard:
        return
    call.left_message = call.left_message or told.message
    row = {
        "sid": told.sid,
        "call_id": call.id,
        "seconds": told.seconds,
        "message": told.message,
        "told_at": now,
        "taken": False,
    }
    session.flush()  # the call may be as new as its recording
    session.execute(upsert.into(session, _TABLE).on_conflict_do_nothing(), row)


def known(session: Session, sids: Collection[str]) -> set[str]:
    """Return of which of the carrier's *sids* we were told."""
    return set(session.scalars(select(CallRecording.sid).where(CallRecording.sid.in_(sids))))


def untaken(session: Session, *, limit: int) -> list[CallRecording]:
    """Return and lock recordings that nobody has taken up, the oldest first."""
    return list(
        session.scalars(
            select(CallRecording)
            .where(CallRecording.taken.is_(False))
            .order_by(CallRecording.told_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
