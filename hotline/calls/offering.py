"""The seam between a call and the operator it is offered to: given, taken back, parted."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from hotline.calls import legs, orders
from hotline.calls.facts import earliest, resumed, settle
from hotline.calls.models import Call, CallLeg, CallOrder
from hotline.calls.rows import identify, note
from hotline.calls.states import CallState, LegRole
from hotline.staff import queries as staff_queries
from hotline.staff import service as staff
from hotline.staff.models import Presence
from hotline.staff.presence import Line, Why
from hotline.telephony import profile


def offer(
    session: Session, call: Call, seat: Presence, why: Mapping[str, Any], *, now: dt.datetime
) -> bool:
    """Let the line of *seat* ring for *call*, and keep *why*; False if others had them first."""
    if not staff.ring(session, seat.staff_id, call.id, now):
        return False
    call.offers += 1
    call.offered_to, call.offered_at, call.line = seat.staff_id, now, seat.line
    settle(call)
    note(session, call, "offered", now=now, staff_id=seat.staff_id, line=seat.line, **why)
    if seat.line is Line.DESK:
        phone = staff_queries.by_id(session, seat.staff_id).phone
        ring_operator(session, call, phone or "", now=now)
    return True


def ring_operator(session: Session, call: Call, address: str, *, now: dt.datetime) -> None:
    """Have the line of who has the present offer join the caller, as the carrier can.

    With conferences the operator's own leg is rung and then fetches the caller. Without,
    the caller is led to a document that dials the operator.
    """
    if profile.current().conferences:
        order = orders.dial(session, call, f"{call.id}:{call.offers}", address, now=now)
        order.staff_id = call.offered_to
    else:
        order = orders.redirect(session, call, "operator/{}", now=now, staff_id=call.offered_to)
        order.address = address
    legs.ring(session, call, order, LegRole.OPERATOR, now=now)


def is_offered_by(call: Call, order: CallOrder) -> bool:
    """Return whether *order* belongs to the present offer of *call*."""
    mine = call.offered_to is not None and call.offered_to == order.staff_id
    return mine and call.offers == order.round


def take_back(
    session: Session, call: Call, reason: str, *, now: dt.datetime, why: str | None = None
) -> None:
    """Put an offered call back to the front of the queue; who did not take it is away.

    *why* is what they said, a code of `Decline`.
    """
    operator = call.offered_to
    if operator is None:
        return
    staff.miss(session, operator, now, reason=reason)
    note(session, call, reason, now=now, staff_id=operator, **({"why": why} if why else {}))
    _end_offer(session, call, operator, now=now)


def call_off(session: Session, call: Call, *, now: dt.datetime) -> None:
    """End the offer of a call whose caller waits no longer; its operator is ready again."""
    operator = call.offered_to
    if operator is not None:
        release(session, call, operator, now=now)
        _end_offer(session, call, operator, now=now)


def _end_offer(session: Session, call: Call, operator: int, *, now: dt.datetime) -> None:
    orders.withdraw(session, call, CallOrder.staff_id == operator, now=now)
    for leg in legs.present(session, call.id):
        if leg.staff_id == operator:
            leg.left_at = now
    call.offered_to = None
    settle(call)


def join(
    session: Session, call: Call, order: CallOrder, *, at: dt.datetime, now: dt.datetime
) -> None:
    """Note that since *at* the two that *order* joins hear each other."""
    if order.staff_id is None:
        return
    others = call.offered_to if call.offered_to != order.staff_id else None
    known = call.bridged_by == order.id
    live = call.state is not CallState.ENDED
    call.answered_at, call.bridged_by = earliest(call.answered_at, at), order.id
    call.staff_id = order.staff_id
    settle(call)
    if not known:
        note(session, call, "answered", now=now, staff_id=order.staff_id)
    if live:
        staff.talk(session, order.staff_id, now)
    if live and others is not None:
        release(session, call, others, now=now)


def unjoin(session: Session, call: Call, *, caller_left: bool, now: dt.datetime) -> None:
    """Note that the two were not joined after all; an operator who did not answer is away."""
    operator = call.staff_id
    call.staff_id = call.bridged_by = None
    if call.requeued_at is None:  # nobody else spoke with them before
        call.answered_at = None
    settle(call)
    note(session, call, "not_joined", now=now, staff_id=operator)
    if operator is None:
        return
    if caller_left or call.state is CallState.ENDED:
        staff.wrap_up(session, operator, now)
        release(session, call, operator, now=now)
    else:
        staff.drop(session, operator, now, reason=Why.UNREACHABLE)


def put_back(session: Session, call: Call, *, now: dt.datetime) -> None:
    """Put a caller whom nobody hears any more back to the front of the queue.

    It stays an answered call. An operator whose line was lost is away.
    """
    if call.state is not CallState.TALKING:
        return
    note(session, call, "line_lost", now=now, staff_id=call.staff_id)
    call.bridged_by, call.conference_sid, call.requeued_at = None, None, now
    resumed(call, now)
    settle(call)
    if call.staff_id is not None and is_with(session, call, call.staff_id):
        staff.drop(session, call.staff_id, now, reason=Why.LINE_LOST)


def depart(
    session: Session, call: Call, leg: CallLeg, *, at: dt.datetime, now: dt.datetime
) -> None:
    """Note that a party is gone since *at*; staff are free for what comes next.

    Who answers for the call finishes its record first.
    """
    leg.left_at = earliest(leg.left_at, at)
    person = leg.staff_id
    if person is None or not is_with(session, call, person):
        return
    staff.wrap_up(session, person, now)
    if person != call.staff_id:
        release(session, call, person, now=now)


def give_over(session: Session, call: Call, leg: CallLeg, *, now: dt.datetime) -> None:
    """Let the member of staff of *leg* answer for the call from now on."""
    before = call.staff_id
    call.staff_id, call.bridged_by = leg.staff_id, leg.order_id
    leg.role, leg.mode = LegRole.OPERATOR, None
    note(session, call, "given_over", now=now, staff_id=leg.staff_id)
    if before is not None and legs.of_staff(session, call.id, before) is None:
        release(session, call, before, now=now)


def conclude(session: Session, call: Call, *, now: dt.datetime) -> None:
    """Settle *call*; at its end free whoever was busy with it, and what still rings for it.

    Once somebody answered or it is over, each change of the end, of the wait or of the talk
    leaves a line in the record: others count by it.
    """
    was, rung, told = call.state, call.offered_to, _counted(call)
    settle(call)
    if _counted(call) != told:
        end = {"end": call.end_state} if call.end_state else {}
        note(session, call, "ended" if end else "timed", now=now, staff_id=call.staff_id, **end)
    if call.state is not CallState.ENDED or was is CallState.ENDED:
        return
    orders.withdraw(session, call, now=now)
    if rung is not None:
        release(session, call, rung, now=now)
    for leg in legs.present(session, call.id):
        depart(session, call, leg, at=call.ended_at or now, now=now)
    if was is CallState.TALKING and call.staff_id is not None:
        if is_with(session, call, call.staff_id):
            staff.wrap_up(session, call.staff_id, now)
        if call.disposition is not None:
            finish_wrap_up(session, call, now=now)


def end_unheard(
    session: Session, call: Call, why: str, *, at: dt.datetime, now: dt.datetime
) -> None:
    """End a call of which the carrier tells nothing more, as of *at*; news may still mend it."""
    identify(session, call, now=now)
    call.ended_at = earliest(call.ended_at, at)
    note(session, call, why, now=now)
    conclude(session, call, now=now)


def finish_wrap_up(session: Session, call: Call, *, now: dt.datetime) -> None:
    """Note that the record of an ended call is finished; its operator is ready again.

    The same goes for a call that goes on without its operator, who has put it through.
    """
    left = call.bridged_by is not None and not legs.of_staff(session, call.id, call.staff_id)
    if call.wrap_up_done_at is not None or (call.ended_at is None and not left):
        return
    call.wrap_up_done_at = now
    if call.staff_id is not None:
        release(session, call, call.staff_id, now=now)


def is_with(session: Session, call: Call, staff_id: int) -> bool:
    """Return whether somebody's presence belongs to this very call."""
    session.flush()
    seat = staff_queries.presence(session, staff_id)
    return seat is not None and seat.call_id == call.id


def release(session: Session, call: Call, staff_id: int, *, now: dt.datetime) -> None:
    """Make somebody ready again who was busy with this very call."""
    session.flush()
    staff.back(session, staff_id, call.id, now)


def _counted(call: Call) -> tuple[object, ...]:
    """Return what follows from a call's facts and is counted, if anything is yet."""
    decided = call.answered_at is not None or call.end_state is not None
    return (call.end_state, call.waited_ms, call.talked_ms) if decided else ()
