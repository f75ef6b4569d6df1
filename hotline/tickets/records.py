"""What hangs on a ticket: events, results, approvals, obligations, assisting units, files."""

import datetime as dt
import json
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt
from hotline.core.privacy import Sealed
from hotline.tickets.models import Outcome
from hotline.tickets.states import Action, State


class EventKind(StrEnum):
    """What an entry of the timeline is."""

    ACTION = "action"  # a row of the state table was taken
    NOTE = "note"  # somebody wrote something down
    CALLER = "caller"  # a word from the caller
    EDIT = "edit"  # intake fields were corrected
    DEADLINE = "deadline"  # due_at moved; detail carries due_from
    ATTRIBUTE = "attribute"  # urgency, supervision, urging
    APPROVAL = "approval"  # asked, approved or denied
    PROPOSAL = "proposal"  # the system proposes, a person decides
    ATTACHMENT = "attachment"


class Decision(StrEnum):
    """What became of a request for approval."""

    ASKED = "asked"
    APPROVED = "approved"
    DENIED = "denied"


class TicketEvent(Base):
    """One entry of a ticket's timeline. Rows are only ever added."""

    __tablename__ = "ticket_event"
    __table_args__ = (Index(None, "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", deferrable=True, initially="DEFERRED")  # the ticket goes last
    )
    at: Mapped[dt.datetime]
    kind: Mapped[EventKind]
    cycle: Mapped[int] = mapped_column(default=1)
    action: Mapped[Action | None]
    from_state: Mapped[State | None]
    to_state: Mapped[State | None]
    actor_id: Mapped[int | None] = mapped_column(BigInt)
    actor_name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str | None] = mapped_column(Sealed("ticket_event.note"))
    given: Mapped[str | None] = mapped_column(Sealed("ticket_event.given"))  # JSON
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def fields(self) -> dict[str, Any]:
        """What the action was given: its fields by name."""
        found: dict[str, Any] = json.loads(self.given) if self.given else {}
        return found


class TicketResult(Base):
    """The result of one cycle; a rework adds another and keeps this one."""

    __tablename__ = "ticket_result"
    __table_args__ = (Index(None, "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    cycle: Mapped[int]
    outcome: Mapped[Outcome]
    reply: Mapped[str] = mapped_column(Sealed("ticket_result.reply"))
    contact: Mapped[str | None] = mapped_column(Sealed("ticket_result.contact"))
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    submitted_by: Mapped[int | None] = mapped_column(BigInt)
    submitted_at: Mapped[dt.datetime]
    approved_by: Mapped[int | None] = mapped_column(BigInt)
    approved_at: Mapped[dt.datetime | None]


class Approval(Base):
    """A step that waits for a second person. One open request per ticket and action."""

    __tablename__ = "approval"
    __table_args__ = (
        Index(
            "ix_approval_open",
            "ticket_id",
            "action",
            unique=True,
            postgresql_where=text("decision = 'asked'"),
            sqlite_where=text("decision = 'asked'"),
        ),
        Index(None, "ticket_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    action: Mapped[str] = mapped_column(String(40))
    fields: Mapped[str] = mapped_column(Sealed("approval.fields"))  # JSON, see `given`
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[dt.datetime]
    decision: Mapped[Decision] = mapped_column(default=Decision.ASKED)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[dt.datetime | None]
    reason: Mapped[str | None] = mapped_column(Sealed("approval.reason"))

    @property
    def given(self) -> dict[str, Any]:
        """What was asked with: the action's fields by name."""
        found: dict[str, Any] = json.loads(self.fields)
        return found


class Obligation(Base):
    """Something still owed on a ticket; while one is open the ticket is not archived."""

    __tablename__ = "obligation"
    __table_args__ = (
        Index(
            "ix_obligation_open",
            "ticket_id",
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(Sealed("obligation.what"))
    opened_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]


class Assist(Base):
    """A unit that helps the lead unit."""

    __tablename__ = "assist"
    __table_args__ = (UniqueConstraint("ticket_id", "unit_id"), Index(None, "unit_id", "ticket_id"))

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    since: Mapped[dt.datetime]


class Attachment(Base):
    """A file on a ticket, kept in the database so that one backup holds all."""

    __tablename__ = "attachment"
    __table_args__ = (Index(None, "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    name: Mapped[str] = mapped_column(Sealed("attachment.name"))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[int | None] = mapped_column(BigInt)
    added_at: Mapped[dt.datetime]
