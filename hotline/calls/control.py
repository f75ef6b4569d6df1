"""What an operator does in a conversation: hold, mute, consult, add, put through, put out."""

import datetime as dt

from sqlalchemy.orm import Session

from hotline.calls import directory, legs, orders
from hotline.calls.facts import resumed
from hotline.calls.inviting import invite, put_out
from hotline.calls.models import Call, CallLeg
from hotline.calls.offering import depart, give_over
from hotline.calls.rows import NOT_IN_IT, locked, note, spoken_by
from hotline.calls.states import LegRole
from hotline.core.errors import GuardFailed, Invalid, NotFound
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.telephony import profile

LONGEST_OUTCOME = 500


def hold(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """Let the caller hear that they are waited for; a second click changes nothing.

    Raises:
        Forbidden: *actor* does not work calls.
        GuardFailed: *actor* is not in this conversation.
        NotFound: There is no such call.
    """
    call = spoken_by(session, actor, call_id, there=True)
    if call.held_at is None:
        _hold(session, call, now=now)
        note(session, call, "held", now=now, staff_id=actor.id)


def _hold(session: Session, call: Call, *, now: dt.datetime) -> None:
    call.held_at = call.held_at or now
    if profile.current().conferences:
        orders.adjust(session, call, call.provider_sid, now=now, hold=True)
    else:
        orders.redirect(session, call, f"held/{call.id}", now=now)


def resume(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """Let the caller hear the others again; for a caller who is not held nothing changes.

    Without conferences the operator's telephone is rung again, and the hold ends when it
    is taken up.

    Raises:
        As `hold`.
    """
    call = spoken_by(session, actor, call_id, there=True)
    if call.held_at is None:
        return
    note(session, call, "resumed", now=now, staff_id=actor.id)
    if profile.current().conferences:
        _resume(session, call, now=now)
    else:
        orders.redirect(session, call, f"operator/{call.bridged_by}", now=now)


def _resume(session: Session, call: Call, *, now: dt.datetime) -> None:
    if call.held_at is not None:
        resumed(call, now)
        orders.adjust(session, call, call.provider_sid, now=now, hold=False)


def mute(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """Let nobody hear *actor*.

    Raises:
        As `hold`; GuardFailed also where the carrier cannot.
    """
    _set_muted(session, actor, call_id, muted=True, now=now)


def unmute(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """Let *actor* be heard again.

    Raises:
        As `mute`.
    """
    _set_muted(session, actor, call_id, muted=False, now=now)


def _set_muted(
    session: Session, actor: Actor, call_id: int, *, muted: bool, now: dt.datetime
) -> None:
    call = _in_room(session, actor, call_id)
    leg = legs.of_staff(session, call.id, actor.id)
    if leg is not None and leg.muted != muted:
        leg.muted = muted
        orders.adjust(session, call, legs.sid_of(session, leg), now=now, muted=muted)
        note(session, call, "muted" if muted else "unmuted", now=now, staff_id=actor.id)


def consult(
    session: Session, actor: Actor, call_id: int, target: str, *, now: dt.datetime
) -> CallLeg:
    """Hold the caller and ring *target*, a key of the directory, to speak with them first.

    Raises:
        As `mute`; NotFound also where the directory has no such target, GuardFailed where
        it cannot be rung or a cap is reached.
    """
    call = _in_room(session, actor, call_id)
    leg = invite(session, call, directory.find(session, target), actor.id, now=now)
    if call.held_at is None:
        _hold(session, call, now=now)
    return leg


def three_way(
    session: Session,
    actor: Actor,
    call_id: int,
    target: str | None = None,
    *,
    now: dt.datetime,
) -> CallLeg | None:
    """Let caller, operator and those consulted hear each other; with *target* ring one more.

    Raises:
        As `consult`; GuardFailed also where there is nobody to be joined.
    """
    call = _in_room(session, actor, call_id)
    leg = None
    if target is not None:
        leg = invite(session, call, directory.find(session, target), actor.id, now=now)
    elif not _others(session, call):
        raise GuardFailed(N_("没有可以加入的第三方。"), guard="third-party")
    _resume(session, call, now=now)
    note(session, call, "three_way", now=now, staff_id=actor.id)
    return leg


def complete_transfer(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """Leave the caller to whoever was consulted; a colleague answers for the call from now on.

    Raises:
        As `mute`; GuardFailed also where nobody consulted has answered.
    """
    call = _in_room(session, actor, call_id)
    answered = [leg for leg in _others(session, call) if leg.joined_at is not None]
    if not answered:
        raise GuardFailed(N_("对方还没有接听。"), guard="consulted-answered")
    _resume(session, call, now=now)
    _leave(session, actor, call, answered[-1], now=now)


def transfer_cold(
    session: Session, actor: Actor, call_id: int, target: str, *, now: dt.datetime
) -> CallLeg:
    """Leave the caller to *target*, who is rung; if nobody answers, the caller waits again.

    Raises:
        As `hold`; NotFound also where the directory has no such target, GuardFailed where
        it cannot be rung or a cap is reached.
    """
    call = spoken_by(session, actor, call_id, there=True)
    leg = invite(session, call, directory.find(session, target), actor.id, now=now)
    if profile.current().conferences:
        _hold(session, call, now=now)
    _leave(session, actor, call, leg, now=now)
    return leg


def _leave(session: Session, actor: Actor, call: Call, to: CallLeg, *, now: dt.datetime) -> None:
    """Let the operator go, and *to* stay with the caller."""
    own = legs.of_staff(session, call.id, actor.id)
    note(session, call, "transferred", now=now, staff_id=actor.id, leg=str(to.id))
    if to.staff_id is not None and to.joined_at is not None:
        give_over(session, call, to, now=now)
    if own is not None:
        put_out(session, call, own, now=now)
        depart(session, call, own, at=now, now=now)


def drop(session: Session, actor: Actor, call_id: int, leg_id: int, *, now: dt.datetime) -> None:
    """Put one party out of the conversation; the caller and *actor* stay.

    Raises:
        As `hold`; NotFound also where there is no such party in it.
    """
    call = spoken_by(session, actor, call_id, there=True)
    leg = next((leg for leg in _others(session, call) if leg.id == leg_id), None)
    if leg is None:
        raise NotFound
    put_out(session, call, leg, now=now)
    depart(session, call, leg, at=now, now=now)
    note(session, call, "dropped", now=now, staff_id=actor.id, leg=str(leg.id))


def note_outcome(
    session: Session, actor: Actor, leg_id: int, text: str, *, now: dt.datetime
) -> int:
    """Write down what a body called in did in the matter; it may be written anew.

    Returns:
        The id of the call.

    Raises:
        Forbidden: *actor* does not work calls.
        Invalid: Nothing was written, or too much.
        GuardFailed: *actor* neither answers for the call nor asked for that party.
        NotFound: There is no such party.
    """
    require(actor, Permission.CALL_WORK)
    leg = session.get(CallLeg, leg_id)
    if leg is None or leg.role not in legs.OUTSIDE:
        raise NotFound
    call = locked(session, leg.call_id)
    if not legs.Outside(leg, call.staff_id).may_write(actor.id):
        raise GuardFailed(NOT_IN_IT, guard="in-conversation")
    if not 0 < len(text.strip()) <= LONGEST_OUTCOME:
        raise Invalid({"outcome": N_("请填写结果，不超过500字")})
    leg.outcome = text.strip()
    note(session, call, "outcome", now=now, staff_id=actor.id, leg=str(leg.id))
    return call.id


def _others(session: Session, call: Call) -> list[CallLeg]:
    """Return who was called in and rings or is in the room."""
    here = legs.present(session, call.id)
    called_in = {LegRole.COLLEAGUE, LegRole.PARTNER, LegRole.EMERGENCY}
    return [leg for leg in here if leg.role in called_in]


def _in_room(session: Session, actor: Actor, call_id: int) -> Call:
    call = spoken_by(session, actor, call_id, there=True)
    if not profile.current().conferences:
        raise GuardFailed(N_("当前运营商不支持这个操作。"), guard="carrier-cannot")
    return call
