"""A campaign: a tag with its days and what is to be reached."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt


class Campaign(Base):
    """A tag with its days and what is to be reached in them; the tag's unit leads it.

    Attributes:
        target_settled: How many matters are to be settled.
        target_paid: How much money is to reach workers, in fen.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        CheckConstraint("target_settled > 0 AND target_paid > 0", name="positive"),
        CheckConstraint(
            "target_settled IS NOT NULL OR target_paid IS NOT NULL", name="has_a_target"
        ),
        Index(None, "ends_on", "tag_id"),
    )

    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    target_settled: Mapped[int | None]
    target_paid: Mapped[int | None] = mapped_column(BigInt)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's form; two cannot both win
