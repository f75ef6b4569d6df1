"""Calls that the hotline places, to a worker and to nobody else.

An operator's own line is rung first; when it is taken up the worker is dialled and meets
them. With conferences the two meet in the room of the call, whose caller the worker is.
Without, the operator's telephone dials the worker. A call without an operator leads the
worker to a document that asks. The number is the worker's own, as we keep it.
"""

import datetime as dt
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from hotline.calls import directory, legs, orders
from hotline.calls.facts import earliest, happened, settle
from hotline.calls.models import Call, CallLeg, CallOrder
from hotline.calls.offering import conclude, end_unheard, join
from hotline.calls.rows import locked, note
from hotline.calls.states import CallState, Direction, LegRole
from hotline.core.db import new_id
from hotline.core.errors import GuardFailed
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.staff import queries as staff_queries
from hotline.staff import service as staff
from hotline.staff.presence import Line
from hotline.telephony import profile
from hotline.telephony.dialling import may_dial
from hotline.telephony.progress import DialEnd, Progress
from hotline.workers import queries as workers

LONGEST: Final = dt.timedelta(minutes=60)
A_DAY: Final = 100  # so many are placed within a day, over the whole installation
DAY: Final = dt.timedelta(days=1)
SOON: Final = dt.timedelta(seconds=10)  # an order of ours is sent within this


def to_worker(
    session: Session,
    actor: Actor,
    worker_id: int,
    *,
    now: dt.datetime,
    ticket_id: int | None = None,
) -> Call:
    """Ring *actor*'s line to speak with a worker.

    Raises:
        Forbidden: *actor* does not work calls.
        GuardFailed: *actor* is not ready, the number may not be dialled, or the day is full.
    """
    require(actor, Permission.CALL_WORK)
    check_cap(session, A_DAY, now=now)
    seat = staff_queries.presence(session, actor.id or 0)
    call = enter(session, worker_id, now=now, ticket_id=ticket_id)
    if seat is None or not staff.ring(session, seat.staff_id, call.id, now):
        raise GuardFailed(N_("请先示闲，再拨打电话。"), guard="ready")
    call.offers, call.offered_to, call.offered_at, call.line = 1, seat.staff_id, now, seat.line
    if seat.line is not Line.DESK:
        call.accepted_at = now  # whoever asks for a call takes it
    settle(call)
    note(session, call, "placed", now=now, staff_id=actor.id, line=seat.line)
    person = staff_queries.by_id(session, seat.staff_id)
    address = directory.line_of(session, person, seat.line)
    order = orders.dial(session, call, f"{call.id}:{call.offers}", address, now=now)
    order.staff_id = seat.staff_id
    if not profile.current().conferences:
        order.detail = {"to": f"connect/{order.id}", "limit": int(LONGEST.total_seconds())}
    legs.ring(session, call, order, LegRole.OPERATOR, now=now)
    return call


def enter(
    session: Session, worker_id: int, *, now: dt.datetime, ticket_id: int | None = None
) -> Call:
    """Write the row of a call to a worker.

    Raises:
        GuardFailed: There is no number, or it may not be dialled.
    """
    worker = workers.by_id(session, worker_id)
    if worker.phone is None or not may_dial(worker.phone):
        raise GuardFailed(N_("对方没有可以拨打的号码。"), guard="may-dial")
    call = Call(
        id=new_id(),
        direction=Direction.OUTBOUND,
        worker_id=worker.id,
        raw_from=worker.phone,
        language=worker.language,
        ticket_id=ticket_id,
        received_at=now,
        heard_at=now,
        rang=True,
        state=CallState.RINGING,
    )
    session.add(call)
    session.flush()
    return call


def check_cap(session: Session, most: int, *, now: dt.datetime) -> None:
    """Make sure that fewer than *most* calls were placed within a day.

    Raises:
        GuardFailed: So many were.
    """
    placed = select(func.count()).where(
        Call.direction == Direction.OUTBOUND, Call.received_at > now - DAY
    )
    if (session.scalar(placed) or 0) >= most:
        raise GuardFailed(N_("今天呼出的线路已达上限。"), guard="lines-a-day")


