"""Who gets which call, as a pure rule over who waits and who is free.

The caller who waits longest is served first. They get the operator of their open ticket,
else one who can do what the call needs, else nobody yet: after a while anybody, so that no
need makes a caller wait for ever. Among equals it is who is idle longest, and those whom
somebody behind in the line needs more are kept for them while there is a choice.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from hotline.staff.skills import Skill

PATIENCE: Final = dt.timedelta(seconds=20)  # for somebody with the skill (domain, section 7)
CALL_OUT: Final = dt.timedelta(seconds=60)  # then whoever is on call is rung besides those there


class Because(StrEnum):
    """Why a call goes to whom it goes."""

    OWNER = "owner"  # works on a ticket of the caller, or took it down
    SKILL = "skill"
    LONGEST_IDLE = "longest_idle"
    OVERFLOW = "overflow"  # nobody with the skill was free in time
    ON_CALL = "on_call"


@dataclass(frozen=True)
class Waiter:
    """A caller who waits.

    Attributes:
        call: The call.
        since: Since when; it decides the place in the line.
        needs: What whoever answers should be able to do.
        owners: The operators of the caller's open tickets.
        tried: Who was rung for this call already: nobody on call is rung twice for one.
    """

    call: int
    since: dt.datetime
    needs: frozenset[Skill] = frozenset()
    owners: frozenset[int] = frozenset()
    tried: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Seat:
    """Somebody whose line may ring; one on call is not at the desk."""

    person: int
    idle_since: dt.datetime
    skills: frozenset[Skill] = frozenset()
    on_call: bool = False


@dataclass(frozen=True)
class Match:
    """A caller and who is to ring for them, why, and who else was free then."""

    call: int
    person: int
    because: Because
    free: tuple[int, ...] = field(compare=False)


def match(
    waiting: Iterable[Waiter], seats: Iterable[Seat], *, staffed: bool, now: dt.datetime
) -> list[Match]:
    """Return who rings for whom; each caller and each seat at most once.

    *staffed* says whether anybody is signed in at the desk, free or not: while nobody is,
    whoever is on call is rung at once.
    """
    line = sorted(waiting, key=lambda waiter: (waiter.since, waiter.call))
    free = sorted(seats, key=lambda seat: (seat.on_call, seat.idle_since, seat.person))
    found: list[Match] = []
    for place, waiter in enumerate(line):
        called_out = not staffed or now - waiter.since >= CALL_OUT
        chosen = _choose(waiter, line[place + 1 :], free, called_out=called_out, now=now)
        if chosen is None:
            continue
        seat, because = chosen
        found.append(
            Match(waiter.call, seat.person, because, tuple(other.person for other in free))
        )
        free.remove(seat)
    return found


def _choose(
    waiter: Waiter,
    behind: Sequence[Waiter],
    free: Sequence[Seat],
    *,
    called_out: bool,
    now: dt.datetime,
) -> tuple[Seat, Because] | None:
    """Return the seat for *waiter* by the first rule that finds one."""
    there = [seat for seat in free if not seat.on_call]
    able = [seat for seat in there if waiter.needs <= seat.skills]
    late = now - waiter.since >= PATIENCE
    away = [seat for seat in free if seat.on_call and seat.person not in waiter.tried]
    rules = (
        (Because.OWNER, [seat for seat in there if seat.person in waiter.owners]),
        (Because.SKILL if waiter.needs else Because.LONGEST_IDLE, able),
        (Because.OVERFLOW, there if late else []),
        (Because.ON_CALL, away if called_out else []),
    )
    for because, seats in rules:
        if seats:
            return min(seats, key=lambda seat: _missed_by(seat, waiter, behind)), because
    return None


def _missed_by(seat: Seat, waiter: Waiter, behind: Sequence[Waiter]) -> int:
    """Count who behind in the line needs this seat more; `min` keeps the order of equals."""
    return sum(
        seat.person in other.owners or bool((other.needs - waiter.needs) & seat.skills)
        for other in behind
    )
