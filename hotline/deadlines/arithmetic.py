"""When a limit runs out: counting hours and days by a calendar. No framework here.

Five units: `min` and `nh` (natural hours) run always, `nd` are natural days, `wh` are
hours between 08:30 and 17:30 of working days, `wd` are working days. A limit in days
ends with the last second of its last day, as the law counts (民法典 §203). Its first day
is the day after receipt (`next_day`, §201) or the day of receipt itself (`instant`);
limits in hours and minutes always run from the moment of receipt.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from hotline.deadlines import steps
from hotline.deadlines.steps import Judged, Kind, Step

OPENS: Final = dt.time(8, 30)
CLOSES: Final = dt.time(17, 30)
LAST_SECOND: Final = dt.time(23, 59, 59)
DAY: Final = dt.timedelta(days=1)
SATURDAY: Final = 5
Span = tuple[dt.datetime, dt.datetime]


class Tick(StrEnum):
    """What a limit is counted in."""

    MINUTE = "min"
    HOUR = "nh"
    DAY = "nd"
    WORKING_HOUR = "wh"
    WORKING_DAY = "wd"


class Start(StrEnum):
    """Which day is the first of a limit in days."""

    INSTANT = "instant"
    NEXT_DAY = "next_day"


BY_DAY: Final = frozenset({Tick.DAY, Tick.WORKING_DAY})
BY_CALENDAR: Final = frozenset({Tick.WORKING_HOUR, Tick.WORKING_DAY})
PART: Final = {Tick.MINUTE: "minutes", Tick.HOUR: "hours"}
_FORM: Final = re.compile(r"([1-9]\d{0,3})(min|nh|nd|wh|wd)")


@dataclass(frozen=True)
class Limit:
    """A time limit, such as `1wd` or `30min`."""

    amount: int
    tick: Tick

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read a limit.

        Raises:
            ValueError: The text is not a whole number above 0 with a unit.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError(f"A limit reads like 1wd or 30min: {text!r}.")
        return cls(int(found[1]), Tick(found[2]))

    def __str__(self) -> str:
        return f"{self.amount}{self.tick}"


@dataclass(frozen=True)
class Calendar:
    """Which days are worked. Days that are in neither set follow the week.

    Attributes:
        off: Weekdays that are not worked.
        on: Weekend days that are.
        confirmed_until: The last day whose kind is certain; what counts on a later
            one is provisional.
        names: What a day off is called, for derivations.
    """

    off: frozenset[dt.date] = frozenset()
    on: frozenset[dt.date] = frozenset()
    confirmed_until: dt.date = dt.date.max
    names: dict[dt.date, str] = field(default_factory=dict, compare=False)

    def is_working(self, day: dt.date) -> bool:
        """Return whether *day* is worked."""
        return day in self.on or (day.weekday() < SATURDAY and day not in self.off)

    def called(self, day: dt.date) -> str:
        """Return why *day* is not worked."""
        return self.names.get(day, "休息日")

    def judged(self, day: dt.date) -> Judged:
        """Return *day* with what it is to a count of working days."""
        if not self.is_working(day):
            return day, Kind.SKIPPED, self.called(day)
        return day, Kind.MAKEUP if day.weekday() >= SATURDAY else Kind.WORKED, ""


@dataclass(frozen=True)
class Due:
    """When a limit runs out, whether the calendar may still move it, and how it was counted."""

    at: dt.datetime
    provisional: bool
    steps: tuple[Step, ...]


def due(
    start: dt.datetime,
    limit: Limit,
    calendar: Calendar,
    zone: dt.tzinfo,
    start_rule: Start = Start.NEXT_DAY,
) -> Due:
    """Return when *limit*, which began at the aware moment *start*, runs out (in UTC).

    The result never falls on a rest day for limits in working time, and never moves
    back when the start moves on or the limit grows.
    """
    local = start.astimezone(zone)
    end, counted = _count(local, limit, calendar, start_rule)
    later = start_rule is Start.NEXT_DAY and limit.tick in BY_DAY
    begins = Kind.NEXT_DAY if later else Kind.INSTANT
    found = (
        steps.of(begins, at=local, limit=str(limit)),
        *counted,
        steps.of(Kind.DUE, due=end),
    )
    return Due(end.astimezone(dt.UTC), may_move(end, limit.tick, calendar), found)


def alike(start: dt.datetime, limit: Limit, zone: dt.tzinfo) -> dt.datetime:
    """Return the moment that stands for all from which *limit* runs out when it does from *start*.

    A limit in days knows only the day, and whether the moment lay after hours.
    """
    local = start.astimezone(zone)
    if limit.tick not in BY_DAY:
        return local.replace(microsecond=0)
    return dt.datetime.combine(local.date(), CLOSES if local.time() >= CLOSES else OPENS, zone)


def may_move(end: dt.datetime, tick: Tick, calendar: Calendar) -> bool:
    """Return whether a limit in *tick* that ends at the local moment *end* is provisional."""
    return tick in BY_CALENDAR and end.date() > calendar.confirmed_until


def _count(
    local: dt.datetime, limit: Limit, calendar: Calendar, start_rule: Start
) -> tuple[dt.datetime, list[Step]]:
    if limit.tick is Tick.WORKING_DAY:
        return _working_days(local, limit.amount, calendar, start_rule)
    if limit.tick is Tick.WORKING_HOUR:
        return _working_hours(local, dt.timedelta(hours=limit.amount), calendar)
    if limit.tick is Tick.DAY:
        first = _first_day(local, start_rule)
        last = first + (limit.amount - 1) * DAY
        counted = [steps.of(Kind.DAYS, first=first, last=last, n=limit.amount)]
        return _end_of(last, local.tzinfo), counted
    length = dt.timedelta(**{PART[limit.tick]: limit.amount})
    end = (local.astimezone(dt.UTC) + length).astimezone(local.tzinfo)
    return end, [_stretch(local, end, length)]


def _working_days(
    local: dt.datetime, amount: int, calendar: Calendar, start_rule: Start
) -> tuple[dt.datetime, list[Step]]:
    days: list[Judged] = []
    left = amount
    day = _first_day(local, start_rule)
    if start_rule is Start.INSTANT and local.time() >= CLOSES:
        day += DAY  # what comes after hours is received on the next day
    while left:
        days.append(calendar.judged(day))
        left -= days[-1][1] is not Kind.SKIPPED
        day += DAY
    return _end_of(day - DAY, local.tzinfo), [*steps.runs(days)]


def _working_hours(
    local: dt.datetime, left: dt.timedelta, calendar: Calendar
) -> tuple[dt.datetime, list[Step]]:
    counted: list[Step] = []
    for opens, closes in _shifts(local, calendar):
        begins = max(opens, local)
        here = min(left, closes - begins)
        left -= here
        counted.append(_stretch(begins, begins + here, here))
        if not left:
            return begins + here, counted
    raise AssertionError("unreachable")


def _stretch(since: dt.datetime, until: dt.datetime, length: dt.timedelta) -> Step:
    return steps.of(Kind.HOURS, since=since, until=until, length=length.total_seconds())


def _shifts(local: dt.datetime, calendar: Calendar) -> Iterator[Span]:
    """Give the working hours that end after *local*, day by day, without end."""
    day = local.date()
    while True:
        closes = dt.datetime.combine(day, CLOSES, local.tzinfo)
        if calendar.is_working(day) and closes > local:
            yield dt.datetime.combine(day, OPENS, local.tzinfo), closes
        day += DAY


def _first_day(local: dt.datetime, start_rule: Start) -> dt.date:
    return local.date() + (DAY if start_rule is Start.NEXT_DAY else dt.timedelta())


def _end_of(day: dt.date, zone: dt.tzinfo | None) -> dt.datetime:
    return dt.datetime.combine(day, LAST_SECOND, zone)


def net_elapsed(start: dt.datetime, end: dt.datetime, pauses: Iterable[Span] = ()) -> dt.timedelta:
    """Return the time from *start* to *end* less what lies in *pauses*, which may overlap."""
    covered = start
    net = dt.timedelta()
    for since, until in sorted(pauses):
        if since > covered:
            net += max(min(since, end) - covered, dt.timedelta())
        covered = max(covered, until)
    return net + max(end - covered, dt.timedelta())


def working_time(
    start: dt.datetime, end: dt.datetime, calendar: Calendar, zone: dt.tzinfo
) -> dt.timedelta:
    """Return how much working time lies between two moments; none when they are reversed."""
    total = dt.timedelta()
    last = end.astimezone(zone)
    for opens, closes in _shifts(start.astimezone(zone), calendar):
        if opens >= last:
            return total
        total += min(closes, last) - max(opens, start)
    raise AssertionError("unreachable")


def lost(pause: Span, tick: Tick, calendar: Calendar, zone: dt.tzinfo) -> int | dt.timedelta:
    """Return what a limit in *tick* lost while its clock stood still: days, or time.

    A limit in days loses the days that ended in the pause (of them the working days, if it
    counts those), one in working hours the working time, one in hours the pause itself.
    """
    since, until = pause
    if tick in {Tick.MINUTE, Tick.HOUR}:
        return until - since
    if tick is Tick.WORKING_HOUR:
        return working_time(since, until, calendar, zone)
    days = _days_ended(since.astimezone(zone).date(), until.astimezone(zone).date())
    if tick is Tick.DAY:
        return len(days)
    return sum(calendar.is_working(day) for day in days)


def after_pause(
    due_at: dt.datetime, pause: Span, tick: Tick, calendar: Calendar, zone: dt.tzinfo
) -> dt.datetime:
    """Return where *due_at* moves when its clock stood still during *pause*.

    It moves on by what was `lost`. A pause that begins at *due_at* or later moves nothing.
    """
    gone = lost(pause, tick, calendar, zone)
    if pause[0] >= due_at or not gone:
        return due_at
    local = due_at.astimezone(zone)
    if isinstance(gone, dt.timedelta):
        if tick is not Tick.WORKING_HOUR:
            return due_at + gone
        return _working_hours(local, gone, calendar)[0].astimezone(dt.UTC)
    if tick is Tick.DAY:
        return (local + gone * DAY).astimezone(dt.UTC)
    day = _working_days(local, gone, calendar, Start.NEXT_DAY)[0].date()
    return dt.datetime.combine(day, local.timetz()).astimezone(dt.UTC)


def _days_ended(since: dt.date, until: dt.date) -> Sequence[dt.date]:
    """Return the days whose midnight lay in a pause: from *since* up to the day before *until*."""
    return [since + n * DAY for n in range((until - since).days)]