def dial_worker(session: Session, call: Call, to: str, *, now: dt.datetime) -> CallOrder:
    """Have the worker of *call* rung, and led to the document at *to* when they answer.

    `{}` in it stands for the order's own id.
    """
    order = orders.dial(session, call, f"worker:{call.id}", call.raw_from, now=now)
    order.detail = {"to": to.format(order.id), "limit": int(LONGEST.total_seconds())}
    return order


def worker_answered(session: Session, order_id: int, sid: str, *, now: dt.datetime) -> Call:
    """Note that the worker took up the telephone; the call's own line is theirs."""
    call = locked(session, orders.by_id(session, order_id).call_id)
    call.provider_sid = sid
    call.heard_at = max(call.heard_at, now)
    return call


def worker_progress(
    session: Session, order_id: int, sid: str, told: Progress, *, now: dt.datetime
) -> None:
    """Note how far the worker's line has come; its end is the call's."""
    call = locked(session, orders.by_id(session, order_id).call_id)
    call.provider_sid = call.provider_sid or sid
    call.heard_at = max(call.heard_at, now)
    if not told.terminal:
        return
    _settled(session, call, sid, now=now)
    call.carrier_status = told.status
    call.ended_at = earliest(call.ended_at, happened(told.at, now))
    conclude(session, call, now=now)


def _settled(session: Session, call: Call, sid: str, *, now: dt.datetime) -> None:
    asked = select(CallOrder).where(CallOrder.call_id == call.id, CallOrder.provider_sid == sid)
    for order in session.scalars(asked):
        order.settled_at = earliest(order.settled_at, now)


def operator_answered(
    session: Session, order_id: int, sid: str, *, now: dt.datetime
) -> Call | None:
    """Note that the operator's telephone, which is to dial the worker, was taken up."""
    order = orders.by_id(session, order_id)
    call = locked(session, order.call_id)
    if call.state is CallState.ENDED:
        return None
    call.provider_sid, call.heard_at = sid, max(call.heard_at, now)
    call.accepted_at = earliest(call.accepted_at, now)
    leg = legs.of_order(session, order.id)
    if leg is not None:
        leg.joined_at = earliest(leg.joined_at, now)
    return call


def operator_progress(
    session: Session, order_id: int, sid: str, told: Progress, *, now: dt.datetime
) -> None:
    """Note the end of an operator's telephone that dials the worker: it is the call's."""
    call = locked(session, orders.by_id(session, order_id).call_id)
    call.heard_at = max(call.heard_at, now)
    if told.terminal:
        _settled(session, call, sid, now=now)
        call.ended_at = earliest(call.ended_at, happened(told.at, now))
        conclude(session, call, now=now)


def connected(session: Session, order_id: int, *, now: dt.datetime) -> Call:
    """Note that the worker answered the operator's telephone."""
    order = orders.by_id(session, order_id)
    call = locked(session, order.call_id)
    join(session, call, order, at=now, now=now)
    return call


def parted(session: Session, order_id: int, end: DialEnd, *, now: dt.datetime) -> None:
    """Note how the operator's telephone came out of dialling the worker."""
    order = orders.by_id(session, order_id)
    call = locked(session, order.call_id)
    if end.bridged and call.answered_at is None:
        since = now if end.seconds is None else now - dt.timedelta(seconds=end.seconds)
        join(session, call, order, at=since, now=now)
    call.carrier_status = end.status
    call.ended_at = earliest(call.ended_at, now)
    conclude(session, call, now=now)


def end_abandoned(session: Session, *, now: dt.datetime) -> int:
    """End placed calls that nobody of ours waits in any more; return how many.

    The operator did not take up their telephone or has put it down, or the worker was
    never rung.
    """
    present = exists().where(CallLeg.call_id == Call.id, CallLeg.left_at.is_(None))
    rung = exists().where(
        CallOrder.call_id == Call.id,
        CallOrder.sent_at.is_not(None),
        CallOrder.staff_id.is_(None),
        CallOrder.settled_at.is_(None),
    )
    alone = session.scalars(
        select(Call)
        .where(
            Call.ended_at.is_(None),
            Call.direction == Direction.OUTBOUND,
            Call.state == CallState.RINGING,
            Call.received_at < now - SOON,
            ~present,
            (Call.offers > 0) | ~rung,
        )
        .with_for_update(skip_locked=True)
    ).all()
    for call in alone:
        end_unheard(session, call, "abandoned", at=now, now=now)
    return len(alone)
