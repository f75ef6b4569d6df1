"""When a line is open, and when it opens next. Pure: local times in, local times out."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from hotline.deadlines.arithmetic import Calendar

DAY: Final = dt.timedelta(days=1)
AHEAD: Final = 15  # days to look for an opening: longer than any holiday
HOLIDAY: Final = 7  # after the weekdays: a day off that has a name
MAKEUP: Final = 8  # a day of the weekend that is worked


@dataclass(frozen=True)
class Span:
    """A stretch of a day in minutes, which ends before *closes*.

    Attributes:
        weekday: Monday 0 to Sunday 6, `HOLIDAY` or `MAKEUP`.
    """

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True)
class Hours:
    """The opening hours of one line, and the calendar that tells holidays from weekdays."""

    spans: tuple[Span, ...]
    calendar: Calendar = field(default=Calendar(), compare=False)

    def of(self, day: dt.date) -> list[Span]:
        """Return the spans of one day."""
        kind = _kind(day, self.calendar)
        return [span for span in self.spans if span.weekday == kind]


def _kind(day: dt.date, calendar: Calendar) -> int:
    if day in calendar.names:
        return HOLIDAY
    return MAKEUP if day in calendar.on else day.weekday()


def is_open(hours: Hours, moment: dt.datetime) -> bool:
    """Return whether *moment*, in the hotline's zone, lies in one of the spans."""
    minute = moment.hour * 60 + moment.minute
    return any(span.opens <= minute < span.closes for span in hours.of(moment.date()))


def next_open(hours: Hours, moment: dt.datetime) -> dt.datetime:
    """Return *moment* itself while open, else the next opening; *moment* if there is none."""
    if is_open(hours, moment):
        return moment
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    openings = (
        day + dt.timedelta(minutes=span.opens)
        for day in (midnight + ahead * DAY for ahead in range(AHEAD))
        for span in hours.of(day.date())
    )
    return min((opening for opening in openings if opening > moment), default=moment)
