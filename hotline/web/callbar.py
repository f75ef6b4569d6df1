"""What the call bar shows: where its operator stands, who is on the line, who waits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from hotline.calls import pausing
from hotline.calls import queries as calls
from hotline.calls.models import Call
from hotline.core.db import Session
from hotline.core.roles import Actor
from hotline.staff import queries as staff
from hotline.staff.models import Presence
from hotline.staff.presence import Line, PresenceState
from hotline.telephony import profile
from hotline.web import softphone
from hotline.workers import queries as workers
from hotline.workers.models import Worker

RESTING = frozenset({PresenceState.OFFLINE, PresenceState.READY, PresenceState.AWAY})


@dataclass(frozen=True)
class Bar:
    """The call bar of one operator at one moment."""

    state: PresenceState
    line: Line
    since: dt.datetime | None
    reason: str | None
    waiting: calls.Waiting
    lines: Sequence[Line]
    call: Call | None = None
    paused: dt.datetime | None = None
    caller: Worker | None = None

    @property
    def may_pause(self) -> bool:
        """Whether the recording of a conversation can stand still here."""
        return profile.current().conferences

    @property
    def resting(self) -> bool:
        """Whether no call is at hand."""
        return self.state in RESTING


def of(session: Session, actor: Actor) -> Bar:
    """Return the call bar of *actor*."""
    staff_id, lines = actor.id or 0, softphone.lines()
    presence = staff.presence(session, staff_id)
    call = _call(session, presence, staff_id)
    return Bar(
        state=presence.state if presence else PresenceState.OFFLINE,
        line=presence.line if presence else lines[0],
        since=presence.since if presence else None,
        reason=presence.reason if presence else None,
        waiting=calls.waiting(session),
        lines=lines,
        call=call,
        paused=pausing.paused_since(session, call.id) if call else None,
        caller=workers.by_id(session, call.worker_id) if call and call.worker_id else None,
    )


def _call(session: Session, presence: Presence | None, staff_id: int) -> Call | None:
    """Return the call at hand: the one that rings or is live, else the one to finish."""
    if presence is None or presence.state is PresenceState.OFFLINE:
        return None
    if presence.call_id is not None:
        return calls.call(session, presence.call_id)
    return calls.for_operator(session, staff_id)
