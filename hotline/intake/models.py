"""What the carrier's own lists were compared with."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
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
        explanation: Why it is none all the same, in the words of who leads the desk.
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
    explanation: Mapped[str | None] = mapped_column(String(300))
    explained_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    explained_at: Mapped[dt.datetime | None]
