"""How somebody's time passed, as a pure rule over the record of their presence.

Occupancy is figure C10 of the domain reference, section 2.2: ringing, talking (hold is part of
it) and finishing records, of the time signed in less breaks. Adherence is the part of the
rostered time in which somebody was there: signed in, a break counting up to its cap.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from hotline.staff.presence import PresenceState

BUSY: Final = frozenset({PresenceState.RINGING, PresenceState.TALKING, PresenceState.WRAP_UP})
ABSENT: Final = frozenset({PresenceState.OFFLINE, PresenceState.AWAY})
NOTHING: Final = dt.timedelta()

Span = tuple[dt.datetime, dt.datetime]
Caps = Mapping[str, dt.timedelta | None]


class Change(Protocol):
    """One line of the record."""

    @property
    def at(self) -> dt.datetime:
        """When it happened."""

    @property
    def to_state(self) -> PresenceState:
        """Where it led."""

    @property
    def reason(self) -> str | None:
        """Why somebody is away."""


@dataclass(frozen=True)
class Stretch:
    """A time in one state; *began* may lie before the time that is looked at."""

    state: PresenceState
    reason: str | None
    began: dt.datetime
    since: dt.datetime
    until: dt.datetime

    @property
    def length(self) -> dt.timedelta:
        """How long it lasts."""
        return self.until - self.since


def stretches(
    changes: Iterable[Change], since: dt.datetime, until: dt.datetime
) -> tuple[Stretch, ...]:
    """Cut the time from *since* to *until* into stretches without gap or overlap.

    The *changes*, in order, begin with the last one before *since* if there is any;
    before the first of all somebody is offline.
    """
    found: list[Stretch] = []
    state, reason, began = PresenceState.OFFLINE, None, since
    for change in changes:
        found.append(_cut(state, reason, began, change.at, since, until))
        state, reason, began = change.to_state, change.reason, change.at
    found.append(_cut(state, reason, began, until, since, until))
    return tuple(stretch for stretch in found if stretch.length)


def _cut(
    state: PresenceState,
    reason: str | None,
    began: dt.datetime,
    ended: dt.datetime,
    since: dt.datetime,
    until: dt.datetime,
) -> Stretch:
    start = max(began, since)
    return Stretch(state, reason, began, start, max(start, min(ended, until)))


def lasted(parts: Iterable[Stretch]) -> dict[PresenceState, dt.timedelta]:
    """Return how long each state lasted; all of them, so that they sum to the whole."""
    total = dict.fromkeys(PresenceState, NOTHING)
    for part in parts:
        total[part.state] += part.length
    return total


def occupancy(parts: Iterable[Stretch]) -> float | None:
    """Return the part of the time at hand that calls took; None where nobody was there."""
    total = lasted(parts)
    at_hand = sum((total[state] for state in PresenceState if state not in ABSENT), NOTHING)
    busy = sum((total[state] for state in BUSY), NOTHING)
    return busy / at_hand if at_hand else None


def adherence(parts: Sequence[Stretch], roster: Iterable[Span], caps: Caps) -> float | None:
    """Return the part of the *roster* that was kept; None where nothing was rostered.

    *caps* holds how long a break may last for each reason, None for as long as it takes;
    who is away for another reason, such as a missed call, is not there.
    """
    spans = _joined(roster)
    planned = sum((until - since for since, until in spans), NOTHING)
    there = [(part.since, _kept_until(part, caps)) for part in parts]
    kept = sum((_overlap(one, span) for one in there for span in spans), NOTHING)
    return kept / planned if planned else None


def _kept_until(part: Stretch, caps: Caps) -> dt.datetime:
    """Return up to when somebody counts as there in *part*."""
    if part.state not in ABSENT:
        return part.until
    if part.state is PresenceState.OFFLINE or part.reason is None or part.reason not in caps:
        return part.since
    cap = caps[part.reason]
    return part.until if cap is None else min(part.until, max(part.since, part.began + cap))


def _joined(roster: Iterable[Span]) -> list[Span]:
    """Return the spans in order, those that touch or overlap made one."""
    spans: list[Span] = []
    for since, until in sorted(roster):
        if spans and since <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], until)
        else:
            spans.append((since, until))
    return spans


def _overlap(one: Span, other: Span) -> dt.timedelta:
    return max(NOTHING, min(one[1], other[1]) - max(one[0], other[0]))
