"""How the days of staff passed: the record of presences and the roster, added up."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from hotline.staff import attendance
from hotline.staff.models import BreakReason, Presence, PresenceChange, Shift, Staff
from hotline.staff.presence import PresenceState
from hotline.staff.skills import Duty


@dataclass(frozen=True)
class PersonDay:
    """What became of somebody's time; figures are parts of 1, None where there is no whole."""

    person: Staff
    lasted: dict[PresenceState, dt.timedelta]
    occupancy: float | None
    adherence: float | None


def attended(session: Session, since: dt.datetime, until: dt.datetime) -> list[PersonDay]:
    """Return how the time from *since* to *until* passed for all who ever signed in, by login.

    Let *until* be no later than the present moment: what is to come has not passed.
    """
    people = _people(session)
    record = _record(session, since, until)
    rosters = _rosters(session, since, until)
    caps = _caps(session)
    return [_day(each, record[each.id], rosters[each.id], caps, since, until) for each in people]


def _day(
    person: Staff,
    record: Iterable[PresenceChange],
    roster: Iterable[attendance.Span],
    caps: attendance.Caps,
    since: dt.datetime,
    until: dt.datetime,
) -> PersonDay:
    parts = attendance.stretches(record, since, until)
    return PersonDay(
        person,
        attendance.lasted(parts),
        attendance.occupancy(parts),
        attendance.adherence(parts, roster, caps),
    )


def _people(session: Session) -> Sequence[Staff]:
    signed = select(Staff).join(Presence, Presence.staff_id == Staff.id)
    return session.scalars(signed.order_by(Staff.login)).all()


def _record(
    session: Session, since: dt.datetime, until: dt.datetime
) -> dict[int, list[PresenceChange]]:
    """Return each person's changes in order, with the last one before *since*."""
    earlier = aliased(PresenceChange)
    before = (
        select(earlier.id)
        .where(earlier.staff_id == Presence.staff_id, earlier.at < since)
        .order_by(earlier.at.desc(), earlier.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.scalars(
        select(PresenceChange)
        .where(
            PresenceChange.at.between(since, until)
            | PresenceChange.id.in_(select(before).select_from(Presence))
        )
        .order_by(PresenceChange.at, PresenceChange.id)
    )
    found: dict[int, list[PresenceChange]] = defaultdict(list)
    for row in rows:
        found[row.staff_id].append(row)
    return found


def _rosters(
    session: Session, since: dt.datetime, until: dt.datetime
) -> dict[int, list[attendance.Span]]:
    shifts = session.scalars(
        select(Shift).where(Shift.duty == Duty.SEAT, Shift.ends_at > since, Shift.begins_at < until)
    )
    found: dict[int, list[attendance.Span]] = defaultdict(list)
    for shift in shifts:
        found[shift.staff_id].append((max(shift.begins_at, since), min(shift.ends_at, until)))
    return found


def _caps(session: Session) -> attendance.Caps:
    return {
        row.code: dt.timedelta(minutes=row.minutes) if row.minutes else None
        for row in session.scalars(select(BreakReason))
    }
