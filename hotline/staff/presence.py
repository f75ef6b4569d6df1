"""Whether somebody can take a call, as a table. No framework here.

Nothing else changes a presence: `service.py` applies a row of this table by an UPDATE
that names the states it may come from, so that two who want one operator cannot both win.
"""

from enum import StrEnum
from typing import Final, NamedTuple


class PresenceState(StrEnum):
    """Where somebody stands."""

    OFFLINE = "offline"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    AWAY = "away"


class Line(StrEnum):
    """What rings when a call is offered."""

    SIMULATED = "simulated"
    DESK = "desk"  # the operator's own telephone
    BROWSER = "browser"


class Act(StrEnum):
    """What moves a presence."""

    LEAVE = "leave"
    GET_READY = "get_ready"
    STEP_AWAY = "step_away"
    RING = "ring"
    TALK = "talk"
    MISS = "miss"
    HANG_UP = "hang_up"
    FREE = "free"


class Step(NamedTuple):
    """One row: who does *act*, from which states, to which."""

    act: Act
    by: str
    sources: frozenset[PresenceState]
    target: PresenceState


S = PresenceState
_AT_REST: Final = frozenset({S.OFFLINE, S.READY, S.AWAY, S.WRAP_UP})
# fmt: off
STEPS: Final = (
    Step(Act.LEAVE,     "operator", _AT_REST,                            S.OFFLINE),
    Step(Act.GET_READY, "operator", _AT_REST,                            S.READY),
    Step(Act.STEP_AWAY, "operator", _AT_REST,                            S.AWAY),
    Step(Act.RING,      "call",     frozenset({S.READY}),                S.RINGING),
    Step(Act.TALK,      "call",     frozenset({S.RINGING}),              S.TALKING),
    Step(Act.MISS,      "call",     frozenset({S.RINGING}),              S.AWAY),
    Step(Act.HANG_UP,   "call",     frozenset({S.TALKING}),              S.WRAP_UP),
    Step(Act.FREE,      "call",     frozenset({S.RINGING, S.WRAP_UP}),   S.READY),
)
# fmt: on

BY_ACT: Final = {step.act: step for step in STEPS}
CHOICES: Final = {  # what an operator may choose, and the act it is
    S.OFFLINE: Act.LEAVE,
    S.READY: Act.GET_READY,
    S.AWAY: Act.STEP_AWAY,
}
LIVE: Final = frozenset({S.RINGING, S.TALKING})  # no session ends under these
BUSY_OR_READY: Final = LIVE | {S.READY, S.WRAP_UP}  # waiting for a call is activity too


def step(state: PresenceState, act: Act) -> Step | None:
    """Return the row that *act* takes from *state*, or None where there is none."""
    row = BY_ACT[act]
    return row if state in row.sources else None
