"""Who picks up in the history: operators by shifts, callers with patience, and what comes of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, NamedTuple

from hotline.calls.routing import RING
from hotline.core.language import local, zone
from hotline.core.roles import Actor
from hotline.deadlines.arithmetic import DAY, SATURDAY
from hotline.staff.presence import BY_ACT, Act, Line


class Shift(NamedTuple):
    """When it begins and ends, and how many work on a working day and at the weekend."""

    begins: dt.timedelta
    ends: dt.timedelta
    seats: int
    at_weekend: int


def _hours(hours: float) -> dt.timedelta:
    return dt.timedelta(hours=hours)


SHIFTS: Final = (
    Shift(_hours(7.5), _hours(15.5), 3, 2),
    Shift(_hours(15.5), _hours(23.5), 2, 2),
    Shift(_hours(23.5), _hours(31.5), 1, 1),
)
GREETING: Final = 13.0  # seconds until a caller is in the queue
LINE: Final = Line.SIMULATED
ACCEPTED: Final = dt.timedelta(seconds=1)  # before both hear each other
NEVER: Final = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


@dataclass
class Seat:
    """An operator on one shift."""

    actor: Actor
    begins: dt.datetime
    ends: dt.datetime
    free_at: dt.datetime
    changes: list[dict[str, Any]] = field(default_factory=list)

    def turn(self, act: Act, at: dt.datetime, call: int | None = None, why: str = "") -> None:
        """Keep one change of presence."""
        self.changes.append(
            {
                "staff_id": self.actor.id,
                "at": at,
                "act": act,
                "to_state": BY_ACT[act].target,
                "line": LINE,
                "call_id": call,
                "reason": why or None,
            }
        )


class Ring(NamedTuple):
    """An offer of a call: whose line rang, from when, and until when if in vain."""

    seat: Seat
    at: dt.datetime
    missed_at: dt.datetime | None = None


@dataclass
class Course:
    """How one call went, from the greeting to the end of the wrap-up."""

    received_at: dt.datetime
    queued_at: dt.datetime | None = None
    rings: list[Ring] = field(default_factory=list)
    left_at: dt.datetime | None = None  # the queue, for an operator or a recording
    answered_at: dt.datetime | None = None
    ended_at: dt.datetime = NEVER
    done_at: dt.datetime | None = None
    left_message: bool = False
    asked_back: bool = False
    fault: str | None = None


class Switchboard:
    """The seats of all shifts, and the courses of calls over them."""

    def __init__(self, operators: Sequence[Actor], chance: Random) -> None:
        """Begin with nobody on duty."""
        self._operators = operators
        self._chance = chance
        self._seats: dict[tuple[dt.date, int], list[Seat]] = {}

    def course(self, at: dt.datetime) -> Course:
        """Return how a call that comes *at* goes; nobody's time is taken yet."""
        course = Course(at)
        fate = self._chance.random()
        if fate < 0.035:  # noqa: PLR2004 - so many hang up in the greeting
            course.ended_at = at + self._seconds(2, 11)
        elif fate < 0.04:  # noqa: PLR2004 - so many are lost to a fault of the line
            course.fault, course.ended_at = "error", at + self._seconds(GREETING, GREETING + 4)
        else:
            course.queued_at = at + dt.timedelta(seconds=GREETING)
            self._wait(course, course.queued_at)
        return course

    def _wait(self, course: Course, queued_at: dt.datetime) -> None:
        patience = dt.timedelta(seconds=round(3 + self._chance.expovariate(1 / 70), 2))
        gives_up = queued_at + patience
        seat = self._next(queued_at)
        rings_at = max(queued_at, seat.free_at)
        if rings_at < gives_up and self._chance.random() < 0.04:  # noqa: PLR2004 - a seat left empty
            missed_at = rings_at + RING
            course.rings.append(Ring(seat, rings_at, missed_at))
            seat = self._next(missed_at, other_than=seat)
            rings_at = max(missed_at, seat.free_at)
        if rings_at < gives_up:
            course.rings.append(Ring(seat, rings_at))
        answered_at = rings_at + self._seconds(2, 8)
        if answered_at < gives_up:
            self._talk(course, answered_at)
        else:
            self._give_up(course, gives_up)

    def _talk(self, course: Course, at: dt.datetime) -> None:
        course.answered_at, course.left_at = at, at - ACCEPTED
        talk = min(max(self._chance.lognormvariate(5.0, 0.6), 12), 1500)
        course.ended_at = at + dt.timedelta(seconds=round(talk, 2))
        course.done_at = course.ended_at + self._seconds(8, 90)

    def _give_up(self, course: Course, at: dt.datetime) -> None:
        fate = self._chance.random()
        course.left_message = fate < 0.25  # noqa: PLR2004 - shares of a story
        course.asked_back = 0.25 <= fate < 0.45  # noqa: PLR2004 - shares of a story
        course.left_at = at
        spoken = self._seconds(15, 60) if course.left_message else dt.timedelta()
        course.ended_at = at + spoken

    def keep(self, course: Course, call_id: int) -> None:
        """Take the time of those whose lines rang for a call."""
        for ring in course.rings:
            ring.seat.turn(Act.RING, ring.at, call_id)
            if ring.missed_at is not None:
                ring.seat.turn(Act.MISS, ring.missed_at, why="missed")
                ring.seat.free_at = ring.missed_at + self._seconds(60, 400)
                ring.seat.turn(Act.GET_READY, ring.seat.free_at)
            elif course.answered_at is None or course.done_at is None:
                ring.seat.free_at = course.ended_at
                ring.seat.turn(Act.FREE, course.ended_at)
            else:
                ring.seat.turn(Act.TALK, course.answered_at, call_id)
                ring.seat.turn(Act.HANG_UP, course.ended_at, call_id)
                ring.seat.turn(Act.FREE, course.done_at)
                ring.seat.free_at = course.done_at

    def changes(self, closes: dt.datetime) -> list[dict[str, Any]]:
        """Return every change of presence in order; at *closes* all go home."""
        found: list[dict[str, Any]] = []
        for seats in self._seats.values():
            for seat in seats:
                seat.turn(Act.LEAVE, min(max(seat.ends, seat.free_at), closes))
                found += seat.changes
        return sorted((one for one in found if one["at"] <= closes), key=lambda one: one["at"])

    def _next(self, at: dt.datetime, other_than: Seat | None = None) -> Seat:
        """Return whose line rings next: the longest idle, or whoever is free first."""
        seats = [seat for seat in self._on_duty(at) if seat is not other_than]
        return min(seats or self._on_duty(at), key=lambda seat: seat.free_at)

    def _on_duty(self, at: dt.datetime) -> list[Seat]:
        day = local(at).date()
        since = at - dt.datetime.combine(day, dt.time.min, zone())
        if since < SHIFTS[0].begins:
            day, since = day - DAY, since + DAY
        number = next(n for n, shift in enumerate(SHIFTS) if since < shift.ends)
        return self._seats.setdefault((day, number), self._come(day, number))

    def _come(self, day: dt.date, number: int) -> list[Seat]:
        if (day, number) in self._seats:
            return self._seats[day, number]
        shift = SHIFTS[number]
        midnight = dt.datetime.combine(day, dt.time.min, zone()).astimezone(dt.UTC)
        count = shift.at_weekend if day.weekday() >= SATURDAY else shift.seats
        seats = []
        for at in range(count):
            actor = self._operators[(day.toordinal() + 3 * number + at) % len(self._operators)]
            begins = midnight + shift.begins
            seats.append(Seat(actor, begins, midnight + shift.ends, begins))
            seats[-1].turn(Act.GET_READY, begins)
        return seats

    def _seconds(self, least: float, most: float) -> dt.timedelta:
        return dt.timedelta(seconds=round(self._chance.uniform(least, most), 2))
