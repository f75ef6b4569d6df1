"""Forecasts as they were made, before the day: the board reads them, nobody alters them."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base


class DayForecast(Base):
    """The calls expected of a local day in each half hour, and with what they are reckoned.

    Attributes:
        course: 48 numbers.
        handling: Seconds a call took in the four weeks before.
    """

    __tablename__ = "day_forecast"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    course: Mapped[list[Any]] = mapped_column(JSON)
    handling: Mapped[int]
    made_at: Mapped[dt.datetime]
