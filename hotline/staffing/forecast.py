"""How many calls a day will bring, by the half hour, from the days like it. Pure.

The day's total is the median of the last days like it, which a day with one employer's fifty
calls does not move; its course is theirs taken together, for the median of half hours with one
call or none would be nought. What the days before did not know, the forecast does not know.
"""

import datetime as dt
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hotline.deadlines.arithmetic import SATURDAY, Calendar

SLOTS: Final = 48  # half hours of a day
SLOT: Final = dt.timedelta(minutes=30)
LIKE: Final = 8  # days like it that are looked at: two months of Mondays
LEAST: Final = 2  # fewer are no forecast
HOLIDAY: Final = "holiday"
MAKEUP: Final = "makeup"

Course = Sequence[float]  # one number for each half hour of a day
History = Mapping[dt.date, Sequence[int]]  # calls that came, by day and half hour


@dataclass(frozen=True)
class Forecast:
    """What is foreseen of a day.

    Attributes:
        course: Calls expected in each half hour.
        like: The days it was made from, newest first.
    """

    day: dt.date
    course: Course
    like: Sequence[dt.date]

    @property
    def total(self) -> float:
        """Return the calls expected in all."""
        return sum(self.course)


@dataclass(frozen=True)
class Tested:
    """A day that is over: what would have been foreseen the evening before, and what came."""

    forecast: Forecast
    came: Sequence[int]


def kind(day: dt.date, calendar: Calendar) -> str:
    """Return what *day* is like: a holiday, a weekend that is worked, or its weekday."""
    if day in calendar.on:
        return MAKEUP
    return HOLIDAY if day in calendar.off else str(day.weekday())


def like(day: dt.date, known: Sequence[dt.date], calendar: Calendar) -> Sequence[dt.date]:
    """Return the last days of *known* before *day* that are like it, newest first.

    Where too few are of its own kind, as in the first weeks or before a rare holiday, any day
    that is worked stands for a worked one, and any other for one that is not.
    """
    before = sorted((one for one in known if one < day), reverse=True)
    own = [one for one in before if kind(one, calendar) == kind(day, calendar)]
    if len(own) < LEAST:
        own = [one for one in before if _worked(one, calendar) == _worked(day, calendar)]
    return own[:LIKE]


def _worked(day: dt.date, calendar: Calendar) -> bool:
    return day in calendar.on or (day.weekday() < SATURDAY and day not in calendar.off)


def foresee(day: dt.date, history: History, calendar: Calendar) -> Forecast | None:
    """Return the forecast of *day*, or None where fewer than two days are like it."""
    days = like(day, list(history), calendar)
    if len(days) < LEAST:
        return None
    total = statistics.median(sum(history[one]) for one in days)
    course = [sum(history[one][slot] for one in days) for slot in range(SLOTS)]
    whole = sum(course)
    if not whole:
        return Forecast(day, [0.0] * SLOTS, days)
    return Forecast(day, [total * n / whole for n in course], days)


def back_test(days: Sequence[dt.date], history: History, calendar: Calendar) -> Sequence[Tested]:
    """Return each of *days* with its forecast from the days before it alone."""
    found = ((foresee(day, history, calendar), history.get(day)) for day in days)
    return [Tested(made, came) for made, came in found if made is not None and came is not None]


def error(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return the sum of the misses to the sum of what came (WAPE); None where nothing came.

    Each pair is what was foreseen and what came. It is 0 for a perfect forecast, and unlike
    the mean of percentages it can be asked of half hours in which nobody called.
    """
    came = sum(pair[1] for pair in pairs)
    return sum(abs(foreseen - real) for foreseen, real in pairs) / came if came else None


def error_by_day(tested: Sequence[Tested]) -> float | None:
    """Return the error of whole days."""
    return error([(one.forecast.total, sum(one.came)) for one in tested])


def error_by_slot(tested: Sequence[Tested]) -> float | None:
    """Return the error of half hours."""
    return error(
        [pair for one in tested for pair in zip(one.forecast.course, one.came, strict=True)]
    )


def soon(today: Course, tomorrow: Course, minute: float) -> float:
    """Return the calls expected in the 30 minutes from *minute* of the day on."""
    slot, gone = divmod(minute / 30, 1)
    both = [*today, *tomorrow]
    return both[int(slot)] * (1 - gone) + both[int(slot) + 1] * gone
