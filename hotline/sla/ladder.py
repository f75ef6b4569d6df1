"""Who hears of a matter that is late, and when: the rungs, counted from `due_at`."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hotline.core.roles import Role
from hotline.deadlines.arithmetic import Calendar, Limit, Tick, due
from hotline.tickets.states import OPEN, PAUSED, State

RUNNING: Final = OPEN - PAUSED - {State.RESULT_REVIEW}  # the net clock runs in these states
FAR: Final = dt.timedelta(days=400)  # longer than any patience, holidays included
SECOND: Final = dt.timedelta(seconds=1)


class Place(StrEnum):
    """Where on the unit tree a rung stands, seen from the unit that is late."""

    UNIT = "unit"
    HOTLINE = "hotline"
    SUPERIOR = "superior"
    REGION = "region"


@dataclass(frozen=True)
class Rung:
    """One rung for tickets of one urgency.

    Attributes:
        number: 1 is the lowest.
        patience: How long after `due_at`; None means at once.
    """

    urgency: str
    number: int
    place: Place
    role: Role
    patience: Limit | None


def reached_at(rung: Rung, due_at: dt.datetime, calendar: Calendar, zone: dt.tzinfo) -> dt.datetime:
    """Return when a ticket due at *due_at* and still open comes to *rung*."""
    if rung.patience is None:
        return due_at
    return due(due_at, rung.patience, calendar, zone).at


def latest_due(rung: Rung, now: dt.datetime, calendar: Calendar, zone: dt.tzinfo) -> dt.datetime:
    """Return the latest `due_at` (to the second) that has come to *rung* by *now*.

    It turns the question of each ticket into one comparison in SQL. `reached_at` never
    moves back as `due_at` moves on, so that halving finds it.
    """
    if rung.patience is None:
        return now
    if rung.patience.tick in {Tick.MINUTE, Tick.HOUR}:
        return now - (reached_at(rung, now, calendar, zone) - now)
    low, high = now - FAR, now
    while high - low > SECOND:
        middle = low + (high - low) / 2
        if reached_at(rung, middle, calendar, zone) <= now:
            low = middle
        else:
            high = middle
    return high
