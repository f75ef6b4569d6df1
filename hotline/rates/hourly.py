"""Calls by the hour they came in, so that no midnight hides the worst 24 hours."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import InstrumentedAttribute

from hotline.rates.cohorts import midnight
from hotline.rates.formulas import percent

ANSWERED, QUEUED = "calls_answered", "calls_queued"
MOST: Final = 25  # hours of a day on which clocks are put back
WINDOW: Final = 24  # hours: the standard speaks of any 24 consecutive ones (GB/T 33358-2016)
HOUR: Final = dt.timedelta(hours=1)

Counts = Mapping[tuple[dt.date, str], Mapping[str, int]]  # of facts, by day and hour of it


@dataclass(frozen=True)
class Window:
    """The 24 hours that begin at *start*: calls answered, and calls that entered the queue."""

    start: dt.datetime
    answered: int
    queued: int

    @property
    def printed(self) -> str:
        """Return the answer rate as people read it."""
        return percent(self.answered, self.queued)


def span(day: dt.date, hour: int) -> tuple[dt.datetime, dt.datetime]:
    """Return when the *hour*-th hour of a local day begins and ends; the last one may be empty."""
    first = midnight(day).astimezone(dt.UTC)
    after = midnight(day + dt.timedelta(days=1)).astimezone(dt.UTC)
    return min(first + hour * HOUR, after), min(first + (hour + 1) * HOUR, after)


def of(day: dt.date, moment: InstrumentedAttribute[Any]) -> ColumnElement[int]:
    """Return the hour of *day* that *moment* lies in, as an expression in SQL."""
    first = midnight(day).astimezone(dt.UTC)
    ends = [(moment < first + n * HOUR, n - 1) for n in range(1, MOST)]
    return case(*ends, else_=MOST - 1)


def worst(days: Counts, first: dt.date, last: dt.date, now: dt.datetime) -> Window | None:
    """Return the 24 hours with the lowest answer rate from *first* to *last*; of several the first.

    *days* holds the calls answered and those queued. A window lies wholly in the period, as
    far as that has passed, and begins at a full hour; None where none has a call.
    """
    answered, queued = (_series(days, fact) for fact in (ANSWERED, QUEUED))
    start = midnight(first).astimezone(dt.UTC)
    end = min(now, midnight(last + dt.timedelta(days=1)).astimezone(dt.UTC))
    found: Window | None = None
    while True:
        inside = [start + n * HOUR for n in range(WINDOW)]
        window = Window(
            start,
            sum(answered.get(moment, 0) for moment in inside),
            sum(queued.get(moment, 0) for moment in inside),
        )
        if window.queued and (
            found is None or window.answered * found.queued < found.answered * window.queued
        ):
            found = window
        start += HOUR
        if start + WINDOW * HOUR > end:
            return found


def _series(days: Counts, fact: str) -> dict[dt.datetime, int]:
    return {
        midnight(day).astimezone(dt.UTC) + int(hour) * HOUR: counts[fact]
        for (day, hour), counts in days.items()
        if counts.get(fact)
    }
