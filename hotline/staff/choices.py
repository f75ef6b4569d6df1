"""Presence as people choose it: for themselves, and a lead for others."""

import datetime as dt
from typing import Any, Final

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import GuardFailed, Invalid, NotFound, TransitionNotAllowed
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.staff import queries
from hotline.staff.models import BreakReason, Presence
from hotline.staff.moves import move, row_of
from hotline.staff.presence import (
    CHOICES,
    EXTENSION,
    Act,
    Line,
    Longer,
    PresenceState,
    may_leave,
)
from hotline.telephony import profile

SHORT: Final = "short"  # the break of whoever gives no reason
ARRANGED: Final = "lead"  # the break that a lead arranges
BEAT_EVERY: Final = dt.timedelta(seconds=10)  # several pages of one person are one sign of life


def set_presence(
    session: Session,
    staff_id: int,
    state: PresenceState,
    line: Line,
    *,
    reason: str | None = None,
    now: dt.datetime,
) -> Presence:
    """Set what somebody chose: offline, ready or away. Whoever is ready keeps their turn.

    Going away is a break for a *reason* of the table `break_reason`, a short one by default.

    Raises:
        Invalid: The state is one that only calls bring about, or there is no such reason.
        GuardFailed: The desk line is chosen and no telephone is known to ring, the carrier
            knows no other, or as many are on a break as may be.
        TransitionNotAllowed: A call is ringing or live.
    """
    _choosable(state)
    if line is Line.DESK and not queries.by_id(session, staff_id).phone:
        raise GuardFailed(N_("没有登记座席电话，不能使用座机线路。"), guard="desk-phone")
    if state is PresenceState.READY and line is not Line.DESK and not profile.current().browsers:
        raise GuardFailed(N_("当前运营商只支持座机线路。"), guard="carrier-cannot")
    presence = row_of(session, staff_id, line, now)
    wanted = (reason or SHORT) if state is PresenceState.AWAY else None
    if presence.state == state and presence.reason in {wanted, None}:
        if presence.line != line:
            presence.line = line
            presence.version += 1
        return presence
    given = _break(session, presence, wanted, now=now) if wanted else {}
    if not move(session, staff_id, CHOICES[state], now=now, line=line, **given):
        raise TransitionNotAllowed(N_("来电或通话中不能更改状态。"))
    session.refresh(presence)
    return presence


def _choosable(state: PresenceState) -> None:
    if state not in CHOICES:
        raise Invalid({"state": N_("只能选择示闲、示忙或离线")})


def _break(session: Session, presence: Presence, code: str, *, now: dt.datetime) -> dict[str, Any]:
    """Return what a break for the reason *code* writes, if there is room for one more."""
    reason = session.get(BreakReason, code)
    if reason is None:
        raise Invalid({"reason": N_("请从列表中选择示忙原因")})
    if reason.counted and not _has_room(session, presence.staff_id):
        raise GuardFailed(N_("同时小休的人数已满，请稍后再休息。"), guard="breaks-at-once")
    return {"reason": code, "until": _cap(reason, now)}


def _cap(reason: BreakReason, now: dt.datetime) -> dt.datetime | None:
    return now + dt.timedelta(minutes=reason.minutes) if reason.minutes else None


def _has_room(session: Session, staff_id: int) -> bool:
    """Return whether one more may go; those who ask at one moment are told one by one."""
    counted = select(BreakReason.code).where(BreakReason.counted).order_by(BreakReason.code)
    codes = session.scalars(counted.with_for_update()).all()
    resting = and_(
        Presence.state == PresenceState.AWAY,
        Presence.reason.in_(codes),
        Presence.staff_id != staff_id,
    )
    on_break, signed_in = session.execute(
        select(func.count().filter(resting), func.count())
        .select_from(Presence)
        .where(Presence.state != PresenceState.OFFLINE)
    ).one()
    return may_leave(on_break, signed_in)


def extend(
    session: Session, staff_id: int, *, reason: str | None = None, now: dt.datetime
) -> Presence:
    """Give somebody more time for a record: once for the asking, then with a reason.

    Raises:
        GuardFailed: No record is being finished.
        Invalid: It was lengthened before, and *reason* is none of `Longer`.
    """
    presence = session.get(Presence, staff_id, with_for_update=True, populate_existing=True)
    if presence is None or presence.state is not PresenceState.WRAP_UP:
        raise GuardFailed(N_("现在没有话后整理。"), guard="wrap-up")
    if presence.extensions and reason not in set(Longer):
        raise Invalid({"reason": N_("再次延长请说明原因")})
    move(
        session,
        staff_id,
        Act.EXTEND,
        now=now,
        reason=reason,
        until=max(presence.until or now, now) + EXTENSION,
        extensions=presence.extensions + 1,
    )
    session.refresh(presence)
    return presence


def force(
    session: Session,
    actor: Actor,
    staff_id: int,
    state: PresenceState,
    *,
    reason: str,
    now: dt.datetime,
) -> None:
    """Set the presence of somebody else; who did it, and the *reason*, are kept.

    Raises:
        Forbidden: *actor* does not lead the desk.
        Invalid: No reason, or a state that only calls bring about.
        GuardFailed: They are to be ready and have not signed in: a line would ring for nobody.
        NotFound: Nobody in *actor*'s part of the tree has that id and a presence.
        TransitionNotAllowed: A call is ringing or live.
    """
    require(actor, Permission.BOARD)
    _choosable(state)
    if not reason.strip():
        raise Invalid({"reason": N_("请填写原因")})
    presence = queries.presence(session, staff_id)
    if presence is None or not actor.sees(queries.scope_of(session, staff_id)):
        raise NotFound
    if state is PresenceState.READY and presence.state is PresenceState.OFFLINE:
        raise GuardFailed(N_("对方没有签入，不能置为就绪。"), guard="signed-in")
    given = {"reason": ARRANGED} if state is PresenceState.AWAY else {}
    if not move(session, staff_id, CHOICES[state], now=now, by=actor, **given):
        raise TransitionNotAllowed(N_("来电或通话中不能更改状态。"))
    audit.note(
        session, actor, "presence.force", f"staff:{staff_id}", now=now, state=state, reason=reason
    )


def beat(session: Session, staff_id: int, *, now: dt.datetime) -> None:
    """Note that a page of somebody who is signed in is open; several pages are one."""
    session.execute(
        update(Presence)
        .where(
            Presence.staff_id == staff_id,
            Presence.state != PresenceState.OFFLINE,
            or_(Presence.seen_at.is_(None), Presence.seen_at <= now - BEAT_EVERY),
        )
        .values(seen_at=now)
    )
