"""Claims, payments and instalments. Amounts are whole fen: 100 to the yuan."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt
from hotline.core.privacy import Sealed

OPEN = text("paid_at IS NULL AND missed_at IS NULL")


class Proof(StrEnum):
    """On whose word a payment counts, the best first (domain, section 3.3)."""

    BANK = "bank"  # level 1: a bank slip
    WORKER = "worker"  # level 2: the worker confirmed it
    UNIT = "unit"  # level 3: the unit said so


class Claim(Base):
    """What one claimant of a ticket is owed; what was paid stands in the payments."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("claimed >= 0 AND verified >= 0 AND agreed >= 0", name="not_negative"),
        Index(None, "ticket_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    name: Mapped[str] = mapped_column(Sealed("claim.name"))
    claimed: Mapped[int] = mapped_column(BigInt)
    verified: Mapped[int | None] = mapped_column(BigInt)
    agreed: Mapped[int | None] = mapped_column(BigInt)


class Instalment(Base):
    """A part of what was agreed, due on a day: an obligation of its ticket until it is paid."""

    __tablename__ = "instalment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="positive"),
        Index(None, "claim_id", "due_on"),
        Index("ix_instalment_open", "due_on", postgresql_where=OPEN, sqlite_where=OPEN),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"), unique=True)
    amount: Mapped[int] = mapped_column(BigInt)
    due_on: Mapped[dt.date]
    paid_at: Mapped[dt.datetime | None]
    missed_at: Mapped[dt.datetime | None]


class Payment(Base):
    """Money that reached a claimant. Rows are only ever added."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="positive"),
        Index(None, "claim_id", "id"),
        Index(None, "paid_on"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    instalment_id: Mapped[int | None] = mapped_column(ForeignKey("instalment.id"), unique=True)
    amount: Mapped[int] = mapped_column(BigInt)
    paid_on: Mapped[dt.date]
    proof: Mapped[Proof]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    noted_at: Mapped[dt.datetime]
