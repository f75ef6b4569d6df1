"""The rollup: how often each fact was true on each local day, and how far it has read."""

import datetime as dt

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt


class DailyCount(Base):
    """One fact on one local day, for one unit, region, category and channel.

    Of a sum *n* is milliseconds or fen. A step of a histogram is `name:seconds`.

    The key begins with the fact, so that a rate reads only its own rows. A count of 0
    has no row. An empty region or category means: not known yet, or a call.
    """

    __tablename__ = "daily_count"
    __table_args__ = (Index(None, "day"),)

    fact: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    region_code: Mapped[str] = mapped_column(String(20), primary_key=True)
    category_code: Mapped[str] = mapped_column(String(20), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    n: Mapped[int] = mapped_column(BigInt)


class DailyCut(Base):
    """One fact on one local day, cut another way: by operator, language or hour; and by unit.

    These stand beside `DailyCount` and not in its key: its rows would be as many as the calls.
    So a question may keep to one of them, and to a unit, and to nothing else besides.

    Attributes:
        way: `operator`, `language` or `hour`.
        key: An operator's id, a language, an hour from 00; empty where there is none.
    """

    __tablename__ = "daily_cut"
    __table_args__ = (Index(None, "day"),)

    way: Mapped[str] = mapped_column(String(10), primary_key=True)
    fact: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    unit_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(BigInt)


class RollupMark(Base):
    """How far the job has read one journal.

    Ids commit out of order: a transaction may take a small id and commit it late. So
    the job keeps the last ids it has read and looks for others among them, instead of
    trusting that nothing appears below the highest.
    """

    __tablename__ = "rollup_mark"

    journal: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[dt.datetime]  # when the job last looked: the numbers are true as of then
    floor: Mapped[int] = mapped_column(BigInt, default=0)
    seen: Mapped[list[int]] = mapped_column(JSON, default=list)


class CountedTicket(Base):
    """Where a ticket was counted last: when it moves, its old days are counted anew too."""

    __tablename__ = "counted_ticket"

    ticket_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    due_original: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    resolved_at: Mapped[dt.datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(BigInt)
