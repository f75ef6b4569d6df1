"""Derivations: added up by hand they give the deadline, and they read well in Chinese."""

import datetime as dt
import random
from typing import Any

import pytest

from hotline.deadlines import telling
from hotline.deadlines.arithmetic import Calendar, Due, Limit, Start, Tick
from hotline.deadlines.engine import (
    Begun,
    Extended,
    Hastened,
    Later,
    Merged,
    Named,
    Paused,
    reckon,
)
from hotline.deadlines.steps import Kind, Step
from tests.proofs import count
from tests.unit.test_deadlines import CALENDAR, ZONE, at

DAY = dt.timedelta(days=1)
FIRST = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
COUNTED = {Kind.WORKED, Kind.MAKEUP, Kind.DAYS}


def add_up(found: Due, calendar: Calendar) -> dt.datetime:
    """Add a derivation up with nothing but its own numbers and a calendar to look days up in."""
    opening, *rest = found.steps
    ends = dt.datetime.min.replace(tzinfo=ZONE)
    if opening["step"] == Kind.NAMED:
        tick, ends = Tick.WORKING_DAY, moment(opening, "due")
    else:
        limit = Limit.parse(opening["limit"])
        tick = limit.tick
        split = next(n for n, step in enumerate(rest) if step["step"] == Kind.DUE)
        ends = _base(rest[:split], limit, opening, calendar)
        assert moment(rest[split], "due") == ends
        rest = rest[split + 1 :]
    for step in rest:
        ends = _moved(ends, step, tick, calendar)
        assert "due" not in step or moment(step, "due") == ends
    return ends


def _base(counted: list[Step], limit: Limit, opening: Step, calendar: Calendar) -> dt.datetime:
    if counted[0]["step"] == Kind.HOURS:
        assert all(
            moment(step, "until") - moment(step, "since") == dt.timedelta(seconds=step["length"])
            for step in counted
        )
        unit = 60 if limit.tick is Tick.MINUTE else 3600
        assert sum(step["length"] for step in counted) == limit.amount * unit
        return moment(counted[-1], "until")
    assert sum(step["n"] for step in counted if step["step"] in COUNTED) == limit.amount
    day = dt.date.fromisoformat(counted[0]["first"])
    assert day - moment(opening, "at").date() <= DAY
    for step in counted:  # no day is left out, none is counted twice, none is called what it is not
        assert dt.date.fromisoformat(step["first"]) == day
        for _ in range(step["n"]):
            worked = calendar.is_working(day) or step["step"] == Kind.DAYS
            assert worked == (step["step"] != Kind.SKIPPED)
            day += DAY
        assert dt.date.fromisoformat(step["last"]) == day - DAY
    return dt.datetime.combine(day - DAY, dt.time(23, 59, 59), ZONE)


def _moved(ends: dt.datetime, step: Step, tick: Tick, calendar: Calendar) -> dt.datetime:
    if step["step"] == Kind.PAUSED_DAYS:
        for _ in range(step["n"]):
            ends += DAY
            while tick is Tick.WORKING_DAY and not calendar.is_working(ends.date()):
                ends += DAY
    elif step["step"] == Kind.PAUSED_HOURS and tick is Tick.WORKING_HOUR:
        ends = _worked_on(ends, dt.timedelta(seconds=step["length"]), calendar)
    elif step["step"] == Kind.PAUSED_HOURS:
        ends += dt.timedelta(seconds=step["length"])
    elif step["step"] == Kind.EXTENDED:
        assert moment(step, "due") > ends
        ends = moment(step, "due")
    elif step["step"] in {Kind.HASTENED, Kind.MERGED}:
        assert moment(step, "due") < ends
        ends = moment(step, "due")
    return ends


def _worked_on(ends: dt.datetime, left: dt.timedelta, calendar: Calendar) -> dt.datetime:
    while True:
        day = ends.date()
        closes = dt.datetime.combine(day, dt.time(17, 30), ZONE)
        begins = max(ends, dt.datetime.combine(day, dt.time(8, 30), ZONE))
        if calendar.is_working(day) and begins < closes:
            here = min(left, closes - begins)
            left -= here
            if not left:
                return begins + here
        ends = dt.datetime.combine(day + DAY, dt.time(), ZONE)


