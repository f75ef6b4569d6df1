"""What is done with the calendar: a year's arrangement is taken in when it is published."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import Invalid
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.deadlines import queries
from hotline.deadlines.arithmetic import DAY, SATURDAY
from hotline.deadlines.models import CalendarDay, DayKind

EVERYBODY: Final = ""


def import_days(
    session: Session, rows: Iterable[Mapping[str, str]], *, actor: Actor, now: dt.datetime
) -> int:
    """Take in the days of a calendar file; return how many rows now differ.

    Each row has `day`, `kind` (holiday, makeup, workday, rest), `name`, `source` and
    perhaps `scope`, a region's code. A notice lists only what differs from the week, so a
    year that the file names for everybody is confirmed whole: its other days follow the
    week. Days with a scope stand alone. Deadlines that move are counted again by the
    ticket room's job.

    Raises:
        Forbidden: *actor* may not change policy.
        Invalid: A line cannot be read, or the file has none; nothing is taken in.
    """
    require(actor, Permission.POLICY_WRITE)
    given = [_read(number, row) for number, row in enumerate(rows, 2)]
    if not given:
        raise Invalid({"file": N_("文件里没有日历行")})
    changed = sum(_put(session, day) for day in _whole_years(given))
    queries.forget(session)
    years = sorted({day.day.year for day in given})
    audit.note(session, actor, "calendar.import", f"calendar:{years[0]}", now=now, days=changed)
    return changed


def _read(number: int, row: Mapping[str, str]) -> CalendarDay:
    try:
        return CalendarDay(
            day=dt.date.fromisoformat(row["day"]),
            scope=row.get("scope") or EVERYBODY,
            kind=DayKind(row["kind"]),
            name=row["name"] or None,
            source=row["source"],
            provisional=False,
        )
    except (KeyError, TypeError, ValueError) as error:
        fault = N_("第 %(line)s 行不是有效的日历行")
        raise Invalid({"file": fault}, fault, line=number) from error


def _whole_years(given: list[CalendarDay]) -> Iterator[CalendarDay]:
    """Give the days given, and for each year named for everybody all its other days."""
    yield from given
    named = {day.day: day for day in given if day.scope == EVERYBODY}
    for year in sorted({day.year for day in named}):
        source = next(row.source for day, row in named.items() if day.year == year)
        for day in _days_of(year):
            if day not in named:
                yield _by_the_week(day, source)


def _days_of(year: int) -> Iterator[dt.date]:
    first = dt.date(year, 1, 1)
    return (first + n * DAY for n in range((dt.date(year + 1, 1, 1) - first).days))


def _by_the_week(day: dt.date, source: str) -> CalendarDay:
    kind = DayKind.REST if day.weekday() >= SATURDAY else DayKind.WORKDAY
    return CalendarDay(
        day=day, scope=EVERYBODY, kind=kind, name=None, source=source, provisional=False
    )


def _put(session: Session, day: CalendarDay) -> bool:
    """Write one row, and return whether that changed anything."""
    kept = session.get(CalendarDay, (day.day, day.scope))
    if kept is not None and _content(kept) == _content(day):
        return False
    session.merge(day)
    return True


def _content(day: CalendarDay) -> tuple[object, ...]:
    return day.kind, day.name, day.source, day.provisional
