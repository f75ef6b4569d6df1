"""What a supervisor does on a live call: listen, whisper, speak to all, take over, go.

The operator sees it: `queries.listeners` is what their call bar shows, and every step is
in the call's record.
"""

import datetime as dt

from sqlalchemy.orm import Session

from hotline.calls import legs, orders
from hotline.calls.directory import Party, line_of
from hotline.calls.inviting import invite, put_out
from hotline.calls.models import Call, CallLeg
from hotline.calls.offering import depart, give_over
from hotline.calls.rooms import operator_sid
from hotline.calls.rows import locked, note
from hotline.calls.states import CallState, LegRole, Mode
from hotline.core.errors import GuardFailed
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.staff import queries as staff
from hotline.staff.presence import Line
from hotline.telephony import profile
from hotline.telephony.dialling import may_dial


def listen(
    session: Session, actor: Actor, call_id: int, line: Line, *, now: dt.datetime
) -> CallLeg:
    """Ring *actor* on *line* and let them hear a live call, heard by nobody.

    Somebody who whispers or speaks already falls silent again.

    Raises:
        Forbidden: *actor* does not supervise calls.
        GuardFailed: The call is not live, it is *actor*'s own, the carrier has no
            conferences, or no telephone is known to ring.
        NotFound: There is no such call.
    """
    call = _live(session, actor, call_id)
    own = legs.of_staff(session, call.id, actor.id)
    if own is not None and own.role is LegRole.SUPERVISOR:
        return _change(session, actor, call, own, Mode.LISTEN, now=now)
    if own is not None or call.staff_id == actor.id:
        raise GuardFailed(N_("这是您自己的通话。"), guard="somebody-elses")
    person = staff.by_id(session, actor.id or 0)
    address = line_of(session, person, line)
    if not may_dial(address):
        raise GuardFailed(N_("没有登记座席电话，不能使用座机线路。"), guard="desk-phone")
    party = Party(LegRole.SUPERVISOR, person.name, address, person.id)
    return invite(session, call, party, actor.id, now=now, mode=Mode.LISTEN)


def whisper(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """Be heard by the operator alone.

    Raises:
        As `listen`; GuardFailed also where *actor* does not listen to the call.
    """
    call, own = _listening(session, actor, call_id)
    _change(session, actor, call, own, Mode.WHISPER, now=now)


def barge(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """Be heard by everybody.

    Raises:
        As `whisper`.
    """
    call, own = _listening(session, actor, call_id)
    _change(session, actor, call, own, Mode.BARGE, now=now)


def take_over(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """Speak with the caller in the operator's place, who leaves and finishes nothing.

    Raises:
        As `whisper`; GuardFailed also where *actor* has not taken up their telephone.
    """
    call, own = _listening(session, actor, call_id)
    if own.joined_at is None:
        raise GuardFailed(N_("请先接听。"), guard="taken-up")
    operator = legs.of_staff(session, call.id, call.staff_id)
    note(session, call, "taken_over", now=now, staff_id=actor.id, operator=str(call.staff_id))
    give_over(session, call, own, now=now)
    sid = legs.sid_of(session, own)
    orders.adjust(session, call, sid, now=now, muted=False, coaching="")
    if operator is not None:
        put_out(session, call, operator, now=now)
        depart(session, call, operator, at=now, now=now)


def release(session: Session, actor: Actor, call_id: int, *, now: dt.datetime) -> None:
    """Leave the call; who is gone already stays so.

    Raises:
        Forbidden: *actor* does not supervise calls.
        NotFound: There is no such call.
    """
    require(actor, Permission.CALL_SUPERVISE)
    call = locked(session, call_id)
    own = legs.of_staff(session, call.id, actor.id)
    if own is not None and own.role is LegRole.SUPERVISOR:
        put_out(session, call, own, now=now)
        depart(session, call, own, at=now, now=now)
        note(session, call, "released", now=now, staff_id=actor.id)


def _change(
    session: Session, actor: Actor, call: Call, own: CallLeg, mode: Mode, *, now: dt.datetime
) -> CallLeg:
    """Let *actor* take part in another way; one who still rings enters in that way."""
    if own.mode is mode:
        return own
    own.mode = mode
    if own.joined_at is not None:
        coached = operator_sid(session, call) if mode is Mode.WHISPER else None
        muted = mode is Mode.LISTEN
        sid = legs.sid_of(session, own)
        orders.adjust(session, call, sid, now=now, muted=muted, coaching=coached or "")
    note(session, call, mode, now=now, staff_id=actor.id)
    return own


def _listening(session: Session, actor: Actor, call_id: int) -> tuple[Call, CallLeg]:
    call = _live(session, actor, call_id)
    own = legs.of_staff(session, call.id, actor.id)
    if own is None or own.role is not LegRole.SUPERVISOR:
        raise GuardFailed(N_("您没有在监听这个通话。"), guard="listening")
    return call, own


def _live(session: Session, actor: Actor, call_id: int) -> Call:
    require(actor, Permission.CALL_SUPERVISE)
    if not profile.current().conferences:
        raise GuardFailed(N_("当前运营商不支持这个操作。"), guard="carrier-cannot")
    call = locked(session, call_id)
    if call.state is not CallState.TALKING:
        raise GuardFailed(N_("这个通话没有在进行。"), guard="live-call")
    return call
