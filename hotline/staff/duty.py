"""Presence: what operators choose, and what a call does to it."""

import datetime as dt
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from hotline.core.errors import GuardFailed, Invalid, TransitionNotAllowed
from hotline.core.words import N_
from hotline.staff import queries
from hotline.staff.models import Presence, PresenceChange
from hotline.staff.presence import BY_ACT, CHOICES, Act, Line, PresenceState

_NO_CALL: Final[dict[str, Any]] = {"call_id": None, "reason": None}


def set_presence(
    session: Session,
    staff_id: int,
    state: PresenceState,
    line: Line,
    *,
    reason: str | None = None,
    now: dt.datetime,
) -> Presence:
    """Set what somebody chose: offline, ready or away. Whoever is ready keeps their turn.

    Raises:
        Invalid: The state is one that only calls bring about.
        GuardFailed: The desk line is chosen and no telephone is known to ring.
        TransitionNotAllowed: A call is ringing or live.
    """
    if state not in CHOICES:
        raise Invalid({"state": N_("只能选择示闲、示忙或离线")})
    if line is Line.DESK and not queries.by_id(session, staff_id).phone:
        raise GuardFailed(N_("没有登记座席电话，不能使用座机线路。"), guard="desk-phone")
    presence = _row(session, staff_id, line, now)
    if presence.state != state:
        if not _move(session, staff_id, CHOICES[state], now=now, line=line, reason=reason):
            raise TransitionNotAllowed(N_("来电或通话中不能更改状态。"))
        session.refresh(presence)
    elif (presence.line, presence.reason) != (line, reason):
        presence.line, presence.reason = line, reason
        presence.version += 1
    return presence


def leave(session: Session, staff_id: int, *, now: dt.datetime) -> bool:
    """Take somebody off the telephone; under a live call nothing changes and False returns."""
    return _move(session, staff_id, Act.LEAVE, now=now)


def ring(session: Session, staff_id: int, call_id: int, now: dt.datetime) -> bool:
    """Offer a call to somebody; return False if they are no longer ready."""
    return _move(session, staff_id, Act.RING, now=now, call_id=call_id)


def talk(session: Session, staff_id: int, now: dt.datetime) -> bool:
    """Note that somebody took the call that rang; return False if none was ringing."""
    return _move(session, staff_id, Act.TALK, now=now, missed=0)


def miss(session: Session, staff_id: int, now: dt.datetime, *, reason: str = "missed") -> bool:
    """Note that somebody let it ring, or declined: they are away until they say otherwise."""
    missed = Presence.missed + (1 if reason == "missed" else 0)
    return _move(session, staff_id, Act.MISS, now=now, reason=reason, missed=missed)


def wrap_up(session: Session, staff_id: int, now: dt.datetime) -> bool:
    """Note that the call ended and its record is being finished."""
    return _move(session, staff_id, Act.HANG_UP, now=now)


def back(session: Session, staff_id: int, now: dt.datetime) -> bool:
    """Make somebody ready again: the record is finished, or the caller gave up first."""
    return _move(session, staff_id, Act.FREE, now=now)


def _row(session: Session, staff_id: int, line: Line, now: dt.datetime) -> Presence:
    presence = session.get(Presence, staff_id, populate_existing=True)
    if presence is None:
        presence = Presence(
            staff_id=staff_id, state=PresenceState.OFFLINE, line=line, since=now, missed=0
        )
        session.add(presence)
        session.flush()
    return presence


def _move(session: Session, staff_id: int, act: Act, *, now: dt.datetime, **given: Any) -> bool:
    """Take one row of the table if the presence still stands where it begins."""
    row = BY_ACT[act]
    keeps_call = row.target in {PresenceState.TALKING, PresenceState.WRAP_UP}
    values = given if keeps_call else _NO_CALL | given
    moved = session.execute(
        update(Presence)
        .where(Presence.staff_id == staff_id, Presence.state.in_(row.sources))
        .values(state=row.target, since=now, version=Presence.version + 1, **values)
        .returning(Presence.line, Presence.call_id, Presence.reason)
        .execution_options(synchronize_session="fetch")
    ).first()
    if moved is None:
        return False
    session.add(
        PresenceChange(
            staff_id=staff_id,
            at=now,
            act=act,
            to_state=row.target,
            line=moved.line,
            call_id=moved.call_id,
            reason=moved.reason,
        )
    )
    return True
