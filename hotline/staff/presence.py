"""Whether somebody can take a call, as a table. No framework here.

Nothing else changes a presence: `service.py` applies a row of this table by an UPDATE
that names the states it may come from, so that two who want one operator cannot both win.
"""

import datetime as dt
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
    DROP = "drop"
    FREE = "free"
    EXTEND = "extend"
    RUN_OUT = "run_out"
    LOSE = "lose"
    CALL_OUT = "call_out"
    DISMISS = "dismiss"


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
    Step(Act.DROP,      "call",     frozenset({S.TALKING}),              S.AWAY),
    Step(Act.FREE,      "call",     frozenset({S.RINGING, S.WRAP_UP, S.AWAY}), S.READY),
    Step(Act.CALL_OUT,  "call",     frozenset({S.OFFLINE, S.AWAY}),      S.READY),
    Step(Act.DISMISS,   "call",     frozenset({S.RINGING, S.WRAP_UP, S.AWAY}), S.OFFLINE),
    Step(Act.EXTEND,    "operator", frozenset({S.WRAP_UP}),              S.WRAP_UP),
    Step(Act.RUN_OUT,   "clock",    frozenset({S.WRAP_UP}),              S.AWAY),
    Step(Act.LOSE,      "clock",    _AT_REST - {S.OFFLINE},              S.OFFLINE),
)
# fmt: on

BY_ACT: Final = {step.act: step for step in STEPS}
#: After these the presence still belongs to its call: it is live, or its record unfinished.
KEEPS_CALL: Final = frozenset({Act.TALK, Act.HANG_UP, Act.EXTEND, Act.RUN_OUT})
CHOICES: Final = {  # what an operator may choose, and the act it is
    S.OFFLINE: Act.LEAVE,
    S.READY: Act.GET_READY,
    S.AWAY: Act.STEP_AWAY,
}
LIVE: Final = frozenset({S.RINGING, S.TALKING})  # no session ends under these
BUSY_OR_READY: Final = LIVE | {S.READY, S.WRAP_UP}  # waiting for a call is activity too
#: What somebody chose, or what ends all: who was called out before is so no longer.
ENDS_CALL_OUT: Final = frozenset({Act.LEAVE, Act.GET_READY, Act.STEP_AWAY, Act.LOSE, Act.DISMISS})

WRAP_UP: Final = dt.timedelta(seconds=60)  # the record of a call, before its operator is away
EXTENSION: Final = dt.timedelta(seconds=30)
SILENT_PAGE: Final = dt.timedelta(minutes=2)  # a page in the background beats once a minute
FORGOTTEN: Final = dt.timedelta(minutes=30)  # away for something that nobody chose, and no return
ON_BREAK_OF: Final = 3  # of so many who are signed in, one may be on a break; always one


class Why(StrEnum):
    """Why somebody is away or offline who did not choose it."""

    MISSED = "missed"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"  # took the call, but their line could not be joined
    LINE_LOST = "line_lost"
    UNFINISHED = "unfinished"  # the time for the record ran out
    BROWSER_LOST = "browser_lost"
    FORGOTTEN = "forgotten"


class Longer(StrEnum):
    """Why a record takes longer than one extension."""

    LONG_CALL = "long_call"
    MANY_ITEMS = "many_items"
    LOOKING_UP = "looking_up"


def may_leave(on_break: int, signed_in: int) -> bool:
    """Return whether one more of those *signed_in* may go on a break (domain, section 5)."""
    return on_break < max(1, signed_in // ON_BREAK_OF)


def step(state: PresenceState, act: Act) -> Step | None:
    """Return the row that *act* takes from *state*, or None where there is none."""
    row = BY_ACT[act]
    return row if state in row.sources else None
