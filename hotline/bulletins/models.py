"""Bulletins: each edition of a published period, signed. Rows are only ever added."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hotline.bulletins.periods import PeriodKind
from hotline.core.db import Base, BigInt


class Bulletin(Base):
    """One edition of the numbers of one period.

    Attributes:
        edition: 1 for what was frozen; each restatement is the next.
        as_of: The moment the numbers are true of.
        by: The login of who published it, or the clock's rule.
        reason: Why it was restated, in the words of who did; None for the first edition.
        content: The text that is signed; see `content.text`.
        previous, hash: SHA-256 of the edition before (32 zero bytes for none), and of
            *previous* followed by the content.
        signature: Ed25519 over *hash*.
    """

    __tablename__ = "bulletin"
    __table_args__ = (
        UniqueConstraint("kind", "first", "edition"),
        CheckConstraint("(edition = 1) = (reason IS NULL)", name="restated_with_reason"),
        CheckConstraint("last >= first", name="ends_after_it_begins"),
        Index(None, "first", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    kind: Mapped[PeriodKind]
    first: Mapped[dt.date]
    last: Mapped[dt.date]
    edition: Mapped[int]
    as_of: Mapped[dt.datetime]
    published_at: Mapped[dt.datetime]
    by: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str | None] = mapped_column(String(500))
    content: Mapped[str] = mapped_column(Text)
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
