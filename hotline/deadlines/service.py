"""What is done with the calendar: a published year is proposed, looked at, and taken in."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import GuardFailed, Invalid
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.deadlines import queries
from hotline.deadlines.almanac import Doubt, doubts
from hotline.deadlines.arithmetic import DAY, SATURDAY
from hotline.deadlines.models import CalendarDay, CalendarImport, DayKind

EVERYBODY: Final = ""
COLUMNS: Final = ("day", "until", "scope", "kind", "name", "source")
LONGEST_RUN: Final = dt.timedelta(days=31)


def propose(
    session: Session,
    name: str,
    rows: Sequence[Mapping[str, str]],
    *,
    actor: Actor,
    now: dt.datetime,
) -> CalendarImport:
    """Keep a calendar file as a proposal that changes nothing yet.

    Raises:
        Forbidden: *actor* may not change policy.
        Invalid: A line cannot be read, or the file has none.
    """
    require(actor, Permission.POLICY_WRITE)
    read_days(rows)
    kept = [{column: row.get(column) or "" for column in COLUMNS} for row in rows]
    proposed = CalendarImport(at=now, by_name=actor.name, name=name[-120:], rows=kept)
    session.add(proposed)
    session.flush()
    return proposed


def take_in(
    session: Session, proposed: CalendarImport, *, actor: Actor, now: dt.datetime
) -> CalendarImport:
    """Make the days of a proposal the calendar.

    A notice lists only what differs from the week, so a year that the file names for
    everybody is confirmed whole: its other days follow the week. Days with a scope stand
    alone. Deadlines that move are counted again by a job.

    Raises:
        Forbidden: *actor* may not change policy.
        GuardFailed: It was taken in before.
    """
    require(actor, Permission.POLICY_WRITE)
    if proposed.saved_at is not None:
        raise GuardFailed(N_("这份日历已经导入过了。"), guard="proposed")
    given = read_days(proposed.rows)
    proposed.changed = sum(_put(session, day) for day in whole_years(given))
    proposed.saved_at, proposed.saved_by = now, actor.name
    queries.forget(session)
    years = sorted({day.day.year for day in given})
    changed = proposed.changed
    audit.note(session, actor, "calendar.import", f"calendar:{years[0]}", now=now, days=changed)
    return proposed


def import_days(
    session: Session,
    rows: Sequence[Mapping[str, str]],
    *,
    actor: Actor,
    now: dt.datetime,
    name: str = "",
) -> int:
    """Propose the days of a calendar file and take them in; return how many rows now differ.

    Raises:
        Forbidden: *actor* may not change policy.
        Invalid: A line cannot be read, or the file has none; nothing is taken in.
    """
    proposed = propose(session, name, rows, actor=actor, now=now)
    return take_in(session, proposed, actor=actor, now=now).changed or 0


def second_opinion(rows: Iterable[Mapping[str, str]]) -> list[Doubt]:
    """Return the days of a calendar file that a maintained library judges otherwise.

    Raises:
        Invalid: A line cannot be read, or there is none.
    """
    return doubts(whole_years(read_days(rows)))


def read_days(rows: Iterable[Mapping[str, str]]) -> list[CalendarDay]:
    """Read the lines of a calendar file.

    Each has `day`, `kind` (holiday, makeup, workday, rest), `name`, `source`, and perhaps
    `until`, the last day of a run, and `scope`, a region's code.

    Raises:
        Invalid: A line cannot be read, or there is none.
    """
    given = [day for number, row in enumerate(rows, 2) for day in _read(number, row)]
    if not given:
        raise Invalid({"file": N_("文件里没有日历行")})
    return given


def _read(number: int, row: Mapping[str, str]) -> list[CalendarDay]:
    try:
        return [
            CalendarDay(
                day=day,
                scope=row.get("scope") or EVERYBODY,
                kind=DayKind(row["kind"]),
                name=row["name"] or None,
                source=row["source"],
                provisional=False,
            )
            for day in _run(row["day"], row.get("until") or row["day"])
        ]
    except (KeyError, TypeError, ValueError) as error:
        fault = N_("第 %(line)s 行不是有效的日历行")
        raise Invalid({"file": fault}, fault, line=number) from error


def _run(first: str, last: str) -> list[dt.date]:
    """Return the days from *first* to *last*; a holiday is no longer than a month."""
    begins, ends = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    if not begins <= ends < begins + LONGEST_RUN:
        raise ValueError(last)
    return [begins + n * DAY for n in range((ends - begins).days + 1)]


def whole_years(given: Sequence[CalendarDay]) -> Iterator[CalendarDay]:
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
