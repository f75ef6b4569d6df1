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


NAMES: Final = {
    Tick.MINUTE: "分钟",
    Tick.HOUR: "小时",
    Tick.DAY: "个自然日",
    Tick.WORKING_HOUR: "个工作小时",
    Tick.WORKING_DAY: "个工作日",
}
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

    @property
    def words(self) -> str:
        """The limit as people say it: `5 个工作日`."""
        return f"{self.amount} {NAMES[self.tick]}"


@dataclass(frozen=True)
class Calendar:
    """Which days are worked. Days that are in neither set follow the week.

    Attributes:
        off: Weekdays that are not worked.
        on: Weekend days that are.
        confirmed_until: The last day whose kind is certain; what counts on a later
            one is provisional.
        names: What a day off is called, for explanations.
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


@dataclass(frozen=True)
class Due:
    """When a limit runs out, whether the calendar may still move it, and how it was counted."""

    at: dt.datetime
    provisional: bool
    steps: tuple[str, ...]


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
    end, counted = _count(start.astimezone(zone), limit, calendar, start_rule)
    provisional = limit.tick in BY_CALENDAR and end.date() > calendar.confirmed_until
    steps = [
        f"{start.astimezone(zone):%Y-%m-%d %H:%M} 起，{limit.words}",
        *counted,
        f"{end:%Y-%m-%d %H:%M:%S} 到期",
    ]
    if provisional:
        steps.append(f"{calendar.confirmed_until} 之后的工作日安排尚未公布，到期时间可能调整")
    return Due(end.astimezone(dt.UTC), provisional, tuple(steps))


def _count(
    local: dt.datetime, limit: Limit, calendar: Calendar, start_rule: Start
) -> tuple[dt.datetime, list[str]]:
    if limit.tick is Tick.WORKING_DAY:
        return _working_days(local, limit.amount, calendar, start_rule)
    if limit.tick is Tick.WORKING_HOUR:
        return _working_hours(local, dt.timedelta(hours=limit.amount), calendar)
    if limit.tick is Tick.DAY:
        last = _first_day(local, start_rule) + (limit.amount - 1) * DAY
        return _end_of(last, local.tzinfo), []
    length = dt.timedelta(**{PART[limit.tick]: limit.amount})
    return (local.astimezone(dt.UTC) + length).astimezone(local.tzinfo), []


def _working_days(
    local: dt.datetime, amount: int, calendar: Calendar, start_rule: Start
) -> tuple[dt.datetime, list[str]]:
    steps: list[str] = []
    counted = 0
    day = _first_day(local, start_rule)
    if start_rule is Start.INSTANT and local.time() >= CLOSES:
        day += DAY  # what comes after hours is received on the next day
    while True:
        if calendar.is_working(day):
            counted += 1
            steps.append(f"{day} 第 {counted} 个工作日")
            if counted == amount:
                return _end_of(day, local.tzinfo), steps
        else:
            steps.append(f"{day} {calendar.called(day)}，不计")
        day += DAY


def _working_hours(
    local: dt.datetime, left: dt.timedelta, calendar: Calendar
) -> tuple[dt.datetime, list[str]]:
    steps: list[str] = []
    for opens, closes in _shifts(local, calendar):
        begins = max(opens, local)
        here = min(left, closes - begins)
        left -= here
        steps.append(f"{begins:%Y-%m-%d %H:%M}–{begins + here:%H:%M} 计 {_clock(here)}")
        if not left:
            return begins + here, steps
    raise AssertionError("unreachable")


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


def _clock(length: dt.timedelta) -> str:
    minutes = length // dt.timedelta(minutes=1)
    return f"{minutes // 60}:{minutes % 60:02}"


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


def after_pause(
    due_at: dt.datetime, pause: Span, tick: Tick, calendar: Calendar, zone: dt.tzinfo
) -> dt.datetime:
    """Return where *due_at* moves when its clock stood still during *pause*.

    A limit in days moves by the days that ended in the pause, one in working hours by
    the working time lost, one in hours by the pause itself. A pause that begins after
    *due_at* moves nothing.
    """
    since, until = pause
    if since >= due_at:
        return due_at
    if tick in {Tick.MINUTE, Tick.HOUR}:
        return due_at + (until - since)
    local = due_at.astimezone(zone)
    if tick is Tick.WORKING_HOUR:
        lost = working_time(since, until, calendar, zone)
        moved = _working_hours(local, lost, calendar)[0] if lost else local
        return moved.astimezone(dt.UTC)
    days = _days_ended(since.astimezone(zone).date(), until.astimezone(zone).date())
    if tick is Tick.DAY:
        return (local + len(days) * DAY).astimezone(dt.UTC)
    worked = sum(calendar.is_working(day) for day in days)
    moved = _working_days(local, worked, calendar, Start.NEXT_DAY)[0] if worked else local
    return moved.astimezone(dt.UTC)


def _days_ended(since: dt.date, until: dt.date) -> Sequence[dt.date]:
    """Return the days whose midnight lay in a pause: from *since* up to the day before *until*."""
    return [since + n * DAY for n in range((until - since).days)]
