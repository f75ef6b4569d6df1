"""Calls, what happened in each, what was said, and what the carrier must still be told."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.calls.states import CallState, Direction, Disposition, EndState, LegRole, Mode
from hotline.core.db import Base, BigInt, new_id
from hotline.core.privacy import Sealed
from hotline.messages.outgoing import Outgoing
from hotline.staff.presence import Line
from hotline.staff.skills import Skill

UNENDED = text("ended_at IS NULL")
UNSETTLED = text("ended_at IS NOT NULL AND disposition IS NULL")
OVER = text("end_state IS NOT NULL")
WAITING = text("state = 'waiting'")
HELD = text("state = 'sending'")
PRESENT = text("left_at IS NULL")


class Call(Base):
    """One call, from the first ring to the last word about it.

    The columns from `rang` to `carrier_sequence` are facts as `states` reads them;
    `state` and `end_state` follow from them and are written by `facts.settle` alone.
    """

    __tablename__ = "call"
    __table_args__ = (
        CheckConstraint("(state = 'ended') = (end_state IS NOT NULL)", name="ended_has_an_end"),
        CheckConstraint("(ended_at IS NULL) = (end_state IS NULL)", name="end_has_a_moment"),
        CheckConstraint("disposition <> 'registered' OR ticket_id IS NOT NULL", name="registered"),
        Index("ix_call_live", "queued_at", postgresql_where=UNENDED, sqlite_where=UNENDED),
        Index("ix_call_unsettled", "id", postgresql_where=UNSETTLED, sqlite_where=UNSETTLED),
        Index("ix_call_end", "end_state", "id", postgresql_where=OVER, sqlite_where=OVER),
        Index(None, "received_at"),
        Index(None, "staff_id", "id"),
        Index(None, "worker_id", "id"),
        Index(None, "ticket_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    provider_sid: Mapped[str | None] = mapped_column(String(64), unique=True)
    direction: Mapped[Direction] = mapped_column(default=Direction.INBOUND)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"))
    raw_from: Mapped[str] = mapped_column(Sealed("call.raw_from"))
    language: Mapped[str] = mapped_column(String(8), default="zh")
    need: Mapped[Skill | None]  # what the line they dialled is for

    state: Mapped[CallState] = mapped_column(default=CallState.RINGING)
    end_state: Mapped[EndState | None]
    disposition: Mapped[Disposition | None]
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket.id", deferrable=True, initially="DEFERRED")  # the ticket goes last
    )

    received_at: Mapped[dt.datetime]
    heard_at: Mapped[dt.datetime]  # the last sign of life from the carrier
    rang: Mapped[bool] = mapped_column(default=False)
    queued_at: Mapped[dt.datetime | None]
    queue_seconds: Mapped[int | None]  # as the carrier counts them
    left_queue: Mapped[bool] = mapped_column(default=False)  # to speak a message instead
    requeued_at: Mapped[dt.datetime | None]  # when a lost line put the caller back, lastly
    answered_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    left_message: Mapped[bool] = mapped_column(default=False)
    asked_back: Mapped[bool] = mapped_column(default=False)
    served_at: Mapped[dt.datetime | None]  # when a complete item of the keypad was heard, lastly
    turn_at: Mapped[dt.datetime | None]  # when who asked to be called would have been answered
    after_hours: Mapped[bool] = mapped_column(default=False)
    fault: Mapped[str | None] = mapped_column(String(40))
    carrier_status: Mapped[str | None] = mapped_column(String(20))
    carrier_sequence: Mapped[int] = mapped_column(default=-1)

    waited_ms: Mapped[int | None]  # from the queue's entry to an answer or the end
    talked_ms: Mapped[int | None]
    wrap_up_done_at: Mapped[dt.datetime | None]

    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # who spoke with them
    line: Mapped[Line | None]  # what rings, or rang, for this call
    offered_to: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    offered_at: Mapped[dt.datetime | None]
    accepted_at: Mapped[dt.datetime | None]
    offers: Mapped[int] = mapped_column(default=0)
    bridged_by: Mapped[int | None] = mapped_column(BigInt)  # the order that joins the two now
    conference_sid: Mapped[str | None] = mapped_column(String(64))
    held_at: Mapped[dt.datetime | None]  # since when the caller hears music; None: they do not
    held_ms: Mapped[int] = mapped_column(default=0)  # of all holds that are over


def still_waits() -> ColumnElement[bool]:
    """Return the condition that a queued caller has not left the queue for the voicemail."""
    return and_(Call.asked_back.is_(False), Call.left_queue.is_(False))


class CallEvent(Base):
    """Something that happened in a call, for whoever asks later."""

    __tablename__ = "call_event"
    __table_args__ = (Index(None, "call_id", "id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    at: Mapped[dt.datetime]
    kind: Mapped[str] = mapped_column(String(30))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Speaker(StrEnum):
    """Whose words they are."""

    CALLER = "caller"
    OPERATOR = "operator"


class CallWords(Base):
    """Words spoken in a call, written down."""

    __tablename__ = "call_words"
    __table_args__ = (Index(None, "call_id", "at", "id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    at: Mapped[dt.datetime]
    speaker: Mapped[Speaker] = mapped_column(default=Speaker.CALLER)
    text: Mapped[str] = mapped_column(Sealed("call_words.text"))


class OrderAct(StrEnum):
    """What the carrier is to do."""

    DIAL = "dial"  # ring a telephone or a browser
    REDIRECT = "redirect"  # lead the caller to another document
    ADJUST = "adjust"  # put somebody in the conference on hold, mute them, let them coach
    RECORD = "record"  # let the recording of the conversation stand still, or go on
    HANG_UP = "hang_up"


class CallOrder(Outgoing, Base):
    """Something the carrier must do in a call, sent after the commit that asked for it.

    Attributes:
        purpose: Once only: `dial:CALL:ROUND`.
        round: The how-manieth offer of the call it belongs to.
        staff_id: Whose line it rings or joins with the caller.
        address: Who is rung: a number, or `client:…` for a browser.
        target_sid: The leg to redirect, adjust or hang up.
        detail: Of a redirect the path `to` below `/phone`; of an adjustment what changes.
        provider_sid: The leg that a dial made, once known.
        refused: Whether the two were not joined after all.
    """

    __tablename__ = "call_order"
    __table_args__ = (
        Index("ix_call_order_due", "due_at", postgresql_where=WAITING, sqlite_where=WAITING),
        Index("ix_call_order_held", "lease_until", postgresql_where=HELD, sqlite_where=HELD),
        Index(None, "call_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    act: Mapped[OrderAct]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    round: Mapped[int] = mapped_column(default=0)
    purpose: Mapped[str] = mapped_column(String(120), unique=True)
    address: Mapped[str | None] = mapped_column(Sealed("call_order.address"))
    target_sid: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    provider_sid: Mapped[str | None] = mapped_column(String(64))
    refused: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]


class CallLeg(Base):
    """A party of a call besides the caller: rung by an order, then in the room, then gone.

    Attributes:
        order_id: The order that rings it; the order knows address and carrier id.
        name: Of a body outside, as the directory has it.
        asked_by: Who wanted it; None for the operator the call was offered to.
        joined_at: When it took up the telephone.
        mode: Of a supervisor: whether they listen, whisper or speak to all.
        outcome: What a body outside did in the matter, in an operator's words.
    """

    __tablename__ = "call_leg"
    __table_args__ = (
        Index(None, "call_id", "id"),
        Index("ix_call_leg_live", "asked_by", postgresql_where=PRESENT, sqlite_where=PRESENT),
        Index(None, "rang_at"),
        CheckConstraint("(role = 'supervisor') = (mode IS NOT NULL)", name="supervisor_has_mode"),
        CheckConstraint("staff_id IS NOT NULL OR name IS NOT NULL", name="is_somebody"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("call_order.id"), unique=True)
    role: Mapped[LegRole]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str | None] = mapped_column(String(80))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    rang_at: Mapped[dt.datetime]
    joined_at: Mapped[dt.datetime | None]
    left_at: Mapped[dt.datetime | None]
    muted: Mapped[bool] = mapped_column(default=False)
    mode: Mapped[Mode | None]
    outcome: Mapped[str | None] = mapped_column(Sealed("call_leg.outcome"))

    @property
    def present(self) -> bool:
        """Whether it rings or is in the room."""
        return self.left_at is None


class DirectoryEntry(Base):
    """A public service that can be called into a conversation.

    Attributes:
        number: As it is dialled: a short number, or E.164.
        emergency: Whether it is never capped: police, fire, ambulance.
        place: Where it stands in the list.
    """

    __tablename__ = "directory_entry"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(20))
    emergency: Mapped[bool]
    place: Mapped[int]


class ServiceLine(Base):
    """A number of the hotline's that is for something: law, psychology, Mongolian."""

    __tablename__ = "service_line"

    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(80))
    need: Mapped[Skill | None]


class OpeningHours(Base):
    """When a line is staffed, in minutes of a day: a weekday, or a kind of day of `calls.hours`.

    The line is a number of `service_line`, or empty for every number that has no rows.
    """

    __tablename__ = "opening_hours"
    __table_args__ = (CheckConstraint("opens < closes", name="opens_before_closing"),)

    line: Mapped[str] = mapped_column(String(20), primary_key=True, default="")
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opens: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closes: Mapped[int]
