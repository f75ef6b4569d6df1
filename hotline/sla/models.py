"""What the clock has told whom: rungs of the ladder, escalations, reminders, countdowns."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt, new_id
from hotline.core.roles import Role
from hotline.sla.ladder import Place


class LadderRung(Base):
    """Who hears of a matter that is late, and how long after `due_at`.

    Attributes:
        urgency: The urgency of the tickets it holds for; urgent ones run in natural time.
        patience: A time limit counted from `due_at`, as deadlines write it (`1wd`, `30min`);
            None means at once.
    """

    __tablename__ = "ladder_rung"

    urgency: Mapped[str] = mapped_column(String(20), primary_key=True)
    rung: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[Place]
    role: Mapped[Role]
    patience: Mapped[str | None] = mapped_column(String(12))


class Escalation(Base):
    """A late ticket told to one rung. The unique key is the promise: once, whatever happens."""

    __tablename__ = "escalation"
    __table_args__ = (UniqueConstraint("ticket_id", "cycle", "rung"), Index(None, "at"))

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    cycle: Mapped[int]
    rung: Mapped[int]
    unit_id: Mapped[int] = mapped_column(BigInt)
    at: Mapped[dt.datetime]


class Rise(Base):
    """A step that nobody of its own unit may take, told further up; once a step.

    Attributes:
        occasion: The step: a state and its cycle (`result_review:1`), or `approval:ID`.
    """

    __tablename__ = "rise"
    __table_args__ = (UniqueConstraint("ticket_id", "occasion"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    occasion: Mapped[str] = mapped_column(String(60))
    at: Mapped[dt.datetime]


class Alert(Base):
    """Something a member of staff has to hear by SMS; what waits for one person goes as one.

    Attributes:
        template, params: The words, should it be the only one.
        at_once: Waits for nothing: the matter is critical.
        texted_at: When the SMS that holds it was ordered.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "ix_alert_untold",
            "staff_id",
            "id",
            postgresql_where=text("texted_at IS NULL"),
            sqlite_where=text("texted_at IS NULL"),
        ),
        Index(None, "staff_id", "texted_at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    template: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]]
    at_once: Mapped[bool] = mapped_column(default=False)
    at: Mapped[dt.datetime]
    texted_at: Mapped[dt.datetime | None]


class Reminder(Base):
    """A reminder that was given, once: at *percent* of the time of *occasion*.

    An occasion is the deadline of a cycle under one service class (`due:1:wages`).
    """

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("ticket_id", "occasion", "percent"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    occasion: Mapped[str] = mapped_column(String(60))
    percent: Mapped[int]
    at: Mapped[dt.datetime]


class Countdown(Base):
    """When the next reminder of a ticket falls due, made anew whenever `due_at` moves.

    Attributes:
        seconds: The net time of this cycle, as first promised.
        percent: The share of it at which the next reminder falls due.
        next_at: That moment; None when all were given.
    """

    __tablename__ = "countdown"
    __table_args__ = (
        Index(
            "ix_countdown_next",
            "next_at",
            postgresql_where=text("next_at IS NOT NULL"),
            sqlite_where=text("next_at IS NOT NULL"),
        ),
    )

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id"), primary_key=True, autoincrement=False
    )
    cycle: Mapped[int]
    class_code: Mapped[str] = mapped_column(String(40))
    due_at: Mapped[dt.datetime]
    seconds: Mapped[int]
    percent: Mapped[int | None]
    next_at: Mapped[dt.datetime | None]


class DeadlineMove(Base):
    """A deadline that a calendar moved: one line of the change list of its import."""

    __tablename__ = "deadline_move"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("calendar_import.id"), primary_key=True, autoincrement=False
    )
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id"), primary_key=True, autoincrement=False
    )
    before: Mapped[dt.datetime]
    after: Mapped[dt.datetime]
