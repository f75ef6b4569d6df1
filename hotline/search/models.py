"""The index of tickets' words, and how far it has been written."""

from typing import Any, Final

from sqlalchemy import JSON, Dialect, ForeignKey, Index, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from hotline.core.db import Base, BigInt

FULL_TEXT: Final = "ticket_words_fts"  # SQLite's index of `ticket_words`, kept by triggers


class Keys(TypeDecorator[list[int]]):
    """Numbers that stand for words: an array on PostgreSQL, hexadecimal words on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Return the type that the engine has an index for."""
        array = dialect.name == "postgresql"
        return dialect.type_descriptor(ARRAY(Integer) if array else Text())

    def process_bind_param(self, value: list[int] | None, dialect: Dialect) -> Any:
        """Write them as the engine's index reads them."""
        return value if value is None or dialect.name == "postgresql" else spelled(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> list[int] | None:
        """Read them back."""
        del dialect
        if value is None:
            return None
        return [int(each, 16) for each in value.split()] if isinstance(value, str) else list(value)


def spelled(keys: list[int]) -> str:
    """Return *keys* as words for SQLite's full-text index."""
    return " ".join(f"{key:x}" for key in keys)


class TicketWords(Base):
    """The words a ticket is found by, each as a keyed number (`privacy.word_key`).

    Those said and written about it since are among them. A ticket that two people may read has
    no row here.
    """

    __tablename__ = "ticket_words"
    __table_args__ = (
        Index("ix_ticket_words_keys", "keys", postgresql_using="gin").ddl_if("postgresql"),
    )

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id"), primary_key=True, autoincrement=False
    )
    keys: Mapped[list[int]] = mapped_column(Keys)


class WordsMark(Base):
    """How far the job has read the timeline of tickets, which tells of every change."""

    __tablename__ = "words_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    floor: Mapped[int] = mapped_column(BigInt, default=0)
    seen: Mapped[list[int]] = mapped_column(JSON, default=list)
