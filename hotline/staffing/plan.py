"""From calls expected to seats and rosters, half hour by half hour. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hotline.core.errors import Invalid
from hotline.core.words import N_
from hotline.staffing import erlang
from hotline.staffing.erlang import Load, Service
from hotline.staffing.forecast import SLOT, SLOTS, Course

AN_HOUR: Final = 2  # half hours
SOMEBODY: Final = 1  # the line is never left to nobody, however quiet the hour


@dataclass(frozen=True)
class Assumptions:
    """What the seats are reckoned with.

    Attributes:
        handling: Seconds a call takes, its record included.
        patience: Seconds a caller waits on average before giving up.
        soon: Within how many seconds an answer is a good one (GB/T 33358-2016 says 15).
        share: Per cent of the callers who should be answered so soon.
        shrinkage: Per cent of those rostered who are away: breaks, training, sickness.
    """

    handling: int = 360
    patience: int = 90
    soon: int = 15
    share: int = 80
    shrinkage: int = 30


BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "handling": (30, 3600),
    "patience": (10, 1800),
    "soon": (1, 120),
    "share": (1, 99),
    "shrinkage": (0, 70),
}


@dataclass(frozen=True)
class Slot:
    """One half hour: what is expected of it, what it needs, what it has and what came.

    Attributes:
        service: How callers fare with the seats needed.
        one_less: How they fare while one of these is away: what a coffee costs a small hotline.
        rostered: Who is rostered for the whole of it.
        came: Calls that came; None while it is not over.
    """

    begins: dt.time
    expected: float
    service: Service
    one_less: Service
    to_roster: int
    rostered: int
    came: int | None = None

    @property
    def missing(self) -> int:
        """Return how many more are to be rostered; below 0 how many could go."""
        return self.to_roster - self.rostered


@dataclass(frozen=True)
class Advice:
    """The next thirty minutes: the calls to be served, the seats they need and those there are."""

    calls: float
    needed: int
    present: int

    @property
    def missing(self) -> int:
        """Return how many seats are missing; below 0 how many could rest."""
        return self.needed - self.present


def read(texts: Mapping[str, str], usual: Assumptions) -> Assumptions:
    """Read assumptions from the parts of an address; what is not said is as *usual*.

    Raises:
        Invalid: A number is none, or is out of its bounds.
    """
    given = {name: texts[name] for name in BOUNDS if texts.get(name)}
    wrong = {name: N_("请写范围内的整数") for name, text in given.items() if not _fits(name, text)}
    if wrong:
        raise Invalid(wrong)
    return replace(usual, **{name: int(text) for name, text in given.items()})


def _fits(name: str, text: str) -> bool:
    low, high = BOUNDS[name]
    return text.isdecimal() and low <= int(text) <= high


def of_day(
    course: Course,
    rostered: Sequence[int],
    came: Sequence[int | None],
    assumed: Assumptions,
) -> Sequence[Slot]:
    """Return the half hours of a day with the seats that each needs."""
    return [
        _slot(number, course[number], rostered[number], came[number], assumed)
        for number in range(SLOTS)
    ]


def _slot(
    number: int, expected: float, rostered: int, came: int | None, assumed: Assumptions
) -> Slot:
    load = _load(expected, assumed)
    seats = seats_for(expected, assumed)
    return Slot(
        dt.time(number // AN_HOUR, number % AN_HOUR * 30),
        expected,
        erlang.service(load, seats, assumed.soon),
        erlang.service(load, seats - 1, assumed.soon),
        erlang.rostered(seats, assumed.shrinkage / 100),
        rostered,
        came,
    )


def seats_for(expected: float, assumed: Assumptions) -> int:
    """Return the seats that *expected* calls of a half hour need; one at the least."""
    found = erlang.needed(_load(expected, assumed), assumed.soon, assumed.share / 100)
    return max(found, SOMEBODY)


def _load(expected: float, assumed: Assumptions) -> Load:
    return Load(expected * AN_HOUR, assumed.handling, assumed.patience)


def advise(expected: float, queued: int, present: int, assumed: Assumptions) -> Advice:
    """Return the advice for the next thirty minutes; who waits already is served in them too."""
    calls = expected + queued
    return Advice(calls, seats_for(calls, assumed), present)


def covered(
    shifts: Sequence[tuple[dt.datetime, dt.datetime]], begins: dt.datetime
) -> Sequence[int]:
    """Return how many *shifts* last through each half hour of the day that *begins* then."""
    starts = [begins + number * SLOT for number in range(SLOTS)]
    return [
        sum(first <= start and last >= start + SLOT for first, last in shifts) for start in starts
    ]
