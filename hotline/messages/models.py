"""Messages in and out, notices on the desk, and how the carrier has been answering."""

import datetime as dt
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

from hotline.core.db import Base, BigInt, new_id
from hotline.core.privacy import INDEX_BYTES, Sealed
from hotline.messages.outgoing import Outgoing
from hotline.messages.states import Direction, MessageKind, Policy


class Message(Outgoing, Base):
    """One SMS. What comes in is entered under the carrier's id, once; what goes out is an order.

    Attributes:
        provider_sid: The carrier's id: the inbox of inbound SMS is this unique key.
        purpose: What an outgoing message is for, once only (`survey:991:1`).
        address, address_key: The other side's number, or the name it writes under.
        block_key: The number without its last two digits; see `caps.py`.
        body: The words; for a template None until it is sent.
        params: What the template's gaps are filled with.
        wording_id: The version it was written from; None for what came with the program.
        rank: The highest report of the carrier so far, see `states.RANKS`.
        sent_at: When it was handed to the carrier; None again if it certainly was not taken.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(
            "(direction = 'in') = (state = 'received')", name="received_is_what_comes_in"
        ),
        CheckConstraint(
            "direction = 'out' OR provider_sid IS NOT NULL", name="inbound_has_provider_id"
        ),
        CheckConstraint("body IS NOT NULL OR template IS NOT NULL", name="has_words"),
        CheckConstraint(
            "state NOT IN ('delivered', 'failed', 'cancelled') OR settled_at IS NOT NULL",
            name="settled_has_moment",
        ),
        Index(
            "ix_message_due",
            "priority",
            "due_at",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_message_in_doubt",
            "lease_until",
            postgresql_where=text("state IN ('sending', 'uncertain')"),
            sqlite_where=text("state IN ('sending', 'uncertain')"),
        ),
        *(
            Index(
                f"ix_message_{name}",
                *columns,
                postgresql_where=text("sent_at IS NOT NULL"),
                sqlite_where=text("sent_at IS NOT NULL"),
            )
            for name, columns in {
                "rate": ("sent_at",),
                "rate_of_number": ("address_key", "sent_at"),
                "rate_of_block": ("block_key", "sent_at"),
            }.items()
        ),
        Index(None, "ticket_id", "id"),
        Index(None, "worker_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    direction: Mapped[Direction]
    kind: Mapped[MessageKind]
    policy: Mapped[Policy] = mapped_column(default=Policy.RESEND)
    provider_sid: Mapped[str | None] = mapped_column(String(64), unique=True)
    purpose: Mapped[str | None] = mapped_column(String(120), unique=True)
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket.id", deferrable=True, initially="DEFERRED")
    )
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"))
    staff_id: Mapped[int | None] = mapped_column(BigInt)
    address: Mapped[str | None] = mapped_column(Sealed("message.address"))
    address_key: Mapped[bytes | None] = mapped_column(LargeBinary(INDEX_BYTES))
    block_key: Mapped[bytes | None] = mapped_column(LargeBinary(INDEX_BYTES))
    body: Mapped[str | None] = mapped_column(Sealed("message.body"))
    template: Mapped[str | None] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    language: Mapped[str] = mapped_column(String(8), default="zh")
    wording_id: Mapped[int | None] = mapped_column(ForeignKey("wording.id"))
    segments: Mapped[int | None]
    rank: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]


class Wording(Base):
    """One version of what an SMS says in place of the text in `wording.py`. Rows are only added."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("template", "language", "version"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    template: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    version: Mapped[int]
    words: Mapped[str] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(String(200))
    written_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    written_at: Mapped[dt.datetime]


class DeskNotice(Base):
    """A line on somebody's desk: the text is a key of the catalogue with its params."""

    __tablename__ = "desk_notice"
    __table_args__ = (
        Index(
            "ix_desk_notice_unread",
            "staff_id",
            "id",
            postgresql_where=text("read_at IS NULL"),
            sqlite_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    purpose: Mapped[str | None] = mapped_column(String(120), unique=True)
    at: Mapped[dt.datetime]
    kind: Mapped[str] = mapped_column(String(40))
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket.id", deferrable=True, initially="DEFERRED")
    )
    text: Mapped[str] = mapped_column(String(200))
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    read_at: Mapped[dt.datetime | None]


class CarrierHealth(Base):
    """How often in a row the carrier failed, shared by all who send; no row means well."""

    __tablename__ = "carrier_health"

    service: Mapped[str] = mapped_column(String(20), primary_key=True)
    failures: Mapped[int]
    retry_at: Mapped[dt.datetime]
