"""Queueing formulas: how long callers wait, and how many give up. Pure.

Sources: A. K. Erlang (1917) for a queue in which everybody waits (M/M/N, "Erlang C");
C. Palm (1957) and O. Garnett, A. Mandelbaum, M. Reiman (2002) for one in which callers have an
exponential patience (M/M/N+M, "Erlang A"). Erlang C overstates waiting where load comes near
the seats, so who gives up is read from Erlang A. The library that serves, pyworkforce, brings
180 MB for the first of the two.
"""

import math
from dataclasses import dataclass
from typing import Final

NEGLIGIBLE: Final = 1e-12  # of the whole probability: what lies beyond changes no printed digit
MOST_SEATS: Final = 500


@dataclass(frozen=True)
class Load:
    """What comes in a busy hour.

    Attributes:
        per_hour: Calls that arrive in an hour, λ.
        handling: Seconds a call takes, its record included (AHT).
        patience: Seconds a caller waits on average before giving up, 1/θ.
    """

    per_hour: float
    handling: float
    patience: float

    @property
    def erlangs(self) -> float:
        """Return the seats that would be busy on average if there were enough."""
        return self.per_hour * self.handling / 3600


@dataclass(frozen=True)
class Service:
    """How callers fare with so many seats: shares from 0 to 1."""

    seats: int
    within: float
    occupancy: float
    abandon: float


def must_wait(erlangs: float, seats: int) -> float:
    """Return the probability that a caller waits at all (Erlang C); 1 where seats never suffice."""
    if erlangs <= 0:
        return 0.0
    if seats <= erlangs:
        return 1.0
    blocked = 1.0  # Erlang B by its recursion: no factorial grows out of range
    for busy in range(1, seats + 1):
        blocked = erlangs * blocked / (busy + erlangs * blocked)
    return seats * blocked / (seats - erlangs * (1 - blocked))


def answered_within(load: Load, seats: int, seconds: float) -> float:
    """Return the share of callers answered within *seconds* if all wait (Erlang C)."""
    free = seats - load.erlangs
    if free <= 0:
        return 0.0 if load.erlangs else 1.0
    return 1 - must_wait(load.erlangs, seats) * math.exp(-free * seconds / load.handling)


def abandoning(load: Load, seats: int) -> float:
    """Return the share of callers who give up before they are answered (Erlang A).

    The stationary states of the birth and death process: n callers are served at
    min(n, N)·μ and give up at max(n − N, 0)·θ. Who gives up is θ·E[queue] / λ.
    """
    if load.per_hour <= 0:
        return 0.0
    arrive, serve, leave = load.per_hour / 3600, 1 / load.handling, 1 / load.patience
    weight = total = 1.0
    queued = 0.0
    inside = 0
    while inside <= seats or weight > NEGLIGIBLE * total:
        inside += 1
        waiting = max(inside - seats, 0)
        weight *= arrive / (min(inside, seats) * serve + waiting * leave)
        total += weight
        queued += waiting * weight
    return leave * (queued / total) / arrive


def service(load: Load, seats: int, seconds: float) -> Service:
    """Return how callers fare with *seats*, an answer within *seconds* being a good one."""
    busy = min(load.erlangs / seats, 1.0) if seats else 0.0
    return Service(seats, answered_within(load, seats, seconds), busy, abandoning(load, seats))


def needed(load: Load, seconds: float, share: float) -> int:
    """Return the fewest seats that answer *share* of the callers within *seconds*.

    Raises:
        ValueError: More seats would be needed than any hotline has.
    """
    for seats in range(int(load.erlangs), MOST_SEATS):
        if answered_within(load, seats, seconds) >= share:
            return seats
    raise ValueError(f"{load.erlangs:.0f} Erlang need more than {MOST_SEATS} seats.")


def rostered(seats: int, shrinkage: float) -> int:
    """Return how many to roster so that *seats* are taken while *shrinkage* of them are away."""
    return math.ceil(seats / (1 - shrinkage) - NEGLIGIBLE)
