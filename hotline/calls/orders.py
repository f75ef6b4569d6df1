"""What the carrier must do in a call: written in the transaction that wants it, sent after."""

import datetime as dt
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.calls.models import Call, CallOrder, OrderAct
from hotline.calls.routing import RING
from hotline.core.errors import NotFound
from hotline.messages.states import MessageState

HANG_UP_WITHIN: Final = dt.timedelta(hours=1)
URGENCY: Final = {OrderAct.HANG_UP: 0, OrderAct.REDIRECT: 1, OrderAct.DIAL: 2}


def dial(session: Session, call: Call, staff_id: int, phone: str, *, now: dt.datetime) -> None:
    """Have an operator's telephone *phone* rung for the present offer of *call*."""
    purpose = f"{OrderAct.DIAL}:{call.id}:{call.offers}"
    order = _order(OrderAct.DIAL, call, purpose, now=now, lasts=RING)
    order.staff_id, order.address = staff_id, phone
    session.add(order)


def redirect(session: Session, call: Call, staff_id: int, *, now: dt.datetime) -> None:
    """Have the caller led from the queue to the browser of who took the present offer."""
    purpose = f"{OrderAct.REDIRECT}:{call.id}:{call.offers}"
    order = _order(OrderAct.REDIRECT, call, purpose, now=now, lasts=RING)
    order.staff_id, order.target_sid = staff_id, call.provider_sid
    session.add(order)


def hang_up(session: Session, call: Call, sid: str | None, *, now: dt.datetime) -> None:
    """Have the leg *sid* ended, once however often it is asked; nothing for a leg unknown."""
    purpose = f"{OrderAct.HANG_UP}:{sid}"
    known = session.scalar(select(CallOrder.id).where(CallOrder.purpose == purpose))
    if sid is None or known is not None:
        return
    order = _order(OrderAct.HANG_UP, call, purpose, now=now, lasts=HANG_UP_WITHIN)
    order.target_sid = sid
    session.add(order)


def _order(
    act: OrderAct, call: Call, purpose: str, *, now: dt.datetime, lasts: dt.timedelta
) -> CallOrder:
    return CallOrder(
        act=act,
        call_id=call.id,
        round=call.offers,
        purpose=purpose,
        state=MessageState.WAITING,
        priority=URGENCY[act],
        due_at=now,
        valid_until=now + lasts,
        created_at=now,
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


def present_dial(session: Session, call: Call) -> CallOrder | None:
    """Return the order that rings a telephone for the last offer of *call*, if one does."""
    return session.scalar(
        select(CallOrder).where(
            CallOrder.call_id == call.id,
            CallOrder.act == OrderAct.DIAL,
            CallOrder.round == call.offers,
        )
    )


def withdraw(session: Session, call: Call, *, now: dt.datetime) -> None:
    """Take back what no longer helps: unsent orders, and telephones that still ring for it."""
    session.execute(
        update(CallOrder)
        .where(
            CallOrder.call_id == call.id,
            CallOrder.state == MessageState.WAITING,
            CallOrder.act != OrderAct.HANG_UP,
        )
        .values(state=MessageState.CANCELLED, settled_at=now, reason="no longer wanted")
    )
    legs = session.scalars(
        select(CallOrder.provider_sid).where(
            CallOrder.call_id == call.id,
            CallOrder.act == OrderAct.DIAL,
            CallOrder.state == MessageState.SENT,
            CallOrder.settled_at.is_(None),
            CallOrder.provider_sid.is_not(None),
        )
    ).all()
    for sid in legs:
        hang_up(session, call, sid, now=now)
