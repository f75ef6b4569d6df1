"""Trying to reach somebody by telephone at different hours: pure rules over local moments."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """How often, and how spread, somebody is tried.

    Attributes:
        tries: How many tries at least.
        parts: In how many parts of the day.
        span: From the first to the last.
        between: From one to the next.
    """

    tries: int
    parts: int
    span: dt.timedelta
    between: dt.timedelta


def part_of_day(local: dt.datetime) -> int:
    """Return which part of the day *local* lies in: night, morning, afternoon, evening."""
    return local.hour // 6


def tried_enough(plan: Plan, tries: Sequence[dt.datetime]) -> bool:
    """Return whether the tries, given in local time, are as many and as spread as they must be."""
    if len(tries) < plan.tries:
        return False
    spread = max(tries) - min(tries) >= plan.span
    return spread and len({part_of_day(moment) for moment in tries}) >= plan.parts


def next_try(plan: Plan, tries: Sequence[dt.datetime]) -> dt.datetime:
    """Return when to try again after *tries* in local time.

    After the pause between two, and once there were enough of them for number, when the
    span has passed since the first and the part of the day is another.
    """
    soonest = max(tries) + plan.between
    if len(tries) < plan.tries - 1:
        return soonest
    moment = max(soonest, min(tries) + plan.span)
    while len({part_of_day(when) for when in (*tries, moment)}) < plan.parts:
        moment += dt.timedelta(hours=1)
    return moment
