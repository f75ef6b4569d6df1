"""The calendar and the service classes, as the rooms above ask for them."""

import datetime as dt
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Row, or_, select
from sqlalchemy.orm import Session

from hotline.core.errors import NotFound
from hotline.core.rows import one
from hotline.deadlines.arithmetic import SATURDAY, Calendar
from hotline.deadlines.models import CalendarDay, CalendarImport, DayKind, ServiceClass

KEPT_SECONDS: Final = 60.0
OFF: Final = frozenset({DayKind.REST, DayKind.HOLIDAY})
#: What a calendar is made of; there are thousands of days, and they are read without ceremony.
PARTS: Final = (CalendarDay.day, CalendarDay.kind, CalendarDay.name, CalendarDay.provisional)

Day = CalendarDay | Row[dt.date, DayKind, str | None, bool]


@dataclass(frozen=True, eq=False)  # each reading is itself
class Policy:
    """What deadlines are counted by, as it was read a moment ago.

    Attributes:
        read_at: When, on the process's own clock.
        classes: Rows with the columns of `ServiceClass`, the newest version first.
    """

    read_at: float
    calendar: Calendar
    classes: Sequence[Any]

    def service_class(self, code: str, on: dt.date) -> Any:
        """Return the version of a service class that is valid on a day.

        Raises:
            NotFound: There is no such class on that day.
        """
        for row in self.classes:
            if row.code == code and row.valid_from <= on <= (row.valid_to or dt.date.max):
                return row
        raise NotFound


_kept: WeakKeyDictionary[Engine, Policy] = WeakKeyDictionary()


def policy(session: Session) -> Policy:
    """Return calendar and service classes, read once a minute a process.

    What another process changes is known here a minute later; deadlines that a calendar
    moves are counted again by a job, so the minute costs nothing.
    """
    engine = session.get_bind().engine
    known = kept(engine)
    if known is None:
        rows = select(*ServiceClass.__table__.columns).order_by(ServiceClass.version.desc())
        known = Policy(time.monotonic(), calendar_of(session), session.execute(rows).all())
        _kept[engine] = known
    return known


def kept(engine: Engine) -> Policy | None:
    """Return what this process has read in the last minute, or None."""
    known = _kept.get(engine)
    return known if known and time.monotonic() - known.read_at <= KEPT_SECONDS else None


def calendar(session: Session) -> Calendar:
    """Return the calendar for everybody."""
    return policy(session).calendar


def forget(session: Session) -> None:
    """Read the calendar anew next time: it was changed in this process."""
    _kept.pop(session.get_bind().engine, None)


def calendar_of(session: Session, scope: str = "") -> Calendar:
    """Read the calendar, with the days of the region *scope* in place of everybody's."""
    rows = session.execute(
        select(*PARTS)
        .where(CalendarDay.scope.in_({"", scope}))
        .order_by(CalendarDay.scope, CalendarDay.day)
    )
    return as_calendar({row.day: row for row in rows}.values())  # a later scope wins


def with_days(session: Session, given: Iterable[CalendarDay]) -> Calendar:
    """Return everybody's calendar as it would be with the days *given*."""
    rows = session.execute(select(*PARTS).where(CalendarDay.scope == ""))
    known: dict[dt.date, Day] = {row.day: row for row in rows}
    return as_calendar((known | {row.day: row for row in given if row.scope == ""}).values())


def as_calendar(rows: Iterable[Day]) -> Calendar:
    """Return the calendar that *rows*, one a day, make."""
    known = list(rows)
    off = {row.day for row in known if row.kind in OFF}
    return Calendar(
        off=frozenset(day for day in off if day.weekday() < SATURDAY),
        on=frozenset(
            row.day for row in known if row.day.weekday() >= SATURDAY and row.day not in off
        ),
        confirmed_until=max((row.day for row in known if not row.provisional), default=dt.date.min),
        names={row.day: row.name for row in known if row.day in off and row.name},
    )


def days(session: Session, first: dt.date, last: dt.date) -> Sequence[CalendarDay]:
    """Return the rows from *first* to *last*, for the page that shows a year."""
    return session.scalars(
        select(CalendarDay)
        .where(CalendarDay.day.between(first, last))
        .order_by(CalendarDay.day, CalendarDay.scope)
    ).all()


def service_class(session: Session, code: str, on: dt.date) -> ServiceClass:
    """Return the version of a service class that is valid on a day.

    Raises:
        NotFound: There is no such class on that day.
    """
    found = session.scalar(
        select(ServiceClass)
        .where(
            ServiceClass.code == code,
            ServiceClass.valid_from <= on,
            or_(ServiceClass.valid_to.is_(None), ServiceClass.valid_to >= on),
        )
        .order_by(ServiceClass.version.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound
    return found


def present_classes(session: Session) -> Sequence[ServiceClass]:
    """Return the newest version of each service class, in force or planned, by code."""
    rows = session.scalars(select(ServiceClass).order_by(ServiceClass.version)).all()
    return list({row.code: row for row in rows}.values())


def versions(session: Session, code: str) -> Sequence[ServiceClass]:
    """Return the versions of a service class, the newest first.

    Raises:
        NotFound: There is no such class.
    """
    found = session.scalars(
        select(ServiceClass).where(ServiceClass.code == code).order_by(ServiceClass.version.desc())
    ).all()
    if not found:
        raise NotFound
    return found


def imports(session: Session, limit: int) -> Sequence[CalendarImport]:
    """Return the newest calendar files that were handed in."""
    return session.scalars(
        select(CalendarImport).order_by(CalendarImport.id.desc()).limit(limit)
    ).all()


def calendar_import(session: Session, import_id: int) -> CalendarImport:
    """Return one calendar file.

    Raises:
        NotFound: There is none.
    """
    return one(session, CalendarImport, import_id)


def last_saved_import(session: Session) -> CalendarImport | None:
    """Return the calendar file that was taken in last."""
    return session.scalar(
        select(CalendarImport)
        .where(CalendarImport.saved_at.is_not(None))
        .order_by(CalendarImport.saved_at.desc())
        .limit(1)
    )
