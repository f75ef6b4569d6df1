"""Sheets, draws, what was drawn, and each scoring of it."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt, new_id
from hotline.core.privacy import Sealed


class Round(StrEnum):
    """Which scoring of a sample it is."""

    FIRST = "first"
    SECOND = "second"  # apart from the first, for the agreement of two
    APPEAL = "appeal"  # after the inspected person objected; it counts


class ScoreSheet(Base):
    """One version of the score sheet. Rows are only ever added.

    Attributes:
        definition: `items` with code, names and points, 100 in all; `fatal` with code and names.
    """

    __tablename__ = "score_sheet"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    definition: Mapped[dict[str, Any]]
    published_at: Mapped[dt.datetime]


class InspectionDraw(Base):
    """The draw of one month, which its seed gives again."""

    __tablename__ = "inspection_draw"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    month: Mapped[dt.date] = mapped_column(unique=True)  # its first day
    seed: Mapped[str] = mapped_column(String(32))
    drawn_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    drawn_at: Mapped[dt.datetime]


class InspectionSample(Base):
    """A call or a ticket of somebody's that is inspected, and the one appeal against it."""

    __tablename__ = "inspection_sample"
    __table_args__ = (
        CheckConstraint("(call_id IS NULL) <> (ticket_id IS NULL)", name="one_subject"),
        CheckConstraint("(appeal IS NULL) = (appealed_at IS NULL)", name="appeal_has_moment"),
        UniqueConstraint("call_id"),
        UniqueConstraint("draw_id", "ticket_id"),
        Index(None, "draw_id", "id"),
        Index(None, "staff_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    draw_id: Mapped[int] = mapped_column(ForeignKey("inspection_draw.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))  # whose work it is
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    double: Mapped[bool]
    appeal: Mapped[str | None] = mapped_column(Sealed("inspection_sample.appeal"))
    appealed_at: Mapped[dt.datetime | None]


class InspectionScore(Base):
    """One scoring of a sample by one person. Rows are only ever added."""

    __tablename__ = "inspection_score"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="score_on_scale"),
        UniqueConstraint("sample_id", "round"),
        UniqueConstraint("sample_id", "scored_by"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    sample_id: Mapped[int] = mapped_column(ForeignKey("inspection_sample.id"))
    round: Mapped[Round]
    sheet_version: Mapped[int] = mapped_column(ForeignKey("score_sheet.version"))
    points: Mapped[dict[str, Any]]
    fatal: Mapped[list[str]]
    score: Mapped[int]
    remark: Mapped[str | None] = mapped_column(Sealed("inspection_score.remark"))
    scored_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    scored_at: Mapped[dt.datetime]
