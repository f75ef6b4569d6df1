"""When the hotline is open, and when it opens next. Pure: local times in, local times out."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

WEEK: Final = 7
DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A stretch of one weekday, Monday 0, in minutes of the day; it ends before *closes*."""

    weekday: int
    opens: int
    closes: int


def is_open(week: Iterable[Span], moment: dt.datetime) -> bool:
    """Return whether *moment*, in the hotline's zone, lies in one of the spans."""
    minute = moment.hour * 60 + moment.minute
    return any(
        span.weekday == moment.weekday() and span.opens <= minute < span.closes for span in week
    )


def next_open(week: Iterable[Span], moment: dt.datetime) -> dt.datetime:
    """Return *moment* itself while open, else the next opening; *moment* if there is none."""
    spans = tuple(week)
    if is_open(spans, moment):
        return moment
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    openings = (
        midnight + day * DAY + dt.timedelta(minutes=span.opens)
        for day in range(WEEK + 1)
        for span in spans
        if span.weekday == (moment.weekday() + day) % WEEK
    )
    return min((opening for opening in openings if opening > moment), default=moment)