def moment(step: Step, name: str) -> dt.datetime:
    """Return a moment of a step."""
    return dt.datetime.fromisoformat(step[name]).astimezone(ZONE)


def a_calendar(chance: random.Random) -> Calendar:
    """Invent two years of holidays and make-up days."""
    days = [dt.date(2025, 6, 1) + n * DAY for n in range(730)]
    return Calendar(
        off=frozenset(day for day in chance.sample(days, 60) if day.weekday() < 5),
        on=frozenset(day for day in chance.sample(days, 30) if day.weekday() >= 5),
        confirmed_until=chance.choice(days),
    )


def a_history(chance: random.Random) -> tuple[Begun | Named, list[Later]]:
    """Invent how a cycle began and what happened to it."""
    now = FIRST + dt.timedelta(seconds=chance.randrange(400 * 86_400))
    limit = Limit(chance.randint(1, 45), chance.choice(list(Tick)))
    first: Begun | Named = Begun(now, limit, chance.choice(list(Start)))
    if chance.random() < 0.1:
        first = Named(now, now + dt.timedelta(hours=chance.randint(1, 500)))
    later: list[Later] = []
    for _ in range(chance.choice((0, 0, 1, 2, 4))):
        now += dt.timedelta(seconds=chance.randrange(12 * 86_400))
        until = now + dt.timedelta(seconds=chance.randrange(20 * 86_400))
        event = chance.choice((Paused, Paused, Extended, Hastened, Merged))
        blanks: dict[Any, Any] = {Paused: (now, until), Merged: (until, "261122-0001")}
        later.append(event(*blanks.get(event, (until,))))
        now = until
    return first, later


@pytest.mark.proof
def test_a_derivation_adds_up_to_the_deadline() -> None:
    seed = 12351
    chance = random.Random(seed)
    for case in range(count(1_000, 100_000)):
        calendar = a_calendar(chance) if case % 50 == 0 else calendar  # noqa: F821 - made by case 0
        first, later = a_history(chance)
        found = reckon(first, later, calendar, ZONE)
        assert add_up(found, calendar) == found.at, (seed, case, first, later)
        assert (found.steps[-1]["step"] == Kind.PROVISIONAL) == found.provisional
        assert reckon(first, later, calendar, ZONE) == found


def test_the_example_of_the_spring_festival_reads_step_by_step() -> None:
    """R37: Saturday the 14th is worked, the 15th to the 23rd are off."""
    begun = Begun(at("2026-02-13T16:00"), Limit.parse("3wd"), Start.NEXT_DAY)
    found = reckon(begun, (), CALENDAR, ZONE)
    assert found.at == at("2026-02-25T23:59:59")
    assert telling.all_told(found.steps) == [
        "2026-02-13 16:00 起，时限 3 个工作日，从次日起算",
        "2026-02-14 周六：调休上班 1 天，累计 1",
        "2026-02-15 周日 至 2026-02-23 周一：春节 9 天，不计",
        "2026-02-24 周二 至 2026-02-25 周三：工作日 2 天，累计 3",
        "2026-02-25 23:59:59 到期",
    ]


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_of_step_has_words(kind: Kind) -> None:
    now = "2026-11-23T10:00:00+08:00"
    blanks = {
        "step": kind.value, "at": now, "since": now, "until": now, "due": now, "limit": "5wd",
        "first": "2026-11-23", "last": "2026-11-24", "n": 2, "total": 2, "name": "春节",
        "length": 5400.0, "number": "261123-0001",
    }  # fmt: skip
    assert "%" not in telling.told(blanks)


def test_a_derivation_written_before_steps_had_a_form_is_shown_as_it_was() -> None:
    assert telling.all_told(["2026-11-23 10:00 起，5 个工作日"]) == [
        "2026-11-23 10:00 起，5 个工作日"
    ]
