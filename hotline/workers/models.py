"""The people who call and write."""

import datetime as dt
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt
from hotline.core.privacy import INDEX_BYTES, Sealed

STANDING: Final = text("resumed_at IS NULL")


class Worker(Base):
    """One caller, known by number; a caller who withholds it is a new row each time."""

    __tablename__ = "worker"
    __table_args__ = (
        CheckConstraint("(phone IS NULL) = (phone_key IS NULL)", name="number_can_be_found"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    phone: Mapped[str | None] = mapped_column(Sealed("worker.phone"))
    phone_key: Mapped[bytes | None] = mapped_column(LargeBinary(INDEX_BYTES), unique=True)
    name: Mapped[str | None] = mapped_column(Sealed("worker.name"))
    language: Mapped[str] = mapped_column(String(8), default="zh")
    note: Mapped[str | None] = mapped_column(Sealed("worker.note"))
    opted_out_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]


class OptOutSource(StrEnum):
    """From whom we know that somebody wants no more SMS."""

    WORD = "by_word"  # an SMS of theirs said so
    CARRIER = "by_carrier"  # the carrier read the word and has answered it
    REFUSED = "by_refusal"  # the carrier refused an SMS of ours to them
    EARLIER = "by_earlier"  # before this ledger was kept


class OptOut(Base):
    """One line of the ledger: somebody left, and perhaps came back. A worker has one open line."""

    __tablename__ = "opt_out"
    __table_args__ = (
        Index(
            "uq_opt_out_standing",
            "worker_id",
            unique=True,
            postgresql_where=STANDING,
            sqlite_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id", ondelete="CASCADE"))
    source: Mapped[OptOutSource] = mapped_column(String(20))
    word: Mapped[str | None] = mapped_column(Sealed("opt_out.word"))
    left_at: Mapped[dt.datetime]
    resumed_at: Mapped[dt.datetime | None]
    resumed_by: Mapped[str | None] = mapped_column(Sealed("opt_out.resumed_by"))
