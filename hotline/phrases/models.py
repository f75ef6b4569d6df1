"""Canned texts, each with the unit whose people use it."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt


class Language(StrEnum):
    """What a text is written in: the languages that callers choose."""

    CHINESE = "zh"
    MONGOLIAN = "mn"
    ENGLISH = "en"


class Phrase(Base):
    """One canned text.

    Attributes:
        shortcut: What is typed after a slash.
        words: The text; `{number}` and the like are filled when it is used.
        unit_id: Whose people use it, with all below: the topmost unit means everybody.
        retired_at: When it was taken out of use; its row stays.
    """

    __tablename__ = "phrase"
    __table_args__ = (
        Index(
            "uq_phrase_in_use",
            "unit_id",
            "shortcut",
            "language",
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
            sqlite_where=text("retired_at IS NULL"),
        ),
        Index(None, "shortcut", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    shortcut: Mapped[str] = mapped_column(String(12))
    language: Mapped[Language]
    words: Mapped[str] = mapped_column(String(1000))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    retired_at: Mapped[dt.datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's form; two cannot both win
