"""Calls, as pages, the API and the rooms above ask for them.

What an operator sees of a caller when it rings joins tickets and callbacks, and so
stands a floor above, in `callbacks.screen_pop`.
"""

import datetime as dt
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Select, and_, case, func, select
from sqlalchemy.orm import Session

from hotline.calls.hours import Hours, Span
from hotline.calls.models import (
    Call,
    CallEvent,
    CallLeg,
    CallOrder,
    CallWords,
    OpeningHours,
    ServiceLine,
    still_waits,
)
from hotline.calls.states import CallState, Direction, EndState, LegRole
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.rows import one
from hotline.deadlines import queries as deadlines
from hotline.staff.skills import Skill
from hotline.telephony.prompts import DEFAULT

REMEMBERED: Final = 60.0  # seconds; opening hours change on few days of a year
_hours: WeakKeyDictionary[Engine | Connection, tuple[float, dict[str, "Dialled"]]] = (
    WeakKeyDictionary()
)


@dataclass(frozen=True)
class Waiting:
    """How many callers wait, ring and talk, and since when the first of them waits."""

    queued: int
    offered: int
    talking: int
    since: dt.datetime | None


@dataclass(frozen=True)
class Heard:
    """How far the carrier has told us of a call."""

    rang: bool
    received_at: dt.datetime
    ended_at: dt.datetime | None


@dataclass(frozen=True)
class Identity:
    """The inbound calls of a time: all of them, those in progress, and the others by end."""

    inbound: int
    in_progress: int
    ends: Mapping[EndState, int]

    @property
    def holds(self) -> bool:
        """Whether each call counts once (domain, section 1.4)."""
        return self.inbound == self.in_progress + sum(self.ends.values())


@dataclass(frozen=True)
class Dialled:
    """A line of the hotline's: when it is staffed, and what it is for."""

    hours: Hours
    need: Skill | None = None


def dialled(session: Session, number: str = "") -> Dialled:
    """Return the line with that *number*, at most a minute old; the hotline's own for others."""
    bind = session.get_bind()
    read_at, lines = _hours.get(bind, (0.0, {}))
    if not lines or time.monotonic() - read_at > REMEMBERED:
        lines = _lines(session)
        _hours[bind] = time.monotonic(), lines
    return lines.get(number, lines[""])


def forget_hours(session: Session) -> None:
    """Read the lines anew when they are next asked for."""
    _hours.pop(session.get_bind(), None)


def _lines(session: Session) -> dict[str, Dialled]:
    calendar = deadlines.calendar(session)
    spans: dict[str, list[Span]] = {"": []}
    for row in session.scalars(select(OpeningHours)):
        spans.setdefault(row.line, []).append(Span(row.weekday, row.opens, row.closes))
    needs = {row.number: row.need for row in session.scalars(select(ServiceLine))}
    return {
        number: Dialled(Hours(tuple(spans.get(number, spans[""])), calendar), needs.get(number))
        for number in {*spans, *needs}
    }


def hours(session: Session) -> Hours:
    """Return the opening hours of the hotline's own line."""
    return dialled(session).hours


def call(session: Session, call_id: int) -> Call:
    """Return one call.

    Raises:
        NotFound: There is none.
    """
    return one(session, Call, call_id)


def by_sid(session: Session, sid: str) -> Call | None:
    """Return the call that the carrier knows as *sid*, or None."""
    return session.scalar(select(Call).where(Call.provider_sid == sid))


def language_of(session: Session, sid: str) -> str:
    """Return the language in which the caller of *sid* is spoken to, Chinese if none is known."""
    return session.scalar(select(Call.language).where(Call.provider_sid == sid)) or DEFAULT


def live(session: Session) -> Sequence[Call]:
    """Return the calls that are not over, those who wait longest first."""
    return session.scalars(
        select(Call).where(Call.ended_at.is_(None)).order_by(Call.queued_at, Call.id)
    ).all()


def _counts() -> Select[int, int, int, Any]:
    queued, offered, talking = (
        func.count().filter(condition)
        for condition in (
            and_(Call.state == CallState.QUEUED, still_waits()),
            Call.state == CallState.OFFERED,
            Call.state == CallState.TALKING,
        )
    )
    since = func.min(case((and_(Call.bridged_by.is_(None), still_waits()), Call.queued_at)))
    return select(queued, offered, talking, since).where(Call.ended_at.is_(None))


#: Asked with every page of the desk, so it is put together once.
COUNTS: Final = _counts()


def waiting(session: Session) -> Waiting:
    """Count who waits now."""
    row = session.execute(COUNTS).one()
    return Waiting(row[0], row[1], row[2], row[3])


