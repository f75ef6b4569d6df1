"""The parties of a call besides the caller: who rings, who is in the room, who is gone."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call, CallLeg, CallOrder
from hotline.calls.states import LegRole, Mode
from hotline.core.db import new_id

#: What a party is that belongs to another body: it does something of its own in the matter.
OUTSIDE: Final = frozenset({LegRole.PARTNER, LegRole.EMERGENCY})


class Outside(NamedTuple):
    """A body that was called in, and who answers for the call it was called into."""

    leg: CallLeg
    staff_id: int | None

    def may_write(self, staff_id: int | None) -> bool:
        """Return whether somebody was there: answers for the call, or asked for the body."""
        return staff_id in {self.staff_id, self.leg.asked_by}


def ring(
    session: Session, call: Call, order: CallOrder, role: LegRole, *, now: dt.datetime
) -> CallLeg:
    """Return a new party that *order* rings; an order of a member of staff's line is theirs."""
    leg = CallLeg(
        id=new_id(),
        call_id=call.id,
        order_id=order.id,
        role=role,
        staff_id=order.staff_id,
        rang_at=now,
    )
    session.flush()  # the order's row first
    session.add(leg)
    return leg


def of_order(session: Session, order_id: int) -> CallLeg | None:
    """Return the party that an order rings, if it rings one."""
    return session.scalar(select(CallLeg).where(CallLeg.order_id == order_id))


def present(session: Session, call_id: int) -> Sequence[CallLeg]:
    """Return who rings or is in the room, in the order they were asked."""
    return session.scalars(
        select(CallLeg)
        .where(CallLeg.call_id == call_id, CallLeg.left_at.is_(None))
        .order_by(CallLeg.id)
    ).all()


def outside(session: Session, *, call_id: int = 0, ticket_id: int = 0) -> Sequence[Outside]:
    """Return the bodies called into a call, or into the calls about a ticket, in their order."""
    which = Call.ticket_id == ticket_id if ticket_id else Call.id == call_id
    rows = session.execute(
        select(CallLeg, Call.staff_id)
        .join(Call, Call.id == CallLeg.call_id)
        .where(which, CallLeg.role.in_(OUTSIDE))
        .order_by(CallLeg.id)
    )
    return [Outside(leg, staff_id) for leg, staff_id in rows]


def speaks(leg: CallLeg) -> bool:
    """Return whether the caller is in company while *leg* is there."""
    return leg.role is not LegRole.SUPERVISOR or leg.mode is Mode.BARGE


def of_staff(session: Session, call_id: int, staff_id: int | None) -> CallLeg | None:
    """Return the line by which a member of staff rings or is in the room, if any."""
    here = present(session, call_id)
    return next(
        (leg for leg in here if leg.staff_id is not None and leg.staff_id == staff_id), None
    )


def sid_of(session: Session, leg: CallLeg) -> str | None:
    """Return the carrier's id of a party's line, if it is known."""
    return session.scalar(select(CallOrder.provider_sid).where(CallOrder.id == leg.order_id))
