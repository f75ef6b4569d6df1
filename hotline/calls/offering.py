"""The seam between a call and the operator it is offered to: given, taken back, parted."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.calls import orders
from hotline.calls.facts import earliest, settle
from hotline.calls.models import Call, CallEvent, CallOrder
from hotline.calls.rows import identify, note
from hotline.calls.states import CallState
from hotline.staff import queries as staff_queries
from hotline.staff import service as staff
from hotline.staff.models import Presence
from hotline.staff.presence import Line, Why


def offer(session: Session, call: Call, seat: Presence, *, now: dt.datetime) -> bool:
    """Let the line of *seat* ring for *call*; return False if somebody else had them first."""
    if not staff.ring(session, seat.staff_id, call.id, now):
        return False
    call.offers += 1
    call.offered_to, call.offered_at, call.line = seat.staff_id, now, seat.line
    settle(call)
    note(session, call, "offered", now=now, staff_id=seat.staff_id, line=seat.line)
    if seat.line is Line.DESK:
        phone = staff_queries.by_id(session, seat.staff_id).phone
        orders.dial(session, call, seat.staff_id, phone or "", now=now)
    return True


def take_back(session: Session, call: Call, reason: str, *, now: dt.datetime) -> None:
    """Put an offered call back to the front of the queue; who did not take it is away."""
    operator = call.offered_to
    if operator is None:
        return
    staff.miss(session, operator, now, reason=reason)
    note(session, call, reason, now=now, staff_id=operator)
    orders.withdraw(session, call, now=now)
    call.offered_to = None
    settle(call)


def join(session: Session, call: Call, order_id: int, staff_id: int, *, now: dt.datetime) -> None:
    """Note that caller and operator hear each other."""
    others = call.offered_to if call.offered_to != staff_id else None
    told = call.answered_at if call.bridged_by == order_id else None
    call.answered_at, call.bridged_by = min(told or now, now), order_id
    _speak(session, call, staff_id, others, now=now)


def join_unannounced(session: Session, call: Call, order: CallOrder, *, now: dt.datetime) -> None:
    """Note that *order* must have joined the two, as of when the operator took up the telephone.

    Some carriers join whoever dials a queue with who waits in it and never ask for the
    address that `<Queue url>` names. A moment that is told after all replaces this one.
    """
    if call.answered_at is not None or order.staff_id is None:
        return
    taken_up = session.scalar(
        select(func.max(CallEvent.at)).where(
            CallEvent.call_id == call.id,
            CallEvent.kind == "accepted",
            CallEvent.staff_id == order.staff_id,
        )
    )
    if taken_up is None:
        return
    others = call.offered_to if call.offered_to != order.staff_id else None
    call.answered_at = taken_up
    _speak(session, call, order.staff_id, others, now=now)


def _speak(
    session: Session, call: Call, staff_id: int, others: int | None, *, now: dt.datetime
) -> None:
    """Write what follows from a conversation that began."""
    live = call.state is not CallState.ENDED
    call.staff_id = staff_id
    settle(call)
    note(session, call, "answered", now=now, staff_id=staff_id)
    if live:
        staff.talk(session, staff_id, now)
    if live and others is not None:
        release(session, call, others, now=now)


def is_joined_by(call: Call, order: CallOrder) -> bool:
    """Return whether *order* joined the two, told or understood."""
    joined = call.answered_at is not None and call.staff_id == order.staff_id
    return joined and call.bridged_by in {None, order.id}


def unjoin(session: Session, call: Call, *, caller_left: bool, now: dt.datetime) -> None:
    """Note that the two were not joined after all; an operator who did not answer is away."""
    operator = call.staff_id
    call.answered_at = call.staff_id = call.bridged_by = None
    settle(call)
    note(session, call, "not_joined", now=now, staff_id=operator)
    if operator is None:
        return
    if caller_left or call.state is CallState.ENDED:
        staff.wrap_up(session, operator, now)
        release(session, call, operator, now=now)
    else:
        staff.drop(session, operator, now, reason=Why.UNREACHABLE)


def conclude(session: Session, call: Call, *, now: dt.datetime) -> None:
    """Settle *call*; at its end free whoever was busy with it, and what still rings for it.

    Each change of the end, or of the wait before it, leaves a line in the record: others
    count by it.
    """
    was, rung, told = call.state, call.offered_to, (call.end_state, call.waited_ms)
    settle(call)
    if call.end_state is not None and (call.end_state, call.waited_ms) != told:
        note(session, call, "ended", now=now, staff_id=call.staff_id, end=call.end_state)
    if call.state is not CallState.ENDED or was is CallState.ENDED:
        return
    orders.withdraw(session, call, now=now)
    if rung is not None:
        release(session, call, rung, now=now)
    if was is CallState.TALKING and call.staff_id is not None:
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
    """Note that the record of an ended call is finished; its operator is ready again."""
    if call.ended_at is None or call.wrap_up_done_at is not None:
        return
    call.wrap_up_done_at = now
    if call.staff_id is not None:
        release(session, call, call.staff_id, now=now)


def release(session: Session, call: Call, staff_id: int, *, now: dt.datetime) -> None:
    """Make somebody ready again who was busy with this very call."""
    session.flush()
    staff.back(session, staff_id, call.id, now)
