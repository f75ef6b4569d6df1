"""What the carrier must do in a call: written in the transaction that wants it, sent after."""

import datetime as dt
from typing import Any, Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from hotline.calls.models import Call, CallOrder, OrderAct
from hotline.calls.routing import RING
from hotline.core.db import new_id
from hotline.core.errors import NotFound
from hotline.messages.states import MessageState

HANG_UP_WITHIN: Final = dt.timedelta(hours=1)
URGENCY: Final = {
    OrderAct.HANG_UP: 0,
    OrderAct.RECORD: 0,
    OrderAct.REDIRECT: 1,
    OrderAct.ADJUST: 1,
    OrderAct.DIAL: 2,
}
#: Handed over, as far as anybody knows: the telephone may ring.
RINGS: Final = frozenset({MessageState.SENT, MessageState.UNCERTAIN})


def dial(
    session: Session, call: Call, purpose: str, address: str, *, now: dt.datetime
) -> CallOrder:
    """Have *address* rung for *call*, once per *purpose*."""
    order = _order(OrderAct.DIAL, call, purpose, now=now, lasts=RING)
    order.address = address
    session.add(order)
    return order


def redirect(
    session: Session, call: Call, to: str, *, now: dt.datetime, staff_id: int | None = None
) -> CallOrder:
    """Have the caller led to the document at *to*; `{}` in it stands for the order's own id."""
    order = _order(OrderAct.REDIRECT, call, "", now=now, lasts=RING)
    order.detail = {"to": to.format(order.id)}
    order.staff_id, order.target_sid = staff_id, call.provider_sid
    session.add(order)
    return order


def adjust(
    session: Session, call: Call, sid: str | None, *, now: dt.datetime, **changes: Any
) -> None:
    """Have the party with the leg *sid* changed in the conference: `hold`, `muted`, `coaching`.

    What was asked before about the same and has not gone out is no longer wanted.
    """
    _change(session, OrderAct.ADJUST, call, sid, changes, now=now)


def hold_recording(session: Session, call: Call, *, paused: bool, now: dt.datetime) -> None:
    """Have the recording of *call* stand still, or go on; the last word counts."""
    _change(session, OrderAct.RECORD, call, call.provider_sid, {"paused": paused}, now=now)


def _change(
    session: Session,
    act: OrderAct,
    call: Call,
    sid: str | None,
    detail: dict[str, Any],
    *,
    now: dt.datetime,
) -> None:
    session.execute(
        update(CallOrder)
        .where(
            CallOrder.call_id == call.id,
            CallOrder.act == act,
            CallOrder.state == MessageState.WAITING,
            CallOrder.target_sid == sid,
        )
        .values(state=MessageState.CANCELLED, settled_at=now, reason="changed again")
        .execution_options(synchronize_session=False)
    )
    order = _order(act, call, "", now=now, lasts=RING)
    order.target_sid, order.detail = sid, detail
    session.add(order)


def hang_up(session: Session, call: Call, sid: str | None, *, now: dt.datetime) -> None:
    """Have the leg *sid* ended, once however often it is asked; nothing for a leg unknown."""
    if sid is None or is_to_hang_up(session, sid):
        return
    order = _order(OrderAct.HANG_UP, call, sid, now=now, lasts=HANG_UP_WITHIN)
    order.target_sid = sid
    session.add(order)


def part(session: Session, call: Call, to: str, *, now: dt.datetime) -> None:
    """Have the caller led out of the conversation to the document at *to*, once."""
    if call.provider_sid is None or is_to_hang_up(session, call.provider_sid):
        return
    order = _order(OrderAct.REDIRECT, call, call.provider_sid, now=now, lasts=HANG_UP_WITHIN)
    order.detail, order.target_sid = {"to": to}, call.provider_sid
    session.add(order)


def is_to_hang_up(session: Session, sid: str | None) -> bool:
    """Return whether it was ordered to end the leg *sid*, or to lead it out."""
    ends = [f"{act}:{sid}" for act in (OrderAct.HANG_UP, OrderAct.REDIRECT)]
    return session.scalar(select(CallOrder.id).where(CallOrder.purpose.in_(ends))) is not None


def _order(
    act: OrderAct, call: Call, purpose: str, *, now: dt.datetime, lasts: dt.timedelta
) -> CallOrder:
    number = new_id()
    return CallOrder(
        id=number,
        act=act,
        call_id=call.id,
        round=call.offers,
        purpose=f"{act}:{purpose or number}",
        state=MessageState.WAITING,
        priority=URGENCY[act],
        due_at=now,
        valid_until=now + lasts,
        created_at=now,
        detail={},
    )


def by_id(session: Session, order_id: int) -> CallOrder:
    """Return one order.

    Raises:
        NotFound: There is none.
    """
    order = session.scalar(select(CallOrder).where(CallOrder.id == order_id))
    if order is None:
        raise NotFound
    return order


def withdraw(session: Session, call: Call, *also: ColumnElement[bool], now: dt.datetime) -> None:
    """Take back what no longer helps: unsent orders, and telephones that still ring for it.

    With *also* only the orders for which that holds.
    """
    ours = (CallOrder.call_id == call.id, CallOrder.act != OrderAct.HANG_UP, *also)
    session.execute(
        update(CallOrder)
        .where(*ours, CallOrder.state == MessageState.WAITING)
        .values(state=MessageState.CANCELLED, settled_at=now, reason="no longer wanted")
    )
    legs = session.scalars(
        select(CallOrder.provider_sid).where(
            *ours,
            CallOrder.act == OrderAct.DIAL,
            CallOrder.state.in_(RINGS),
            CallOrder.settled_at.is_(None),
            CallOrder.provider_sid.is_not(None),
        )
    ).all()
    for sid in legs:
        hang_up(session, call, sid, now=now)
