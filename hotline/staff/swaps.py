"""Shifts that change hands: one asks, the other agrees, a lead decides; rest is kept either way."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from hotline.core import audit
from hotline.core.errors import GuardFailed, NotFound
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.staff import roster
from hotline.staff.models import Shift, ShiftSwap


class Swap(NamedTuple):
    """A swap with both its shifts."""

    swap: ShiftSwap
    mine: Shift
    other: Shift


def ask(
    session: Session, shift_id: int, other_id: int, *, actor: Actor, now: dt.datetime
) -> ShiftSwap:
    """Ask somebody to take a shift of one's own for one of theirs.

    Raises:
        Forbidden: *actor* does not work at the desk.
        NotFound: It is not their shift, or the other is their own or nobody's.
        GuardFailed: One of the two has begun, or is up for another swap.
    """
    require(actor, Permission.DESK)
    mine, other = (session.get(Shift, one, with_for_update=True) for one in (shift_id, other_id))
    if mine is None or other is None or mine.staff_id != actor.id or other.staff_id == actor.id:
        raise NotFound
    if min(mine.begins_at, other.begins_at) <= now:
        raise GuardFailed(N_("已经开始的班次不能换。"), guard="shift-to-come")
    if any(one.swap.decided_at is None for one in _of(session, mine.id, other.id)):
        raise GuardFailed(N_("这个班次正在等待另一次换班。"), guard="one-swap")
    made = ShiftSwap(shift_id=mine.id, other_id=other.id, asked_at=now)
    session.add(made)
    session.flush()
    audit.note(session, actor, "shift.swap_ask", f"shift:{mine.id}", now=now, other=other.id)
    return made


def agree(session: Session, swap_id: int, *, actor: Actor, now: dt.datetime) -> None:
    """Agree to a swap that somebody asked for.

    Raises:
        NotFound: Nothing of that number waits for *actor*'s word.
    """
    found = _open(session, swap_id)
    if found.other.staff_id != actor.id or found.swap.agreed_at is not None:
        raise NotFound
    found.swap.agreed_at = now
    audit.note(session, actor, "shift.swap_agree", f"shift:{found.other.id}", now=now)


def decide(
    session: Session, swap_id: int, *, approve: bool, actor: Actor, now: dt.datetime
) -> None:
    """Let the two exchange their shifts, or not.

    Raises:
        Forbidden: *actor* does not lead the desk.
        NotFound: Nothing of that number waits for a decision.
        GuardFailed: The other one has not agreed, *actor* is one of the two, or it has begun.
        Invalid: One of them would have too little rest.
    """
    found = _open(session, swap_id)
    for shift in (found.mine, found.other):
        roster.check_leads(session, actor, shift.staff_id)
    if approve:
        if found.swap.agreed_at is None:
            raise GuardFailed(N_("对方还没有同意。"), guard="swap-agreed")
        if actor.id in (found.mine.staff_id, found.other.staff_id):
            raise GuardFailed(N_("自己的换班须由另一位班长批准。"), guard="swap-apart")
        if min(found.mine.begins_at, found.other.begins_at) <= now:
            raise GuardFailed(N_("已经开始的班次不能换。"), guard="shift-to-come")
        _exchange(session, found.mine, found.other)
    found.swap.approved, found.swap.decided_by, found.swap.decided_at = approve, actor.id, now
    about = f"shift:{found.mine.id}"
    audit.note(session, actor, "shift.swap_decide", about, now=now, approved=approve)


def _exchange(session: Session, mine: Shift, other: Shift) -> None:
    """Give each of the two the other's times and duty, if both keep their rest."""
    for one, taken in ((mine, other), (other, mine)):
        span = taken.begins_at, taken.ends_at
        roster.check_fits(session, one.staff_id, taken.duty, span, instead_of=one.id)
    theirs = other.duty, other.begins_at, other.ends_at
    other.duty, other.begins_at, other.ends_at = mine.duty, mine.begins_at, mine.ends_at
    mine.duty, mine.begins_at, mine.ends_at = theirs


def undecided(session: Session, staff_id: int | None = None) -> Sequence[Swap]:
    """Return the swaps that wait, the oldest first; of one person, or of all."""
    mine, other = aliased(Shift), aliased(Shift)
    asked = (
        select(ShiftSwap, mine, other)
        .join(mine, mine.id == ShiftSwap.shift_id)
        .join(other, other.id == ShiftSwap.other_id)
        .where(ShiftSwap.decided_at.is_(None))
        .order_by(ShiftSwap.id)
        .limit(100)
    )
    if staff_id is not None:
        asked = asked.where(or_(mine.staff_id == staff_id, other.staff_id == staff_id))
    return [Swap(*row) for row in session.execute(asked)]


def _of(session: Session, *shifts: int) -> Sequence[Swap]:
    return [one for one in undecided(session) if {one.mine.id, one.other.id} & {*shifts}]


def _open(session: Session, swap_id: int) -> Swap:
    swap = session.get(ShiftSwap, swap_id, with_for_update=True)
    if swap is None or swap.decided_at is not None:
        raise NotFound
    return Swap(swap, session.get_one(Shift, swap.shift_id), session.get_one(Shift, swap.other_id))
