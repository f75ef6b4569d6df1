"""When people call and write: by the hour, less at the weekend, most after breakfast."""

import datetime as dt
from collections.abc import Iterable, Iterator
from random import Random
from typing import Final

from hotline.core.language import local, zone
from hotline.deadlines.arithmetic import DAY, SATURDAY

BY_HOUR: Final = (2, 1, 1, 1, 1, 1, 2, 5, 11, 15, 14, 10, 6, 7, 12, 13, 11, 8, 6, 5, 5, 4, 3, 2)
ON_WORKDAY: Final = 1.1
AT_WEEKEND: Final = 0.75  # with the factor above a week has seven average days
LOOKS: Final = (0.1, 8.5, 10, 12, 14.5, 17.5, 20)  # hours of a day


def moments(chance: Random, day: dt.date, average: float) -> list[dt.datetime]:
    """Return the moments of a day on which about *average* people turn up."""
    factor = AT_WEEKEND if day.weekday() >= SATURDAY else ON_WORKDAY
    hours = chance.choices(range(24), BY_HOUR, k=round(average * factor))
    return sorted(
        midnight(day) + dt.timedelta(hours=hour, seconds=round(chance.uniform(0, 3600), 2))
        for hour in hours
    )


def midnight(day: dt.date) -> dt.datetime:
    """Return the moment at which a local day begins."""
    return dt.datetime.combine(day, dt.time.min, zone()).astimezone(dt.UTC)


def days(now: dt.datetime, count: int) -> list[dt.date]:
    """Return the last *count* whole local days, and today."""
    today = local(now).date()
    return [today - n * DAY for n in range(count, -1, -1)]


def looks(days: Iterable[dt.date], closes: dt.datetime) -> Iterator[dt.datetime]:
    """Yield the moments at which the clock looks what is due, the last being *closes*."""
    for day in days:
        for hours in LOOKS:
            moment = midnight(day) + dt.timedelta(hours=hours)
            if moment < closes:
                yield moment
    yield closes
