"""What the ledger found, how far it has looked, the sheet of each day, and the chain of seals."""

import datetime as dt

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt

OPEN = text("closed_at IS NULL")
LATE = text("late > 0")


class LedgerCheck(Base):
    """How one invariant stands; one row each.

    Attributes:
        holds: Whether no exception is open.
        since: Since when it holds, or does not.
        checked_at: When the clock last asked it of what had changed.
        whole_at: When it was last asked of everything, by `flask ledger check`.
    """

    __tablename__ = "ledger_check"

    code: Mapped[str] = mapped_column(String(4), primary_key=True)
    holds: Mapped[bool]
    since: Mapped[dt.datetime]
    checked_at: Mapped[dt.datetime]
    whole_at: Mapped[dt.datetime | None]


class LedgerException(Base):
    """One thing for which an invariant does not hold, from when it was found until it was mended.

    Attributes:
        kind: What sort of thing it is (`ticket`, `call`, `day` …).
        subject: Its id; of a day the ordinal, of a seal the number.
        label: What people call it: a ticket's number, a day, a row of the record.
        what: A code of `faults.SENTENCES`.
        unit_id: Whose matter it is; None for the whole hotline's.
    """

    __tablename__ = "ledger_exception"
    __table_args__ = (
        Index(
            "ix_ledger_exception_open",
            "code",
            "kind",
            "subject",
            "what",
            "label",
            unique=True,
            postgresql_where=OPEN,
            sqlite_where=OPEN,
        ),
        Index(None, "opened_at"),
        Index(None, "closed_at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    code: Mapped[str] = mapped_column(String(4))
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[int] = mapped_column(BigInt)
    label: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    opened_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]


class Reading(Base):
    """How a row that may change read when a journal last told of it; see `readings`.

    Attributes:
        kind, subject: The thing the row belongs to.
        mac: The keyed hash of what figures read in it.
    """

    __tablename__ = "reading"
    __table_args__ = (Index(None, "kind", "subject"),)

    origin: Mapped[str] = mapped_column(String(40), primary_key=True)
    row_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[int] = mapped_column(BigInt)
    mac: Mapped[bytes] = mapped_column(LargeBinary(16))


class LedgerMark(Base):
    """How far the ledger has read one table: as a journal, and on its round through all rows.

    Attributes:
        floor, seen: See `core.journal.Place`.
        passed: The last id of the round; it begins anew at the end of the table.
    """

    __tablename__ = "ledger_mark"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    floor: Mapped[int] = mapped_column(BigInt, default=0)
    seen: Mapped[list[int]] = mapped_column(JSON, default=list)
    passed: Mapped[int] = mapped_column(BigInt, default=0)


class LedgerDay(Base):
    """The sheet of one local day, as it stood when the clock last looked during that day."""

    __tablename__ = "ledger_day"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    open: Mapped[int]
    ownerless: Mapped[int]
    exceptions: Mapped[int]
    oldest_number: Mapped[str | None] = mapped_column(String(16))
    oldest_at: Mapped[dt.datetime | None]


class Seal(Base):
    """A batch of rows of the record, bound to all before it and signed. Rows are only ever added.

    Attributes:
        number: Counts from 1 without a gap, through both tables.
        origin: The table the rows are of.
        first_id, last_id: The span of ids that this seal answers for: every row there is in it,
            but for those that committed later and stand in a later seal.
        late: How many of its rows lie below that span, having committed late.
        leaves: For each row its id, 8 bytes, and the SHA-256 of its line, 32 bytes.
        previous, hash: The chain; see `chain.digest`.
        signature: Ed25519 over `hash`.
    """

    __tablename__ = "seal"
    __table_args__ = (
        Index(None, "origin", "number"),
        Index(None, "origin", "last_id"),
        Index("ix_seal_late", "number", postgresql_where=LATE, sqlite_where=LATE),
    )

    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(String(40))
    first_id: Mapped[int] = mapped_column(BigInt)
    last_id: Mapped[int] = mapped_column(BigInt)
    count: Mapped[int]
    late: Mapped[int]
    leaves: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[dt.datetime]
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
