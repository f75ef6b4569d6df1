"""What hangs on a ticket: events, results, approvals, obligations, assists, urgings, files."""

import datetime as dt
import json
from enum import StrEnum
from typing import Any

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

from hotline.core.db import Base, BigInt
from hotline.core.privacy import Sealed
from hotline.tickets.contact import Way
from hotline.tickets.models import Outcome
from hotline.tickets.states import Action, State

CITED = text("article_version_id IS NOT NULL")


class EventKind(StrEnum):
    """What an entry of the timeline is."""

    ACTION = "action"  # a row of the state table was taken
    NOTE = "note"  # somebody wrote something down
    CALLER = "caller"  # a word from the caller
    IMPORT = "import"  # taken over from elsewhere; detail says under which number, since when
    EDIT = "edit"  # intake fields were corrected
    DEADLINE = "deadline"  # due_at moved; detail carries due_from
    ATTRIBUTE = "attribute"  # urgency, supervision, urging
    APPROVAL = "approval"  # asked, approved or denied
    PROPOSAL = "proposal"  # the system proposes, a person decides
    ATTACHMENT = "attachment"
    LINK = "link"  # another ticket belongs to it; detail names it
    TAG = "tag"  # set or taken off; the note names it
    CONTACT = "contact"  # the worker was spoken with, or rung in vain
    MONEY = "money"  # a claim, what was found and agreed, a payment, an instalment


class Decision(StrEnum):
    """What became of a request for approval."""

    ASKED = "asked"
    APPROVED = "approved"
    DENIED = "denied"
    LAPSED = "lapsed"  # the ticket went where nobody can decide it any more


class Allows(StrEnum):
    """What a caller's consent allows."""

    LOWER = "lower"  # a lower level of confidentiality
    EMPLOYER = "employer"  # the union inside the enterprise complained of


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
    """The result of one cycle; a rework adds another and keeps this one.

    Attributes:
        due_at: The deadline it was submitted under.
        gross_seconds: How long the cycle took, as the caller saw it.
        net_seconds: The same without the time the matter waited for the caller or was suspended.
        internal: What the caller does not read.
        contact: Words, beside the way, the moment or the reason for none.
        reply_key: The reply's look-up form: the same words elsewhere are boiler-plate.
        article_version_id: The version of an article it was answered with; its law stays with it.
    """

    __tablename__ = "ticket_result"
    __table_args__ = (
        Index(None, "ticket_id", "id"),
        Index(None, "reply_key"),
        Index(
            "ix_ticket_result_article_version_id", "article_version_id", "id",
            postgresql_where=CITED, sqlite_where=CITED,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    cycle: Mapped[int]
    outcome: Mapped[Outcome]
    reply: Mapped[str] = mapped_column(Sealed("ticket_result.reply"))
    contact: Mapped[str | None] = mapped_column(Sealed("ticket_result.contact"))
    contact_way: Mapped[Way | None]
    contact_at: Mapped[dt.datetime | None]
    contact_reason: Mapped[str | None] = mapped_column(String(40))
    internal: Mapped[str | None] = mapped_column(Sealed("ticket_result.internal"))
    reply_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    submitted_by: Mapped[int | None] = mapped_column(BigInt)
    submitted_at: Mapped[dt.datetime]
    approved_by: Mapped[int | None] = mapped_column(BigInt)
    approved_at: Mapped[dt.datetime | None]
    due_at: Mapped[dt.datetime | None]
    gross_seconds: Mapped[int | None] = mapped_column(BigInt)
    net_seconds: Mapped[int | None] = mapped_column(BigInt)
    article_version_id: Mapped[int | None] = mapped_column(ForeignKey("article_version.id"))


class Recheck(Base):
    """An answer that somebody looked at again because the law under it was amended."""

    __tablename__ = "recheck"

    change_id: Mapped[int] = mapped_column(ForeignKey("law_change.id"), primary_key=True)
    result_id: Mapped[int] = mapped_column(
        ForeignKey("ticket_result.id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        index=True,
    )
    checked_by: Mapped[int | None] = mapped_column(BigInt)
    at: Mapped[dt.datetime]


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
    """A unit that helps the lead unit: what it is asked for, and what it answered."""

    __tablename__ = "assist"
    __table_args__ = (
        UniqueConstraint("ticket_id", "unit_id"),
        Index(None, "unit_id", "ticket_id"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_moment"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    since: Mapped[dt.datetime]
    asked: Mapped[str | None] = mapped_column(Sealed("assist.asked"))
    due_at: Mapped[dt.datetime | None]
    answer: Mapped[str | None] = mapped_column(Sealed("assist.answer"))
    answered_at: Mapped[dt.datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Urging(Base):
    """A word to whoever holds the matter that wants a receipt: level 0 urges, 1 to 3 supervise."""

    __tablename__ = "urging"
    __table_args__ = (
        CheckConstraint("level BETWEEN 0 AND 3", name="level"),
        Index(None, "ticket_id", "id"),
        Index(
            "ix_urging_open",
            "due_at",
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    level: Mapped[int]
    text: Mapped[str] = mapped_column(Sealed("urging.text"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # None: a rule
    asked_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    told_at: Mapped[dt.datetime | None]
    late_told_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]  # answered, withdrawn or overtaken by the result
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answer: Mapped[str | None] = mapped_column(Sealed("urging.answer"))  # None: withdrawn


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


class Consent(Base):
    """The caller's consent to something that confidentiality forbids. Rows are only ever added.

    Attributes:
        level: Up to which level it holds; a ticket made more confidential needs another.
        words: What the caller said, or where it is recorded.
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index(None, "ticket_id", "allows"),
        CheckConstraint("level BETWEEN 0 AND 3", name="level"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", deferrable=True, initially="DEFERRED")  # the ticket goes last
    )
    allows: Mapped[Allows]
    level: Mapped[int]
    words: Mapped[str] = mapped_column(Sealed("consent.words"))
    recorded_by: Mapped[int | None] = mapped_column(BigInt)
    at: Mapped[dt.datetime]


class Keeper(Base):
    """One of the two persons who see a ticket of the highest level."""

    __tablename__ = "keeper"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seat"),
        CheckConstraint("seat IN (1, 2)", name="two_seats"),
        Index(None, "staff_id"),
    )

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    seat: Mapped[int]
    named_by: Mapped[int | None] = mapped_column(BigInt)
    at: Mapped[dt.datetime]
