"""The opening hours of each line as a lead writes them: `08:30-12:00, 14:30-18:00`."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline.calls import queries
from hotline.calls.hours import MAKEUP, Span
from hotline.calls.models import OpeningHours, ServiceLine
from hotline.core import audit
from hotline.core.errors import Invalid, NotFound
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_

KINDS: Final = range(
    MAKEUP + 1
)  # of days: Monday to Sunday, holidays, weekend days that are worked
HOUR: Final = 60
FULL_DAY: Final = 24 * HOUR
OWN: Final = ""  # the hotline's own line, whose hours count for every line without its own
SPAN: Final = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–~至]\s*(\d{1,2})[:：](\d{2})")
BETWEEN: Final = re.compile(r"[,，、;；]")


class LineHours(NamedTuple):
    """A line, None for the hotline's own, and the hours of each kind of day as text.

    Without hours of its own a line keeps those of the hotline, and *hours* is empty.
    """

    line: ServiceLine | None
    hours: Mapping[int, str]


def lines(session: Session) -> list[LineHours]:
    """Return every line with its hours, the hotline's own first."""
    spans: dict[str, dict[int, list[Span]]] = {}
    for row in session.scalars(select(OpeningHours).order_by(OpeningHours.opens)):
        of_line = spans.setdefault(row.line, {})
        of_line.setdefault(row.weekday, []).append(Span(row.weekday, row.opens, row.closes))
    special = session.scalars(select(ServiceLine).order_by(ServiceLine.number))
    return [
        LineHours(line, {kind: written(found) for kind, found in spans.get(number, {}).items()})
        for number, line in [(OWN, None), *((line.number, line) for line in special)]
    ]


def set_hours(
    session: Session,
    number: str,
    given: Mapping[int, str],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Open the line *number* at the hours *given* for each kind of day; a blank one is closed.

    A line other than the hotline's own that is given none at all keeps the hotline's. Other
    processes follow within a minute.

    Raises:
        Forbidden: *actor* does not lead the desk.
        Invalid: The hours of a day cannot be read, overlap, or the hotline would never open.
        NotFound: There is no such line.
    """
    require(actor, Permission.BOARD)
    if number != OWN and session.get(ServiceLine, number) is None:
        raise NotFound
    spans = _read_all(given)
    if number == OWN and not spans:
        raise Invalid({"hours-0": N_("主线至少要有一段开放时间")})
    session.execute(delete(OpeningHours).where(OpeningHours.line == number))
    session.add_all(
        OpeningHours(line=number, weekday=span.weekday, opens=span.opens, closes=span.closes)
        for span in spans
    )
    kept = {str(kind): text for kind, text in given.items() if text.strip()}
    audit.note(session, actor, "line.set_hours", f"line:{number or 'own'}", now=now, hours=kept)
    queries.forget_hours(session)


def _read_all(given: Mapping[int, str]) -> list[Span]:
    """Read the hours of each kind of day.

    Raises:
        Invalid: Some cannot be read; each day's fault by its field's name.
    """
    spans: list[Span] = []
    faults: dict[str, str] = {}
    for kind, text in given.items():
        try:
            spans += read(kind, text)
        except ValueError as error:
            faults[f"hours-{kind}"] = str(error)
    if faults:
        raise Invalid(faults)
    return spans


def read(kind: int, text: str) -> list[Span]:
    """Return the spans that *text* writes for one kind of day.

    Raises:
        ValueError: It cannot be read, ends before it begins, or overlaps.
    """
    parts = [part.strip() for part in BETWEEN.split(text) if part.strip()]
    found = [SPAN.fullmatch(part) for part in parts]
    minutes = [[int(each) for each in match.groups()] for match in found if match]
    spans = [Span(kind, a * HOUR + b, c * HOUR + d) for a, b, c, d in minutes if max(b, d) < HOUR]
    spans.sort(key=lambda span: span.opens)
    if len(spans) != len(parts):
        raise ValueError(N_("请写成 08:30-12:00，几段用逗号隔开"))
    if any(not span.opens < span.closes <= FULL_DAY for span in spans):
        raise ValueError(N_("每一段的结束要晚于开始，最晚 24:00"))
    if any(later.opens < earlier.closes for earlier, later in pairwise(spans)):
        raise ValueError(N_("同一天的时段不能重叠"))
    return spans


def written(spans: Sequence[Span]) -> str:
    """Return *spans* of one day as they are written."""
    return ", ".join(f"{_clock(span.opens)}-{_clock(span.closes)}" for span in spans)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
