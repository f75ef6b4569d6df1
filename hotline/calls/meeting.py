"""What the carrier tells of lines other than the caller's: taken up, joined, left, lost.

As with the caller's own signs, each is a fact, and order and repetition do not matter.
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls import legs, orders, pausing
from hotline.calls.facts import earliest, happened, resumed
from hotline.calls.models import Call, CallLeg, CallOrder, OrderAct
from hotline.calls.offering import (
    depart,
    give_over,
    is_offered_by,
    is_with,
    join,
    put_back,
    take_back,
    unjoin,
)
from hotline.calls.outbound import dial_worker
from hotline.calls.rows import locked, note
from hotline.calls.signs import Next
from hotline.calls.states import CallState, Direction, LegRole
from hotline.messages.states import MessageState
from hotline.staff import service as staff
from hotline.staff.presence import Why
from hotline.telephony.dialling import may_dial
from hotline.telephony.progress import DialEnd, Progress, RoomEvent

PUT_DOWN = "completed"  # how a leg ends that somebody ended; a browser may just have vanished
BROWSER = "client:"


def pick_up(
    session: Session, order_id: int, sid: str, *, now: dt.datetime
) -> tuple[Call, CallLeg] | None:
    """Note that a line was taken up; return whose room it enters, None if it is too late.

    The caller is fetched for an operator who takes up the present offer.
    """
    order, call, leg = _found(session, order_id)
    order.provider_sid = sid
    if leg is None or not leg.present or call.state is CallState.ENDED:
        return None
    if leg.role is not LegRole.OPERATOR:
        _arrive(session, call, leg, now=now)
        return call, leg
    if not is_offered_by(call, order):
        return None
    leg.joined_at = earliest(leg.joined_at, now)
    if call.accepted_at is None:
        call.accepted_at = now
        note(session, call, "accepted", now=now, staff_id=order.staff_id)
    if call.direction is Direction.OUTBOUND:
        dial_worker(session, call, f"callee/{order.id}", now=now)
    else:
        orders.redirect(session, call, f"meet/{order.id}", now=now, staff_id=order.staff_id)
    return call, leg


def _arrive(session: Session, call: Call, leg: CallLeg, *, now: dt.datetime) -> None:
    """Note that somebody called in is there; a caller who was left to them is theirs now."""
    leg.joined_at = earliest(leg.joined_at, now)
    note(session, call, "joined", now=now, staff_id=leg.staff_id, role=leg.role, leg=str(leg.id))
    if leg.staff_id is not None and is_with(session, call, leg.staff_id):
        staff.talk(session, leg.staff_id, now)
    if legs.of_staff(session, call.id, call.staff_id) is None:
        _leave_to(session, call, leg, now=now)


def _leave_to(session: Session, call: Call, leg: CallLeg, *, now: dt.datetime) -> None:
    """Leave the caller to who was called in; a colleague answers for the call from now on."""
    if leg.role is LegRole.COLLEAGUE:
        give_over(session, call, leg, now=now)
    if call.held_at is not None:
        resumed(call, now)
        orders.adjust(session, call, call.provider_sid, now=now, hold=False)


def meet(session: Session, order_id: int, *, now: dt.datetime) -> Call | None:
    """Note that the caller enters the room of an operator; None if nobody is there any more."""
    order, call, leg = _found(session, order_id)
    call.heard_at = max(call.heard_at, now)
    gone = leg is None or order.refused or not leg.present
    if gone and call.state is not CallState.ENDED:
        return None
    if call.bridged_by in {None, order.id} and not order.refused:
        join(session, call, order, at=now, now=now)
    return call


def dialled(session: Session, order_id: int, *, now: dt.datetime) -> CallOrder | None:
    """Return whom the caller's line dials now; None if the order is no longer wanted."""
    order, call, leg = _found(session, order_id)
    call.heard_at = max(call.heard_at, now)
    wanted = is_offered_by(call, order) or call.bridged_by is not None
    if leg is None or not leg.present or not wanted:
        return None
    if not may_dial(order.address or ""):
        _left(session, call, order, leg, "failed", at=now, now=now)
        return None
    leg.rang_at = now
    return order


