"""What the carrier's own lists were compared with, and how often somebody pressed a wrong PIN."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt, new_id

OPEN = text("mended_at IS NULL")


class Kind(StrEnum):
    """What the carrier lists."""

    CALL_IN = "call_in"
    CALL_OUT = "call_out"
    SMS_IN = "sms_in"
    SMS_OUT = "sms_out"
    RECORDING = "recording"


class Gap(StrEnum):
    """What we had not been told."""

    UNKNOWN = "unknown"  # that there was such a thing
    UNHEARD = "unheard"  # when a call began
    UNENDED = "unended"  # that a call is over
    UNSETTLED = "unsettled"  # what became of an SMS


class Reconciliation(Base):
    """A quarter of an hour that was compared with the carrier's lists.

    Attributes:
        since: Its beginning.
        compared_at: When it was last compared.
        next_at: When it is to be compared again; None when it never will be by itself.
        listed: How many of each `Kind` the carrier lists in it.
    """

    __tablename__ = "reconciliation"

    since: Mapped[dt.datetime] = mapped_column(primary_key=True)
    compared_at: Mapped[dt.datetime]
    next_at: Mapped[dt.datetime | None]
    listed: Mapped[dict[str, Any]]


class Difference(Base):
    """Something the carrier lists and we did not know: once, however often it is found.

    Attributes:
        sid: The carrier's id of the call or SMS.
        at: When it began, by the carrier's clock.
        mended_at: When our rows agreed with the carrier; None while they do not.
    """

    __tablename__ = "reconciliation_difference"
    __table_args__ = (
        UniqueConstraint("sid", "gap"),
        Index(None, "at"),
        Index("ix_reconciliation_difference_open", "at", postgresql_where=OPEN, sqlite_where=OPEN),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    kind: Mapped[Kind]
    gap: Mapped[Gap]
    sid: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]
    found_at: Mapped[dt.datetime]
    mended_at: Mapped[dt.datetime | None]


class WrongPin(Base):
    """The wrong tries of one caller, or at one ticket, of the last day.

    Attributes:
        key: The keyed hash of the caller or of the number that was pressed.
        moments: When, in ISO 8601, oldest first.
    """

    __tablename__ = "wrong_pin"

    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    moments: Mapped[list[str]]
    last_at: Mapped[dt.datetime] = mapped_column(index=True)
