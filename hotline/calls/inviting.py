"""Calling somebody into a conversation, and what bounds that (reliability, section 8)."""

import datetime as dt
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.calls import legs, orders
from hotline.calls.directory import Party
from hotline.calls.models import Call, CallLeg, CallOrder, DirectoryEntry
from hotline.calls.rows import note
from hotline.calls.states import LegRole, Mode
from hotline.core.errors import GuardFailed
from hotline.core.words import N_
from hotline.staff import service as staff
from hotline.telephony import profile

AT_ONCE: Final = 2  # so many parties somebody may have on the line at once
A_DAY: Final = 100  # so many are called in within a day, over the whole installation
LONGEST: Final = dt.timedelta(minutes=60)
DAY: Final = dt.timedelta(days=1)
CAPPED: Final = frozenset({LegRole.COLLEAGUE, LegRole.PARTNER})  # help in danger is never refused


def invite(
    session: Session,
    call: Call,
    party: Party,
    asked_by: int | None,
    *,
    now: dt.datetime,
    mode: Mode | None = None,
) -> CallLeg:
    """Ring *party* and bring them into the room of *call* when they answer.

    Without conferences the caller is led to them, and nobody else hears.

    Raises:
        GuardFailed: *asked_by* has as many on the line as may be, or so has the day.
    """
    if party.role in CAPPED:
        _check_caps(session, asked_by, now)
    if profile.current().conferences:
        order = orders.dial(session, call, "", party.address, now=now)
        order.detail = {"limit": int(LONGEST.total_seconds())}
    else:
        order = orders.redirect(session, call, "operator/{}", now=now)
        order.address = party.address
    order.staff_id = party.staff_id
    leg = legs.ring(session, call, order, party.role, now=now)
    leg.name, leg.asked_by, leg.mode = party.name, asked_by, mode
    if party.staff_id is not None:
        staff.ring(session, party.staff_id, call.id, now)  # who is not ready is rung all the same
    note(session, call, "invited", now=now, staff_id=asked_by, role=party.role, leg=str(leg.id))
    return leg


def _check_caps(session: Session, asked_by: int | None, now: dt.datetime) -> None:
    # Whoever else is counting waits here: two may not both be the last.
    session.execute(
        select(DirectoryEntry.code).order_by(DirectoryEntry.code).limit(1).with_for_update()
    )
    called = select(func.count()).select_from(CallLeg).where(CallLeg.role.in_(CAPPED))
    open_now = called.where(CallLeg.asked_by == asked_by, CallLeg.left_at.is_(None))
    if (session.scalar(open_now) or 0) >= AT_ONCE:
        raise GuardFailed(N_("同时呼出的线路已达上限。"), guard="lines-at-once")
    if (session.scalar(called.where(CallLeg.rang_at > now - DAY)) or 0) >= A_DAY:
        raise GuardFailed(N_("今天呼出的线路已达上限。"), guard="lines-a-day")


def put_out(session: Session, call: Call, leg: CallLeg, *, now: dt.datetime) -> None:
    """End the line of a party; one that has not been rung yet is not."""
    leg.left_at = now
    session.flush()
    orders.withdraw(session, call, CallOrder.id == leg.order_id, now=now)
