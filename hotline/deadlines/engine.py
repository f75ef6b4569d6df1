"""The deadline as a pure function of what happened, the limit, and the calendar.

A cycle of work begins with a limit (`Begun`) or with a day that somebody named (`Named`). What
happens later moves the deadline, in the order in which it happened: a pause moves it on, an
extension sets a later one; a merge, a split or a raised urgency allows none later. Nothing else
does. The same events give the same deadline and the same derivation, whenever they are counted:
a calendar that is published later is answered by counting again. No framework here.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Final

from hotline.deadlines import steps
from hotline.deadlines.arithmetic import (
    Calendar,
    Due,
    Limit,
    Span,
    Start,
    Tick,
    after_pause,
    due,
    lost,
    may_move,
)
from hotline.deadlines.steps import Kind

NAMED_TICK: Final = Tick.WORKING_DAY  # how a pause moves a day that somebody named


@dataclass(frozen=True)
class Begun:
    """A limit began to run."""

    at: dt.datetime
    limit: Limit
    start: Start


@dataclass(frozen=True)
class Named:
    """Somebody named the deadline when the cycle began."""

    at: dt.datetime
    due_at: dt.datetime


@dataclass(frozen=True)
class Paused:
    """The net clock stood still."""

    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True)
class Extended:
    """A second person granted more time."""

    to: dt.datetime


@dataclass(frozen=True)
class Hastened:
    """The urgency was raised, which may not make the deadline later."""

    than: dt.datetime


@dataclass(frozen=True)
class Merged:
    """Another ticket was folded in; the earlier deadline holds."""

    than: dt.datetime
    number: str


@dataclass(frozen=True)
class Split:
    """The ticket was split off another, which buys no time."""

    than: dt.datetime
    number: str


First = Begun | Named
Later = Paused | Extended | Hastened | Merged | Split


def reckon(first: First, later: Iterable[Later], calendar: Calendar, zone: dt.tzinfo) -> Due:
    """Return the deadline (UTC) of a cycle that began with *first*, and its derivation."""
    if isinstance(first, Begun):
        base, tick = due(first.at, first.limit, calendar, zone, first.start), first.limit.tick
    else:
        at, until = first.at.astimezone(zone), first.due_at.astimezone(zone)
        base = Due(first.due_at, False, (steps.of(Kind.NAMED, at=at, due=until),))
        tick = NAMED_TICK
    counting = _Counting(tick, calendar, zone)
    moved = reduce(counting.after, later, base)
    if not moved.provisional:
        return moved
    warning = steps.of(Kind.PROVISIONAL, last=calendar.confirmed_until)
    return Due(moved.at, True, (*moved.steps, warning))


@dataclass(frozen=True)
class _Counting:
    """What a cycle's deadline is counted in and by."""

    tick: Tick
    calendar: Calendar
    zone: dt.tzinfo

    def after(self, before: Due, event: Later) -> Due:
        """Return the deadline after *event*."""
        match event:
            case Paused(since, until):
                return self._moved_on(before, (since, until))
            case Extended(to) if to > before.at:
                return self._set(before, to, Kind.EXTENDED)
            case Hastened(than) if than < before.at:
                return self._set(before, than, Kind.HASTENED)
            case Merged(than, number) if than < before.at:
                return self._set(before, than, Kind.MERGED, number=number)
            case Split(than, number) if than < before.at:
                return self._set(before, than, Kind.SPLIT, number=number)
        return before

    def _moved_on(self, before: Due, pause: Span) -> Due:
        at = after_pause(before.at, pause, self.tick, self.calendar, self.zone)
        if at == before.at:
            return before
        since, until, ends = (edge.astimezone(self.zone) for edge in (*pause, at))
        gone = lost(pause, self.tick, self.calendar, self.zone)
        span = {"since": since, "until": until, "due": ends}
        if isinstance(gone, dt.timedelta):
            step = steps.of(Kind.PAUSED_HOURS, **span, length=gone.total_seconds())
        else:
            step = steps.of(Kind.PAUSED_DAYS, **span, n=gone)
        provisional = before.provisional or may_move(ends, self.tick, self.calendar)
        return Due(at, provisional, (*before.steps, step))

    def _set(self, before: Due, at: dt.datetime, kind: Kind, **blanks: str) -> Due:
        step = steps.of(kind, due=at.astimezone(self.zone), **blanks)
        return Due(at, False, (*before.steps, step))