def legs(session: Session, call_id: int) -> Sequence[CallLeg]:
    """Return every party of a call besides the caller, in the order they were rung."""
    return session.scalars(
        select(CallLeg).where(CallLeg.call_id == call_id).order_by(CallLeg.id)
    ).all()


def listeners(session: Session, call_id: int) -> Sequence[CallLeg]:
    """Return the supervisors who hear a call now: what its operator must see."""
    return [
        leg
        for leg in legs(session, call_id)
        if leg.role is LegRole.SUPERVISOR and leg.present and leg.joined_at is not None
    ]


def for_operator(session: Session, staff_id: int) -> Call | None:
    """Return the live call that rings for somebody or that they are in, if any."""
    return session.scalar(
        select(Call).where(
            Call.ended_at.is_(None),
            (Call.offered_to == staff_id)
            | ((Call.staff_id == staff_id) & Call.bridged_by.is_not(None)),
        )
    )


def to_wrap_up(session: Session, staff_id: int) -> Sequence[Call]:
    """Return the calls somebody answered and has not said what they led to, oldest first."""
    return session.scalars(
        select(Call)
        .where(
            Call.ended_at.is_not(None),
            Call.disposition.is_(None),
            Call.staff_id == staff_id,
        )
        .order_by(Call.id)
    ).all()


def page(
    session: Session,
    *,
    cursor: str | None = None,
    limit: int = 50,
    end_state: EndState | None = None,
    staff_id: int | None = None,
    worker_id: int | None = None,
) -> Page[Call]:
    """Return calls, newest first.

    Raises:
        Invalid: The cursor is not one of ours.
    """
    asked = select(Call).order_by(Call.id.desc()).limit(limit + 1)
    given = ((Call.end_state, end_state), (Call.staff_id, staff_id), (Call.worker_id, worker_id))
    for column, wanted in given:
        if wanted is not None:
            asked = asked.where(column == wanted)
    if key := read_cursor(cursor, int):
        asked = asked.where(Call.id < key[0])
    return cut(session.scalars(asked).all(), limit, lambda row: [row.id])


def words(session: Session, call_id: int) -> Sequence[CallWords]:
    """Return what was said in a call, in order."""
    return session.scalars(
        select(CallWords).where(CallWords.call_id == call_id).order_by(CallWords.at, CallWords.id)
    ).all()


def story(session: Session, call_id: int) -> Sequence[CallEvent]:
    """Return what happened in a call, in order."""
    return session.scalars(
        select(CallEvent).where(CallEvent.call_id == call_id).order_by(CallEvent.id)
    ).all()


def involved(session: Session, call_id: int) -> Sequence[int]:
    """Return whom the record of a call names."""
    named = select(CallEvent.staff_id).where(
        CallEvent.call_id == call_id, CallEvent.staff_id.is_not(None)
    )
    return [person for person in session.scalars(named.distinct()) if person is not None]


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Call]:
    """Return the calls with these *ids*, by id, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(Call).where(Call.id.in_(wanted)))}


def identity(session: Session, since: dt.datetime, until: dt.datetime) -> Identity:
    """Count the inbound calls of a time, and how each of them ended."""
    came = and_(
        Call.direction == Direction.INBOUND, Call.received_at >= since, Call.received_at < until
    )
    inbound, in_progress = session.execute(
        select(func.count(), func.count().filter(Call.state != CallState.ENDED)).where(came)
    ).one()
    ends = session.execute(
        select(Call.end_state, func.count()).where(came).group_by(Call.end_state)
    )
    return Identity(inbound, in_progress, {row[0]: row[1] for row in ends if row[0]})


def heard_of(session: Session, sids: Collection[str]) -> dict[str, Heard]:
    """Return what we were told of the calls that the carrier knows as *sids*."""
    rows = session.execute(
        select(Call.provider_sid, Call.rang, Call.received_at, Call.ended_at).where(
            Call.provider_sid.in_(sids)
        )
    )
    return {str(row[0]): Heard(*row[1:]) for row in rows}


def by_sound(session: Session, sids: Collection[str]) -> dict[str, int]:
    """Return the call to whose line or room each of the carrier's *sids* belongs."""
    rows = session.execute(
        select(Call.id, Call.provider_sid, Call.conference_sid).where(
            Call.provider_sid.in_(sids) | Call.conference_sid.in_(sids)
        )
    )
    return {sid: row.id for row in rows for sid in (row[1], row[2]) if sid is not None}


def ordered(session: Session, sids: Collection[str]) -> set[str]:
    """Return which of *sids* are legs that we ordered."""
    known = select(CallOrder.provider_sid).where(CallOrder.provider_sid.in_(sids))
    return set(sids).intersection(session.scalars(known))
