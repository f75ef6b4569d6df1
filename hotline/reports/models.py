"""Walls: addresses that show the hotline's numbers to a room without anybody logged in."""

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt


class Wall(Base):
    """One screen on a wall. Only the hash of its address's secret is kept."""

    __tablename__ = "wall"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    made_by: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"))
    made_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
