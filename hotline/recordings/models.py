"""Recordings: where each sound is, how long it stays, and who asked to hear it."""

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt, new_id
from hotline.core.privacy import Sealed
from hotline.messages.outgoing import Leased
from hotline.recordings.retention import Retention
from hotline.recordings.states import ON_DISK, TO_DO, Kind, RecordingState

UNDONE = text("due_at IS NOT NULL")
PASSING = text("state = 'kept' AND NOT held")
UNREAD = text("transcript IS NOT NULL AND read_at IS NULL")


def _exactly_when(states: frozenset[RecordingState], holds: str, name: str) -> CheckConstraint:
    listed = ", ".join(f"'{state}'" for state in sorted(states))
    return CheckConstraint(f"(state IN ({listed})) = ({holds})", name=name)


class RetentionClass(Base):
    """How many days the recordings of one class are kept."""

    __tablename__ = "retention_class"
    __table_args__ = (CheckConstraint("days > 0", name="some_days"),)

    code: Mapped[Retention] = mapped_column(primary_key=True)
    days: Mapped[int]


class Recording(Leased, Base):
    """One sound file: a conversation, or a message for us.

    Attributes:
        told_at: When the carrier told of it.
        seconds: How long it is, as the carrier counts.
        fault: Why the last attempt failed: a code.
        file: Its name in the folder of recordings; None while it is not there.
        size: Its plain bytes.
        sha256: Of the plain bytes, as they came from the carrier.
        peaks: The loudness of its parts, see `waveform`; None for a format we do not draw.
        released_at: When it was deleted at the carrier.
        last_day: The last day on which it is kept, unless it is held.
        held: A court or an inquiry needs it: nothing erases it.
        transcript: The words of a message, once somebody or something wrote them down.
        read_at: When the words were searched for danger.
    """

    __tablename__ = "recording"
    __table_args__ = (
        _exactly_when(TO_DO, "due_at IS NOT NULL", "work_has_a_moment"),
        _exactly_when(ON_DISK, "file IS NOT NULL", "on_disk_has_a_file"),
        _exactly_when(
            frozenset({RecordingState.ERASED}), "erased_at IS NOT NULL", "erased_has_a_moment"
        ),
        CheckConstraint(
            "file IS NULL OR (stored_at IS NOT NULL AND size IS NOT NULL AND sha256 IS NOT NULL)",
            name="file_is_known",
        ),
        CheckConstraint(
            "NOT held OR state NOT IN ('erasing', 'erased')", name="held_is_not_erased"
        ),
        Index("ix_recording_due", "due_at", postgresql_where=UNDONE, sqlite_where=UNDONE),
        Index("ix_recording_passing", "last_day", postgresql_where=PASSING, sqlite_where=PASSING),
        Index("ix_recording_unread", "id", postgresql_where=UNREAD, sqlite_where=UNREAD),
        Index(None, "call_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    carrier_sid: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[Kind]
    told_at: Mapped[dt.datetime]
    seconds: Mapped[int]

    state: Mapped[RecordingState] = mapped_column(default=RecordingState.DUE)
    fault: Mapped[str | None] = mapped_column(String(60))
    stored_at: Mapped[dt.datetime | None]
    file: Mapped[str | None] = mapped_column(String(60))
    size: Mapped[int | None] = mapped_column(BigInt)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    length_ms: Mapped[int | None]
    peaks: Mapped[bytes | None] = mapped_column(LargeBinary)
    released_at: Mapped[dt.datetime | None]

    retention: Mapped[Retention] = mapped_column(
        ForeignKey("retention_class.code"), default=Retention.ORDINARY
    )
    last_day: Mapped[dt.date]
    held: Mapped[bool] = mapped_column(default=False)
    erased_at: Mapped[dt.datetime | None]

    transcript: Mapped[str | None] = mapped_column(Sealed("recording.transcript"))
    read_at: Mapped[dt.datetime | None]


class Listening(Base):
    """Somebody said why they must hear a recording; it holds for their session.

    Attributes:
        session_id: The session's name among those of `staff`: a hash, no secret.
    """

    __tablename__ = "listening"
    __table_args__ = (UniqueConstraint("recording_id", "session_id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"))
    session_id: Mapped[str] = mapped_column(String(64))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(Sealed("listening.reason"))
    at: Mapped[dt.datetime]
