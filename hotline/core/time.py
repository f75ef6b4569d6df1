"""The one clock, and how moments are stored: aware, in UTC, on both engines."""

import datetime as dt
from typing import Any, Final, TypeVar

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

Day = TypeVar("Day", bound=dt.date)  # a moment is one, too
OUR_AGE: Final = range(1900, 2200)  # years; from a day of another age nothing can be counted


def utcnow() -> dt.datetime:
    """Return the present moment, aware and in UTC. Only doors ask; all else is told."""
    return dt.datetime.now(dt.UTC)


def of_our_age(day: Day) -> Day:
    """Return a *day* or moment that somebody named.

    Raises:
        ValueError: It is of another age than ours.
    """
    if day.year not in OUR_AGE:
        raise ValueError(f"{day} is of another age.")
    return day


class UTCDateTime(TypeDecorator[dt.datetime]):
    """An aware moment, stored in UTC.

    SQLite keeps no zone, so the zone is taken off on the way in and put back on
    the way out; PostgreSQL keeps `timestamptz`. A naive moment is refused.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Turn *value* into what the engine stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A moment needs a zone: {value!r}.")
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Give the stored moment its zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
