"""When reminders fall due: at 50, 80 and 100 % of the net time of a cycle.

Counted back from `due_at`, so that pauses and extensions, which move it, move the
reminders too. Limits in days and working hours are measured in working time.
"""

import datetime as dt
from typing import Final

from hotline.deadlines.arithmetic import Calendar, Tick, working_time

PERCENTS: Final = (50, 80, 100)
WHOLE: Final = 100
NATURAL: Final = frozenset({Tick.MINUTE, Tick.HOUR})
SECOND: Final = dt.timedelta(seconds=1)


def net_time(
    start: dt.datetime, end: dt.datetime, tick: Tick, calendar: Calendar, zone: dt.tzinfo
) -> dt.timedelta:
    """Return the time from *start* to *end* as a limit in *tick* counts it."""
    if tick in NATURAL:
        return max(end - start, dt.timedelta())
    return working_time(start, end, calendar, zone)


def reached_at(
    percent: int,
    net: dt.timedelta,
    span: tuple[dt.datetime, dt.datetime],
    tick: Tick,
    calendar: Calendar,
    zone: dt.tzinfo,
) -> dt.datetime:
    """Return when *percent* of the time *net* is used up in the *span* that ends when it is due."""
    start, due_at = span
    left = net * (WHOLE - percent) / WHOLE
    if percent == WHOLE:
        return due_at
    if tick in NATURAL:
        return due_at - left
    low, high = start, due_at
    while high - low > SECOND:
        middle = low + (high - low) / 2
        if working_time(middle, due_at, calendar, zone) > left:
            low = middle
        else:
            high = middle
    return high
