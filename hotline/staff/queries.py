"""Staff, as the doors and the rooms above ask for them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from hotline.core.errors import NotFound
from hotline.core.roles import Actor, Role
from hotline.core.rows import one
from hotline.staff import tree
from hotline.staff.models import ApiToken, BreakReason, Presence, Staff, StaffRole, StaffSession
from hotline.staff.presence import BUSY_OR_READY, LIVE, PresenceState
from hotline.staff.tokens import hashed

IDLE: Final = dt.timedelta(minutes=30)
SEEN_EVERY: Final = dt.timedelta(minutes=1)
#: What makes an actor of somebody active: a row for each role they hold.
PEOPLE: Final = (
    select(Staff.id, Staff.login, Staff.unit_id, tree.scope().label("scope"), StaffRole.role)
    .join(tree.unit, tree.unit.c.id == Staff.unit_id)
    .outerjoin(StaffRole, StaffRole.staff_id == Staff.id)
    .where(Staff.active.is_(True))
)
#: Asked with every page, so it is put together once.
VISITS: Final = (
    PEOPLE.add_columns(Staff.locale, StaffSession.seen_at)
    .join(StaffSession, StaffSession.staff_id == Staff.id)
    .outerjoin(Presence, Presence.staff_id == Staff.id)
    .where(
        StaffSession.id == bindparam("session"),
        StaffSession.closed_at.is_(None),
        or_(
            and_(
                StaffSession.closes_at > bindparam("now"),
                or_(
                    StaffSession.seen_at > bindparam("idle_since"),
                    Presence.state.in_(BUSY_OR_READY),
                ),
            ),
            Presence.state.in_(LIVE),
        ),
    )
)


@dataclass(frozen=True)
class Visit:
    """Who a cookie belongs to, the language they read, and whether to note that they are here."""

    actor: Actor
    locale: str
    unseen: bool


def visit(session: Session, token: str, now: dt.datetime) -> Visit | None:
    """Return the visit of the session with *token*, or None where it has ended.

    A session ends 30 minutes after the last sign of life, presence that waits for calls
    being one, and after 12 hours; it never ends under a live call.
    """
    given = {"session": hashed(token), "now": now, "idle_since": now - IDLE}
    rows = session.execute(VISITS, given).all()
    if not rows:
        return None
    return Visit(_actor(rows), rows[0].locale, rows[0].seen_at <= now - SEEN_EVERY)


def actor_by_token(session: Session, token: str, now: dt.datetime) -> Actor | None:
    """Return whom the API *token* acts as, or None where it is revoked, expired or unknown."""
    rows = session.execute(
        PEOPLE.join(ApiToken, ApiToken.staff_id == Staff.id).where(
            ApiToken.id == hashed(token),
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
        )
    ).all()
    return _actor(rows) if rows else None


def actor(session: Session, staff_id: int) -> Actor:
    """Return a member of staff as an actor.

    Raises:
        NotFound: Nobody active has that id.
    """
    rows = session.execute(PEOPLE.where(Staff.id == staff_id)).all()
    if not rows:
        raise NotFound
    return _actor(rows)


def _actor(rows: Sequence[Any]) -> Actor:
    roles = frozenset(row.role for row in rows if row.role is not None)
    return Actor(rows[0].id, rows[0].login, roles, rows[0].unit_id, rows[0].scope)


def scope_of(session: Session, staff_id: int) -> str:
    """Return the path of the unit somebody belongs to.

    Raises:
        NotFound: Nobody has that id.
    """
    path = session.scalar(
        select(tree.unit.c.path)
        .join(Staff, Staff.unit_id == tree.unit.c.id)
        .where(Staff.id == staff_id)
    )
    if path is None:
        raise NotFound
    return str(path)


def find(session: Session, login: str) -> Staff | None:
    """Return who signs in as *login*, or None."""
    return session.scalar(select(Staff).where(Staff.login == login))


def by_login(session: Session, login: str) -> Staff:
    """Return who signs in as *login*.

    Raises:
        NotFound: There is none.
    """
    found = find(session, login)
    if found is None:
        raise NotFound
    return found


def by_id(session: Session, staff_id: int) -> Staff:
    """Return one member of staff.

    Raises:
        NotFound: There is none.
    """
    return one(session, Staff, staff_id)


def staff_by_ids(session: Session, ids: Iterable[int]) -> dict[int, Staff]:
    """Return the staff with these *ids*, by id, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(Staff).where(Staff.id.in_(wanted)))}


def roles_of(session: Session, staff_id: int) -> frozenset[Role]:
    """Return the roles somebody holds."""
    return frozenset(session.scalars(select(StaffRole.role).where(StaffRole.staff_id == staff_id)))


def leads(session: Session, unit_id: int, role: Role) -> Sequence[Staff]:
    """Return the active staff of a unit who hold *role*, by login."""
    return session.scalars(
        select(Staff)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(Staff.unit_id == unit_id, Staff.active.is_(True), StaffRole.role == role)
        .order_by(Staff.login)
    ).all()


def with_role(session: Session, role: Role) -> Sequence[Staff]:
    """Return the active staff who hold *role*, wherever they work, by login."""
    return session.scalars(
        select(Staff)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(Staff.active.is_(True), StaffRole.role == role)
        .order_by(Staff.login)
    ).all()


def reachable(session: Session) -> Sequence[Staff]:
    """Return who can be rung: who has a telephone, or is ready at a line of their own."""
    return session.scalars(
        select(Staff)
        .outerjoin(Presence, Presence.staff_id == Staff.id)
        .where(
            Staff.active.is_(True),
            Staff.phone_key.is_not(None) | (Presence.state == PresenceState.READY),
        )
        .order_by(Staff.name, Staff.id)
    ).all()


def presence(session: Session, staff_id: int) -> Presence | None:
    """Return somebody's presence, or None before they first signed in to calls."""
    return session.get(Presence, staff_id)


def breaks(session: Session) -> Sequence[BreakReason]:
    """Return what somebody may step away for, in the order of the menu."""
    return session.scalars(select(BreakReason).order_by(BreakReason.place)).all()


def ready(session: Session) -> Sequence[Presence]:
    """Return who can take a call, the longest idle first."""
    return session.scalars(
        select(Presence)
        .join(Staff, Staff.id == Presence.staff_id)
        .where(Presence.state == PresenceState.READY, Staff.active.is_(True))
        .order_by(Presence.since, Presence.staff_id)
    ).all()


def at_work(session: Session) -> tuple[int, int]:
    """Count who takes calls now, busy or not, and how many of them are ready."""
    row = session.execute(
        select(func.count(), func.count().filter(Presence.state == PresenceState.READY))
        .select_from(Presence)
        .where(Presence.state.in_(BUSY_OR_READY))
    ).one()
    return row[0], row[1]


def seats(session: Session) -> Sequence[tuple[Staff, Presence]]:
    """Return all who are not offline with their presence, by state and how long it lasts."""
    rows = session.execute(
        select(Staff, Presence)
        .join(Presence, Presence.staff_id == Staff.id)
        .where(Presence.state != PresenceState.OFFLINE)
        .order_by(Presence.state, Presence.since)
    )
    return [(row[0], row[1]) for row in rows]
