"""A second opinion on a calendar file: what a maintained library says of the same days.

The library (`chinesecalendar`) knows the years the State Council has announced up to its release;
of others it says nothing, and so does this file. It is a check against slips of the pen, never the
source: the notice is.
"""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

import chinese_calendar

from hotline.deadlines.arithmetic import Calendar
from hotline.deadlines.models import CalendarDay
from hotline.deadlines.queries import as_calendar


class Doubt(NamedTuple):
    """A day on which the file and the library differ; *worked* is what the file says."""

    day: dt.date
    worked: bool


def doubts(days: Iterable[CalendarDay]) -> list[Doubt]:
    """Return the days, of those for everybody, that the library judges otherwise."""
    given = sorted((row for row in days if row.scope == ""), key=lambda row: row.day)
    calendar: Calendar = as_calendar(given)
    return [
        Doubt(row.day, calendar.is_working(row.day))
        for row in given
        if knows(row.day.year)
        and chinese_calendar.is_workday(row.day) != calendar.is_working(row.day)
    ]


def knows(year: int) -> bool:
    """Return whether the library knows *year*."""
    try:
        chinese_calendar.is_workday(dt.date(year, 12, 31))
    except NotImplementedError:
        return False
    return True
