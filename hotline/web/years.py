"""A year as a page shows it: twelve months of weeks, each day with what it is. Pure."""

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hotline.deadlines.arithmetic import SATURDAY
from hotline.deadlines.models import CalendarDay, DayKind


class Day(NamedTuple):
    """One day: its kind, what it is called, and whether that may still change."""

    day: dt.date
    kind: DayKind
    name: str | None
    provisional: bool


@dataclass(frozen=True)
class Year:
    """Twelve months; a week is seven days, None where a month has not begun or is over.

    Attributes:
        known: Whether the table has any day of it.
        provisional: Whether any day of it is.
        working: How many days of it are worked.
        sources: Who said so.
    """

    number: int
    months: Sequence[Sequence[Sequence[Day | None]]]
    known: bool
    provisional: bool
    working: int
    sources: Sequence[str]


def year_of(number: int, rows: Iterable[CalendarDay]) -> Year:
    """Return *number* as a year, by the rows that hold for everybody."""
    kept = {row.day: row for row in rows if row.scope == ""}
    weeks = calendar.Calendar().monthdatescalendar
    months = [
        [[_day(day, kept) if day.month == month else None for day in week]
         for week in weeks(number, month)]
        for month in range(1, 13)
    ]  # fmt: skip
    days = [day for month in months for week in month for day in week if day]
    return Year(
        number,
        months,
        bool(kept),
        any(day.provisional for day in days),
        sum(day.kind in {DayKind.WORKDAY, DayKind.MAKEUP} for day in days),
        sorted({row.source for row in kept.values()}),
    )


def _day(day: dt.date, kept: dict[dt.date, CalendarDay]) -> Day:
    row = kept.get(day)
    if row is None:
        kind = DayKind.REST if day.weekday() >= SATURDAY else DayKind.WORKDAY
        return Day(day, kind, None, True)
    return Day(day, row.kind, row.name, row.provisional)