def announce(session: Session, order_id: int, *, now: dt.datetime) -> None:
    """Note that an operator took up the telephone that the caller's line dialled.

    Told late, it replaces the moment that was understood.
    """
    order, call, leg = _found(session, order_id)
    call.heard_at = max(call.heard_at, now)
    if leg is None or order.refused:
        return
    if leg.role is not LegRole.OPERATOR:
        _arrive(session, call, leg, now=now)
        return
    if call.bridged_by not in {None, order.id}:
        return
    if leg.joined_at is None:
        _forget_understood(call, order)
    leg.joined_at = earliest(leg.joined_at, now)
    resumed(call, now)
    join(session, call, order, at=leg.joined_at, now=now)


def hung_up(session: Session, order_id: int, end: DialEnd, *, now: dt.datetime) -> Next:
    """Note how the caller's Dial ended, and return what they hear next.

    A room has told of itself. A Dial whose beginning nobody announced is known by its end.
    """
    order, call, leg = _found(session, order_id)
    in_room = order.act is OrderAct.DIAL
    if end.entered if in_room else end.bridged:
        if not in_room and leg is not None and _opens(leg):
            _forget_understood(call, order)
            join(session, call, order, at=_since(leg, end, now), now=now)
        return Next.FAREWELL
    order.refused = True
    was_heard = call.held_at is not None or call.bridged_by not in {None, order.id}
    if was_heard:
        put_back(session, call, now=now)
    elif call.bridged_by == order.id:
        unjoin(session, call, caller_left=end.status == "canceled", now=now)
    elif is_offered_by(call, order):
        take_back(session, call, Why.UNREACHABLE, now=now)
    if leg is not None:
        leg.left_at = earliest(leg.left_at, now)
    if call.state is CallState.ENDED:
        return Next.NOTHING
    return Next.WAIT_ON if was_heard else Next.WAIT


def _opens(leg: CallLeg) -> bool:
    """Return whether *leg* is an operator's whose coming nobody has announced."""
    return leg.role is LegRole.OPERATOR and leg.joined_at is None


def understood(session: Session, call: Call, *, now: dt.datetime) -> bool:
    """Note that the two of a late offer speak, if the caller's silence says so.

    Whoever still waits asks for the waiting document again and again.
    """
    leg = legs.of_staff(session, call.id, call.offered_to)
    order = orders.by_id(session, leg.order_id) if leg is not None else None
    if leg is None or order is None or order.act is not OrderAct.REDIRECT:
        return False
    if order.state is not MessageState.SENT or call.heard_at > leg.rang_at:
        return False
    join(session, call, order, at=leg.rang_at, now=now)
    return True


def _forget_understood(call: Call, order: CallOrder) -> None:
    """Make room for a better moment, unless somebody else answered the call before."""
    if call.bridged_by == order.id and call.requeued_at is None:
        call.answered_at = None


def _since(leg: CallLeg, end: DialEnd, now: dt.datetime) -> dt.datetime:
    """Return when the two were joined, as well as it is known once it is over."""
    return leg.rang_at if end.seconds is None else now - dt.timedelta(seconds=end.seconds)


def leg_progress(
    session: Session, order_id: int, sid: str, told: Progress, *, now: dt.datetime
) -> None:
    """Note how far a line that we rang has come; a terminal status is its end."""
    order, call, leg = _found(session, order_id)
    order.provider_sid = order.provider_sid or sid
    if told.terminal:
        order.settled_at = earliest(order.settled_at, now)
        _left(session, call, order, leg, told.status, at=happened(told.at, now), now=now)


def out_of_room(session: Session, order_id: int, end: DialEnd, *, now: dt.datetime) -> None:
    """Note that a line's Dial of its room ended.

    While the line itself goes on, the room is over, which is no loss: the caller left it.
    A room that could not be entered is one.
    """
    order, call, leg = _found(session, order_id)
    if end.entered and end.live and leg is not None:
        leg.left_at = earliest(leg.left_at, now)
        if leg.staff_id != call.staff_id:
            depart(session, call, leg, at=now, now=now)
    elif not end.entered:
        order.refused = True
        _left(session, call, order, leg, end.status, at=now, now=now)


def room_event(session: Session, call_id: int, told: RoomEvent, *, now: dt.datetime) -> None:
    """Note what happened in the room of a call."""
    call = locked(session, call_id)
    call.heard_at = max(call.heard_at, now)
    if told.opens:
        call.conference_sid = told.room
    if not told.left_by_itself:
        return
    order = session.scalar(
        select(CallOrder).where(CallOrder.call_id == call.id, CallOrder.provider_sid == told.leg)
    )
    if order is not None and order.act is OrderAct.DIAL:
        leg = legs.of_order(session, order.id)
        _left(session, call, order, leg, PUT_DOWN, at=happened(told.at, now), now=now)


