"""Callbacks: who is owed a call, which calls they missed us in, and who tried when."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.callbacks.states import OPEN, CallbackState, Outcome
from hotline.calls.states import EndState
from hotline.core.db import Base, BigInt, new_id
from hotline.core.privacy import Sealed

_OPEN = ", ".join(f"'{state}'" for state in sorted(OPEN))
UNCLOSED = text(f"state IN ({_OPEN})")


class Callback(Base):
    """What we owe a worker whom nobody answered: one while it is open, however often they call."""

    __tablename__ = "callback"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (next_due_at IS NOT NULL)", name="open_has_a_timer"),
        CheckConstraint("(state LIKE 'closed%') = (closed_at IS NOT NULL)", name="closed_when"),
        Index(
            "uq_callback_open_worker",
            "worker_id",
            unique=True,
            postgresql_where=UNCLOSED,
            sqlite_where=UNCLOSED,
        ),
        Index("ix_callback_due", "next_due_at", postgresql_where=UNCLOSED, sqlite_where=UNCLOSED),
        Index(None, "worker_id", "id"),
        Index(None, "opened_at"),
        Index(None, "ticket_id"),
        Index(None, "call_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))  # the call that opened it
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[CallbackState] = mapped_column(default=CallbackState.OPEN)
    reason: Mapped[EndState]
    opened_at: Mapped[dt.datetime]
    next_due_at: Mapped[dt.datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    urgent: Mapped[bool] = mapped_column(default=False)  # their message speaks of danger
    returned_by: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket.id", deferrable=True, initially="DEFERRED")  # the ticket goes last
    )
    closed_at: Mapped[dt.datetime | None]


class CallbackCall(Base):
    """A missed call that a callback answers for; every missed call has exactly one."""

    __tablename__ = "callback_call"

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), primary_key=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callback.id"), index=True)


class CallbackDial(Base):
    """A call that we placed to settle a callback; what came of it becomes an attempt.

    Attributes:
        settled_at: When its outcome was drawn; None while it is spoken or its record is open.
    """

    __tablename__ = "callback_dial"
    __table_args__ = (
        Index(
            "ix_callback_dial_open",
            "call_id",
            postgresql_where=text("settled_at IS NULL"),
            sqlite_where=text("settled_at IS NULL"),
        ),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), primary_key=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callback.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    settled_at: Mapped[dt.datetime | None]


class CallbackAttempt(Base):
    """Somebody called back: when, who, and what came of it."""

    __tablename__ = "callback_attempt"
    __table_args__ = (Index(None, "callback_id", "at"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callback.id"))
    at: Mapped[dt.datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[Outcome]
    note: Mapped[str | None] = mapped_column(Sealed("callback_attempt.note"))
