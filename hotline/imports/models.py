"""Files that were handed in, and their rows until each is taken in or forgotten."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt, new_id
from hotline.core.privacy import Sealed

RUNNING = text("confirmed_at IS NOT NULL AND finished_at IS NULL")


class Kind(StrEnum):
    """What the rows of a file are."""

    TICKETS = "tickets"
    EMPLOYERS = "employers"
    UNITS = "units"


class RowState(StrEnum):
    """Where a row stands."""

    GOOD = "good"  # may be taken in
    BAD = "bad"  # `faults` says why not
    THERE = "there"  # what it tells of is known already
    DONE = "done"


class ImportFile(Base):
    """One file of one kind; the same bytes handed in again are the same file.

    Attributes:
        digest: The SHA-256 of its bytes, in hexadecimal.
        heads: Its line of heads.
        uploaded_by: Who handed it in last; None for the command.
        good, bad, there, done: How many of its rows are in each state.
    """

    __tablename__ = "import_file"
    __table_args__ = (
        UniqueConstraint("kind", "digest"),
        CheckConstraint("finished_at IS NULL OR confirmed_at IS NOT NULL", name="asked_first"),
        Index(None, "uploaded_by", "id"),
        Index(None, "uploaded_at"),
        Index(
            "ix_import_file_running", "id", postgresql_where=RUNNING, sqlite_where=RUNNING
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    kind: Mapped[Kind]
    name: Mapped[str] = mapped_column(Sealed("import_file.name"))
    digest: Mapped[str] = mapped_column(String(64))
    heads: Mapped[list[str]]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    uploaded_at: Mapped[dt.datetime]
    confirmed_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]
    good: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    there: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)

    @property
    def running(self) -> bool:
        """Whether its rows are being taken in."""
        return self.confirmed_at is not None and self.finished_at is None

    @property
    def total(self) -> int:
        """How many rows it has, or had before they were forgotten."""
        return self.good + self.bad + self.there + self.done


class ImportRow(Base):
    """A row of a file. What it says is kept until it is taken in, a day at most.

    Attributes:
        line: Its line in the file, the heads being line 1.
        cells: Its texts in the order of the heads, as JSON.
        faults: Pairs of a head and what is wrong under it; no head where it is the whole row.
        subject_id: What it became.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        CheckConstraint("(state = 'done') = (cells IS NULL)", name="done_is_forgotten"),
        CheckConstraint("(state = 'done') = (subject_id IS NOT NULL)", name="done_has_subject"),
        Index(None, "file_id", "state", "line"),
    )

    file_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[RowState]
    cells: Mapped[str | None] = mapped_column(Sealed("import_row.cells"))
    faults: Mapped[list[Any]] = mapped_column(default=list)
    subject_id: Mapped[int | None] = mapped_column(BigInt)
