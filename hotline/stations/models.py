"""Stations: a place or a number that callers are told of, with the time in which that is true."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt


class Kind(StrEnum):
    """What sort of place or number it is."""

    STATION = "station"  # 工会驿站: a place to rest
    OFFICE = "office"
    HELPLINE = "helpline"


class Station(Base):
    """One place or number.

    Attributes:
        region_code: Whom it serves: a banner, a league or the whole region.
        hours: As on the door; `hours.read` reads it.
        valid_to: The last day; None while it stays.
    """

    __tablename__ = "station"
    __table_args__ = (
        CheckConstraint("address IS NOT NULL OR phone IS NOT NULL", name="can_be_reached"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_it_begins"),
        Index(None, "region_code", "id"),
        Index(None, "kind", "region_code", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[Kind]
    name: Mapped[str] = mapped_column(String(60))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    address: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(20))
    hours: Mapped[str] = mapped_column(String(70))
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's form; two cannot both win
