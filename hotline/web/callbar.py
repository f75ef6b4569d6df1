"""What the call bar shows: where its operator stands, who is on the line, who waits."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hotline.callbacks.screen_pop import ScreenPop, screen_pop
from hotline.calls import legs, pausing, policy
from hotline.calls import queries as calls
from hotline.calls.models import Call, CallLeg
from hotline.calls.states import LegRole
from hotline.core.db import Session
from hotline.core.roles import Actor
from hotline.core.words import N_
from hotline.intake import rescue
from hotline.staff import queries as staff
from hotline.staff.models import BreakReason, Presence, Staff
from hotline.staff.presence import Line, PresenceState, Why
from hotline.telephony import profile
from hotline.web import softphone
from hotline.web.looks import PRESENCE, WHY, Look
from hotline.workers import queries as workers
from hotline.workers.models import Worker

RESTING: Final = frozenset({PresenceState.OFFLINE, PresenceState.READY, PresenceState.AWAY})
#: Who is in a room without being one of those who speak there for the caller.
BESIDE: Final = frozenset({LegRole.OPERATOR, LegRole.SUPERVISOR})


@dataclass(frozen=True)
class Bar:
    """The call bar of one operator at one moment.

    Attributes:
        until: When the state runs out: a wrap-up, or a break that has a cap.
        lines: What the operator may choose to speak through.
        legs: Who rings or is in the room besides the caller.
        people: The staff among them, by id.
        pop: Who calls, while it rings.
        can: What the carrier can do.
    """

    state: PresenceState
    line: Line
    waiting: calls.Waiting
    lines: Sequence[Line]
    breaks: Mapping[str, BreakReason]
    can: profile.Profile
    since: dt.datetime | None = None
    reason: str | None = None
    until: dt.datetime | None = None
    extensions: int = 0
    call: Call | None = None
    paused: dt.datetime | None = None
    caller: Worker | None = None
    pop: ScreenPop | None = None
    crisis: bool = False
    legs: Sequence[CallLeg] = ()
    people: Mapping[int, Staff] = field(default_factory=dict)
    staff_id: int = 0

    @property
    def unfinished(self) -> bool:
        """Whether the time for a record ran out before the record was finished."""
        return self.reason == Why.UNFINISHED and self.call is not None

    @property
    def resting(self) -> bool:
        """Whether no call is at hand."""
        return self.state in RESTING and not self.unfinished

    @property
    def own(self) -> CallLeg | None:
        """The operator's own line in the call."""
        return next((leg for leg in self.legs if leg.staff_id == self.staff_id), None)

    @property
    def guest(self) -> bool:
        """Whether it is somebody else's call, and this is who was asked in or listens."""
        return self.own is not None and self.own.role is not LegRole.OPERATOR

    @property
    def part(self) -> str:
        """Which of the bar's parts is drawn."""
        if self.guest:
            return "guest"
        return "resting" if self.resting else "wrap_up" if self.unfinished else self.state

    @property
    def talking(self) -> bool:
        """Whether there is a conversation."""
        return self.state is PresenceState.TALKING

    @property
    def held(self) -> bool:
        """Whether the caller hears music."""
        return self.talking and self.call is not None and self.call.held_at is not None

    @property
    def muted(self) -> bool:
        """Whether nobody hears the operator."""
        return self.own is not None and self.own.muted and not self.guest

    @property
    def others(self) -> list[CallLeg]:
        """Whom the operator has fetched: colleagues, other bodies, emergency numbers."""
        return [leg for leg in self.legs if leg.role not in BESIDE and leg is not self.own]

    @property
    def recorded(self) -> bool:
        """Whether what is said is recorded, but for a pause."""
        return self.call is not None and policy.is_recorded(self.call.line)

    @property
    def consulted(self) -> bool:
        """Whether somebody fetched has taken up the telephone: the call can be left to them."""
        return any(leg.joined_at for leg in self.others)

    @property
    def listeners(self) -> list[CallLeg]:
        """The supervisors in the room: whoever is listened to sees it."""
        return [leg for leg in self.legs if leg.role is LegRole.SUPERVISOR and leg.joined_at]

    @property
    def look(self) -> Look:
        """The state as a symbol, a tone and a word: the first row of `FACES` that holds."""
        return next((face for holds, face in FACES if holds(self)), PRESENCE[self.state])

    def name_of(self, leg: CallLeg) -> str:
        """Return what a party is called."""
        person = self.people.get(leg.staff_id or 0)
        return person.name if person else leg.name or ""


ALARMING: Final = {
    Why.MISSED: "phone-missed",
    Why.DECLINED: "phone-off",
    Why.UNREACHABLE: "phone-off",
    Why.LINE_LOST: "wifi-off",
}


def _is_why(why: Why) -> Callable[[Bar], bool]:
    return lambda bar: bar.state is PresenceState.AWAY and bar.reason == why


#: What says more than the bare presence.
FACES: Final[tuple[tuple[Callable[[Bar], bool], Look], ...]] = (
    (lambda bar: bar.guest and bar.talking, Look("users-round", "good", N_("协助通话"))),
    (lambda bar: bar.held and bool(bar.others), Look("phone-call", "warn", N_("咨询中"))),
    (lambda bar: bar.held, Look("circle-pause", "warn", N_("保持中"))),
    (lambda bar: bar.talking and bool(bar.others), Look("users-round", "good", N_("三方通话"))),
    (lambda bar: bar.unfinished, Look("square-pen", "act", WHY[Why.UNFINISHED])),
    *((_is_why(why), Look(icon, "act", WHY[why])) for why, icon in ALARMING.items()),
)


def of(session: Session, actor: Actor) -> Bar:
    """Return the call bar of *actor*."""
    staff_id, lines = actor.id or 0, softphone.lines()
    presence = staff.presence(session, staff_id)
    call = _call(session, presence, staff_id)
    bar = {
        "staff_id": staff_id,
        "lines": lines,
        "waiting": calls.waiting(session),
        "breaks": {row.code: row for row in staff.breaks(session)},
        "can": profile.current(),
        **(_stands(presence) if presence else {"state": PresenceState.OFFLINE, "line": lines[0]}),
    }
    return Bar(**bar, **(_of_call(session, actor, call) if call else {}))


def _stands(presence: Presence) -> dict[str, Any]:
    columns = ("state", "line", "since", "reason", "until", "extensions")
    return {name: getattr(presence, name) for name in columns}


def _of_call(session: Session, actor: Actor, call: Call) -> dict[str, Any]:
    here = legs.present(session, call.id)
    return {
        "call": call,
        "caller": workers.by_id(session, call.worker_id) if call.worker_id else None,
        "paused": pausing.paused_since(session, call.id),
        "pop": screen_pop(session, actor, call) if call.answered_at is None else None,
        "crisis": rescue.raised(session, call.id) is not None,
        "legs": here,
        "people": staff.staff_by_ids(session, (leg.staff_id for leg in here if leg.staff_id)),
    }


def _call(session: Session, presence: Presence | None, staff_id: int) -> Call | None:
    """Return the call at hand: the one that rings or is live, else the one to finish."""
    if presence is None or presence.state is PresenceState.OFFLINE:
        return None
    if presence.call_id is not None:
        return calls.call(session, presence.call_id)
    return calls.for_operator(session, staff_id)
