"""Which calendar and which limits a number was made under, so that it can say so (R44)."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.deadlines.models import CalendarDay, ServiceClass

SHOWN: Final = 8  # hexadecimal digits of a digest: enough to tell versions apart
CALENDAR: Final = ("day", "scope", "kind", "name", "source", "provisional")


@dataclass(frozen=True)
class Versions:
    """The calendar and the service classes, as what tells one state of them from another.

    Attributes:
        calendar: The beginning of a SHA-256 over every day of the calendar.
        confirmed_until: The last day that no notice can move any more.
        limits: The beginning of a SHA-256 over the limits of every class and version.
        classes: The newest version of each class (`labour@2`), by code.
    """

    calendar: str
    confirmed_until: dt.date | None
    limits: str
    classes: Sequence[str]


def versions(session: Session) -> Versions:
    """Return the versions in force; they change with the tables and with nothing else."""
    days = _rows(session, *(getattr(CalendarDay, name) for name in CALENDAR))
    limits = _rows(session, *ServiceClass.__table__.columns)
    newest: dict[str, int] = {}
    for row in limits:
        newest[row.code] = max(row.version, newest.get(row.code, 0))
    return Versions(
        calendar=_digest(days),
        confirmed_until=max((row.day for row in days if not row.provisional), default=None),
        limits=_digest(limits),
        classes=[f"{code}@{version}" for code, version in sorted(newest.items())],
    )


def _rows(session: Session, *columns: Any) -> Sequence[Any]:
    return session.execute(select(*columns).order_by(*columns[:2])).all()


def _digest(rows: Sequence[Any]) -> str:
    content = json.dumps([[*row] for row in rows], default=str, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()[:SHOWN]
