"""The periods that are published, and when one is closed. No database here.

A period is a local day, week (Monday to Sunday, GB/T 7408), month or year. It is frozen when a
grace has passed since its end: what came in its last hours has had time to be entered.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hotline.core.words import N_

DAY: Final = dt.timedelta(days=1)
WEEK: Final = 7  # days


class PeriodKind(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


K = PeriodKind
KINDS: Final[Mapping[PeriodKind, str]] = {
    K.DAY: N_("日报"),
    K.WEEK: N_("周报"),
    K.MONTH: N_("月报"),
    K.YEAR: N_("年报"),
}
#: From the end of a period to its freezing, and how many of its kind back the clock looks.
GRACE: Final[Mapping[PeriodKind, dt.timedelta]] = {
    K.DAY: dt.timedelta(hours=8),
    K.WEEK: dt.timedelta(hours=32),
    K.MONTH: dt.timedelta(days=3),
    K.YEAR: dt.timedelta(days=10),
}
BACK: Final[Mapping[PeriodKind, int]] = {K.DAY: 7, K.WEEK: 4, K.MONTH: 3, K.YEAR: 1}


@dataclass(frozen=True, order=True)
class Period:
    """Days from *first* to *last*, both included."""

    kind: PeriodKind
    first: dt.date
    last: dt.date

    @property
    def before(self) -> "Period":
        """Return the period of the same kind that ended when this one began."""
        return of(self.kind, self.first - DAY)

    @property
    def year_before(self) -> "Period":
        """Return the period a year before, for 同比: the same month, the week 52 weeks ago."""
        if self.kind in (K.DAY, K.WEEK):
            return of(self.kind, self.first - 52 * WEEK * DAY)
        return of(self.kind, self.first.replace(year=self.first.year - 1))


def of(kind: PeriodKind, day: dt.date) -> Period:
    """Return the period of *kind* that *day* lies in."""
    first = {
        K.DAY: day,
        K.WEEK: day - day.weekday() * DAY,
        K.MONTH: day.replace(day=1),
        K.YEAR: day.replace(month=1, day=1),
    }[kind]
    last = {
        K.DAY: day,
        K.WEEK: first + (WEEK - 1) * DAY,
        K.MONTH: day.replace(day=calendar.monthrange(day.year, day.month)[1]),
        K.YEAR: day.replace(month=12, day=31),
    }[kind]
    return Period(kind, first, last)


def closed(kind: PeriodKind, now: dt.datetime) -> Iterator[Period]:
    """Yield the periods of *kind* that may be frozen at *now*, a local moment, the newest first."""
    period = of(kind, (now - GRACE[kind]).date()).before
    for _ in range(BACK[kind]):
        yield period
        period = period.before


def is_over(period: Period, today: dt.date) -> bool:
    """Return whether every day of *period* lies before *today*."""
    return period.last < today
