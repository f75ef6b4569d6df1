"""What staff can do and when they are rostered: kept by the lead, read by routing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import GuardFailed, Invalid, NotFound
from hotline.core.language import local
from hotline.core.roles import Actor, Permission, Role, require
from hotline.core.rows import one
from hotline.core.words import N_
from hotline.staff import queries, rest
from hotline.staff.models import Presence, Shift, Staff, StaffRole, StaffSkill
from hotline.staff.presence import PresenceState, Why
from hotline.staff.rest import Span
from hotline.staff.skills import Duty, Skill

WEEK: Final = dt.timedelta(days=rest.DAYS + 1)
AT_DESK: Final = (Role.OPERATOR, Role.SUPERVISOR)


class OnCall(NamedTuple):
    """Somebody whose telephone may ring though they are not at the desk, and idle since when."""

    staff_id: int
    since: dt.datetime


def skills(session: Session, ids: Iterable[int]) -> dict[int, frozenset[Skill]]:
    """Return what each of *ids* can do besides the ordinary."""
    found: dict[int, set[Skill]] = defaultdict(set)
    rows = select(StaffSkill).where(StaffSkill.staff_id.in_(wanted := set(ids)))
    for row in session.scalars(rows):
        found[row.staff_id].add(row.skill)
    return {each: frozenset(found[each]) for each in wanted}


def set_skills(
    session: Session, staff_id: int, wanted: Iterable[Skill], *, actor: Actor, now: dt.datetime
) -> None:
    """Say what somebody can do: exactly *wanted*; calls are routed by it at once.

    Raises:
        Forbidden: *actor* does not lead the desk.
        NotFound: Nobody in *actor*'s part of the tree has that id.
    """
    check_leads(session, actor, staff_id)
    given = sorted(set(wanted))
    session.execute(delete(StaffSkill).where(StaffSkill.staff_id == staff_id))
    session.add_all(StaffSkill(staff_id=staff_id, skill=skill) for skill in given)
    session.flush()
    audit.note(session, actor, "staff.set_skills", f"staff:{staff_id}", now=now, skills=given)


def add_shift(
    session: Session,
    staff_id: int,
    duty: Duty,
    begins_at: dt.datetime,
    ends_at: dt.datetime,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Shift:
    """Roster somebody.

    Raises:
        Forbidden: *actor* does not lead the desk.
        GuardFailed: They are to be on call and no telephone of theirs is known.
        Invalid: The time ends before it begins, they have a shift then, or too little rest.
        NotFound: Nobody in *actor*'s part of the tree has that id.
    """
    check_leads(session, actor, staff_id)
    if begins_at >= ends_at:
        raise Invalid({"ends_at": N_("结束时间要晚于开始时间")})
    check_fits(session, staff_id, duty, (begins_at, ends_at))
    shift = Shift(staff_id=staff_id, duty=duty, begins_at=begins_at, ends_at=ends_at)
    session.add(shift)
    session.flush()
    audit.note(session, actor, "shift.add", f"staff:{staff_id}", now=now, shift=shift.id, duty=duty)
    return shift


def check_fits(
    session: Session, staff_id: int, duty: Duty, span: Span, *, instead_of: int = 0
) -> None:
    """Let nobody be rostered twice at a time, nor without rest; one shift may be given for it.

    Raises:
        GuardFailed: They are to be on call and no telephone of theirs is known.
        Invalid: They have a shift then, or too little rest before, after or in the week.
    """
    if duty is Duty.ON_CALL and not queries.by_id(session, staff_id).phone:
        raise GuardFailed(N_("没有登记座席电话，不能备班。"), guard="desk-phone")
    begins_at, ends_at = span
    near = session.scalars(
        select(Shift).where(
            Shift.staff_id == staff_id,
            Shift.id != instead_of,
            Shift.begins_at < ends_at + WEEK,
            Shift.ends_at > begins_at - WEEK,
        )
    ).all()
    if any(one.begins_at < ends_at and one.ends_at > begins_at for one in near):
        raise Invalid({"begins_at": N_("这段时间已经排班")})
    if duty is not Duty.SEAT:
        return
    seats = [(one.begins_at, one.ends_at) for one in near if one.duty is Duty.SEAT]
    spans = [(local(since), local(until)) for since, until in [*seats, span]]
    if problem := rest.broken(spans):
        raise Invalid({"begins_at": problem})


def remove_shift(session: Session, shift_id: int, *, actor: Actor, now: dt.datetime) -> None:
    """Take a shift off the roster.

    Raises:
        Forbidden: *actor* does not lead the desk.
        NotFound: There is no such shift in *actor*'s part of the tree.
    """
    shift = one(session, Shift, shift_id)
    check_leads(session, actor, shift.staff_id)
    session.delete(shift)
    audit.note(session, actor, "shift.remove", f"staff:{shift.staff_id}", now=now, shift=shift_id)


def check_leads(session: Session, actor: Actor, staff_id: int) -> None:
    """Let only leads of somebody's part of the tree roster them.

    Raises:
        Forbidden: *actor* does not lead the desk.
        NotFound: Nobody in *actor*'s part of the tree has that id.
    """
    require(actor, Permission.BOARD)
    if not actor.sees(queries.scope_of(session, staff_id)):
        raise NotFound


def people(session: Session, actor: Actor) -> dict[int, Staff]:
    """Return the active operators and leads of *actor*'s own unit, by id."""
    rows = session.scalars(
        select(Staff)
        .where(
            Staff.active.is_(True),
            Staff.unit_id == actor.unit_id,
            Staff.id.in_(select(StaffRole.staff_id).where(StaffRole.role.in_(AT_DESK))),
        )
        .order_by(Staff.login)
    )
    return {row.id: row for row in rows}


def coming(session: Session, now: dt.datetime, *, limit: int = 100) -> Sequence[Shift]:
    """Return the shifts that are not over, those that begin first first."""
    return session.scalars(
        select(Shift).where(Shift.ends_at > now).order_by(Shift.begins_at, Shift.id).limit(limit)
    ).all()


def on_call(session: Session, now: dt.datetime) -> list[OnCall]:
    """Return who is on call now and can be rung: not busy, and on no break of their own."""
    away = and_(Presence.state == PresenceState.AWAY, Presence.reason.in_(set(Why)))
    rows = session.execute(
        select(Staff.id, func.coalesce(Presence.since, Shift.begins_at))
        .join(Shift, Shift.staff_id == Staff.id)
        .outerjoin(Presence, Presence.staff_id == Staff.id)
        .where(
            Staff.active.is_(True),
            Staff.phone.is_not(None),
            Shift.duty == Duty.ON_CALL,
            Shift.begins_at <= now,
            Shift.ends_at > now,
            or_(Presence.state.is_(None), Presence.state == PresenceState.OFFLINE, away),
        )
        .order_by(Staff.id)
    )
    return [OnCall(*row) for row in rows]


def anybody_there(session: Session) -> bool:
    """Return whether anybody signed in to the desk by themselves."""
    there = Presence.state != PresenceState.OFFLINE
    found = select(Presence.staff_id).where(there, Presence.called_out.is_(False)).limit(1)
    return session.scalar(found) is not None