def back_in_line(session: Session, order_id: int, *, now: dt.datetime) -> Next:
    """Note that a caller whom nobody heard any more waits again, in front of all others."""
    order, call, _ = _found(session, order_id)
    call.heard_at = max(call.heard_at, now)
    order.settled_at = earliest(order.settled_at, now)
    if call.state is CallState.ENDED:
        return Next.NOTHING
    put_back(session, call, now=now)
    return Next.WAIT_ON


def undone(session: Session, call: Call, order: CallOrder, *, now: dt.datetime) -> None:
    """Take back what an order that the carrier will never carry out was to bring about."""
    leg = legs.of_order(session, order.id)
    if leg is not None and leg.role is not LegRole.OPERATOR:
        _left(session, call, order, leg, "failed", at=now, now=now)
    elif is_offered_by(call, order):
        take_back(session, call, Why.UNREACHABLE, now=now)
    elif order.act is OrderAct.RECORD:
        pausing.undo(session, call, paused=order.detail["paused"], now=now)
    elif order.act is OrderAct.ADJUST:
        note(session, call, "not_adjusted", now=now, **order.detail)
        if order.detail.get("hold"):
            resumed(call, now)


def _left(
    session: Session,
    call: Call,
    order: CallOrder,
    leg: CallLeg | None,
    status: str,
    *,
    at: dt.datetime,
    now: dt.datetime,
) -> None:
    """Note that a party is gone, and look after a caller who is left alone."""
    if leg is None or not leg.present:
        return
    leg.left_at = at
    if leg.joined_at is None and leg.role is not LegRole.OPERATOR and leg.staff_id is not None:
        _missed(session, call, leg.staff_id, now=now)
    if is_offered_by(call, order):
        reason = Why.MISSED if call.accepted_at is None else Why.UNREACHABLE
        take_back(session, call, reason, now=now)
    elif call.state is CallState.TALKING:
        note(session, call, "left", now=now, staff_id=leg.staff_id, role=leg.role, status=status)
        after(session, call, order, leg, status, now=now)


def _missed(session: Session, call: Call, staff_id: int, *, now: dt.datetime) -> None:
    if is_with(session, call, staff_id):
        staff.miss(session, staff_id, now)


def give_up_ringing(session: Session, *, since: dt.datetime, now: dt.datetime) -> int:
    """Ring no longer who was called in before *since* and has not answered; return how many."""
    asked = select(CallLeg).where(
        CallLeg.left_at.is_(None),
        CallLeg.joined_at.is_(None),
        CallLeg.role != LegRole.OPERATOR,
        CallLeg.rang_at < since,
    )
    late = session.scalars(asked.with_for_update(skip_locked=True)).all()
    for leg in late:
        order, call, _ = _found(session, leg.order_id)
        orders.withdraw(session, call, CallOrder.id == order.id, now=now)
        _left(session, call, order, leg, "no-answer", at=now, now=now)
    return len(late)


def after(
    session: Session, call: Call, order: CallOrder, leg: CallLeg, status: str, *, now: dt.datetime
) -> None:
    """Let a conversation go on without *leg*, or the caller go where they are heard again.

    Somebody who puts the receiver down has ended the conversation. A line that failed,
    or a browser that is gone without a word, has not: the caller waits again. Whether
    the caller is there at all shows when their line asks for the document.
    """
    others = [other for other in legs.present(session, call.id) if legs.speaks(other)]
    there = [other for other in others if other.joined_at is not None]
    if others:
        depart(session, call, leg, at=now, now=now)
        if there and leg.staff_id == call.staff_id:
            _leave_to(session, call, there[-1], now=now)
    elif legs.speaks(leg) and not orders.is_to_hang_up(session, call.provider_sid):
        put_down = status == PUT_DOWN and leg.joined_at and not _is_browser(order)
        orders.redirect(session, call, "farewell" if put_down else "requeue/{}", now=now)


def _is_browser(order: CallOrder) -> bool:
    return (order.address or "").startswith(BROWSER)


def _found(session: Session, order_id: int) -> tuple[CallOrder, Call, CallLeg | None]:
    order = orders.by_id(session, order_id)
    return order, locked(session, order.call_id), legs.of_order(session, order_id)
