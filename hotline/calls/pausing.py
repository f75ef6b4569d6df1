"""The recording of a conversation stands still while an ID or a bank number is read aloud.

Domain reference, section 6.2. When it stood still is in the call's record; what is recorded
meanwhile is silence, so that every later moment keeps its place.
"""

import datetime as dt
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls import orders
from hotline.calls.models import Call, CallEvent
from hotline.calls.rows import note, spoken_by
from hotline.calls.states import CallState
from hotline.core.errors import GuardFailed
from hotline.core.roles import Actor
from hotline.core.words import N_
from hotline.telephony import profile

LONGEST: Final = dt.timedelta(minutes=3)  # then it goes on by itself: somebody forgot
KINDS: Final = {True: "recording_paused", False: "recording_resumed"}
BEGINNING: Final = "line_lost"  # another conversation, another recording


def pause_recording(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """Record silence from now on; a second click changes nothing.

    Raises:
        Forbidden: *actor* does not work calls.
        GuardFailed: *actor* is not in this conversation, or the carrier cannot.
        NotFound: There is no such call.
    """
    _set(session, actor, call_id, paused=True, now=now)


def resume_recording(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """Record sound again; where it is recorded already nothing changes.

    Raises:
        As `pause_recording`.
    """
    _set(session, actor, call_id, paused=False, now=now)


def _set(session: Session, actor: Actor, call_id: int, *, paused: bool, now: dt.datetime) -> None:
    call = spoken_by(session, actor, call_id)
    if not profile.current().conferences:
        raise GuardFailed(N_("运营商不能暂停录音。"), guard="carrier-cannot")
    if (paused_since(session, call.id) is not None) is not paused:
        orders.hold_recording(session, call, paused=paused, now=now)
        note(session, call, KINDS[paused], now=now, staff_id=actor.id)


def paused_since(session: Session, call_id: int) -> dt.datetime | None:
    """Return since when the recording of a call stands still; None while it runs."""
    last = session.execute(
        select(CallEvent.kind, CallEvent.at)
        .where(CallEvent.call_id == call_id, CallEvent.kind.in_({*KINDS.values(), BEGINNING}))
        .order_by(CallEvent.id.desc())
        .limit(1)
    ).first()
    return last.at if last is not None and last.kind == KINDS[True] else None


def undo(session: Session, call: Call, *, paused: bool, now: dt.datetime) -> None:
    """Note that the carrier refused, so that nobody relies on it."""
    note(session, call, KINDS[not paused], now=now, refused=True)


def resume_forgotten(session: Session, *, now: dt.datetime) -> int:
    """Let recordings go on that stand still for too long.

    Returns:
        How many there were.
    """
    talking = session.scalars(
        select(Call)
        .where(Call.ended_at.is_(None), Call.state == CallState.TALKING)
        .with_for_update(skip_locked=True)
    ).all()
    forgotten = [
        call
        for call in talking
        if (since := paused_since(session, call.id)) is not None and now - since > LONGEST
    ]
    for call in forgotten:
        orders.hold_recording(session, call, paused=False, now=now)
        note(session, call, KINDS[False], now=now, forgotten=True)
    return len(forgotten)
