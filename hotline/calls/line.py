"""The line of callers and the seats that are free, read for matching; the chosen are locked."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import DateTime, String, column, select, table
from sqlalchemy.orm import Session

from hotline.calls.matching import Because, Match, Seat, Waiter, match
from hotline.calls.models import Call, CallEvent, still_waits
from hotline.calls.states import CallState, EndState
from hotline.calls.waiting import LATELY, MOST, expected_wait
from hotline.core.db import BigInt
from hotline.staff import queries as staff_queries
from hotline.staff import roster
from hotline.staff import service as staff
from hotline.staff.models import Presence
from hotline.staff.presence import WRAP_UP
from hotline.staff.roster import OnCall
from hotline.staff.skills import Skill

BATCH: Final = 50
LANGUAGES: Final = {"mn": Skill.MONGOLIAN}

# Rooms of one floor do not import each other: these are columns of the tickets' room.
_ticket = table(
    "ticket",
    column("id", BigInt),
    column("worker_id", BigInt),
    column("handler_id", BigInt),
    column("resolved_at", DateTime),
    column("state", String),
)
_DROPPED: Final = ("voided", "merged")


def pairs(session: Session, *, now: dt.datetime) -> list[tuple[Call, Presence, dict[str, Any]]]:
    """Return which calls ring for whom now, the calls locked, each with why it is so.

    Matching looks at the whole line and locks nothing; of what it chose a run that comes
    at the same moment takes what is left, for a locked call is skipped.
    """
    free = {each.staff_id: each for each in staff_queries.ready(session)}
    on_call = roster.on_call(session, now)
    if not free and not on_call:
        return []
    waiting = session.execute(
        select(Call.id, Call.queued_at, Call.language, Call.need, Call.worker_id, Call.offers)
        .where(Call.ended_at.is_(None), Call.state == CallState.QUEUED, still_waits())
        .order_by(Call.queued_at, Call.id)
        .limit(BATCH)
    ).all()
    if not waiting:
        return []
    found = match(
        _waiters(session, waiting),
        _seats(session, free, on_call),
        staffed=roster.anybody_there(session),
        now=now,
    )
    calls = _locked(session, [each.call for each in found])
    for each in found:
        if each.because is Because.ON_CALL and each.call in calls:
            staff.call_out(session, each.person, now)
    seats = free | {row.staff_id: row for row in staff_queries.ready(session)}
    return [
        (calls[each.call], seats[each.person], _why(calls[each.call], each, now))
        for each in found
        if each.call in calls and each.person in seats
    ]


def _why(call: Call, chosen: Match, now: dt.datetime) -> dict[str, Any]:
    """Return what the call's record keeps of the choice."""
    return {
        "because": chosen.because,
        "needs": sorted(needs(call.language, call.need)),
        "free": list(chosen.free),
        "waited": int((now - (call.queued_at or now)).total_seconds()),
    }


def expected(session: Session, ahead: int, *, now: dt.datetime) -> dt.timedelta | None:
    """Return how long a caller with *ahead* before them will still wait; None if unknown."""
    working, ready = staff_queries.at_work(session)
    return expected_wait(ahead, _handled(session, now), working, ready)


def _handled(session: Session, now: dt.datetime) -> list[dt.timedelta]:
    """Return how long the last calls took, a record counting no longer than it should take.

    Those that came lately: by when they came there is an index, and a quiet night must not
    look through all calls there ever were.
    """
    rows = session.execute(
        select(Call.answered_at, Call.ended_at, Call.wrap_up_done_at)
        .where(Call.end_state == EndState.ANSWERED, Call.received_at >= now - LATELY)
        .order_by(Call.received_at.desc())
        .limit(MOST)
    )
    return [
        ended - answered + min((finished or ended) - ended, WRAP_UP)
        for answered, ended, finished in rows
        if answered is not None and ended is not None
    ]


def _locked(session: Session, ids: Sequence[int]) -> dict[int, Call]:
    still = session.scalars(
        select(Call)
        .where(Call.id.in_(ids), Call.state == CallState.QUEUED, still_waits())
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return {call.id: call for call in still}


def needs(language: str, need: Skill | None) -> frozenset[Skill]:
    """Return what a call needs: its language, and what its line is for."""
    return frozenset(skill for skill in (LANGUAGES.get(language), need) if skill is not None)


def _waiters(session: Session, rows: Sequence[Any]) -> list[Waiter]:
    owners = _owners(session, {row.worker_id for row in rows})
    tried = _tried(session, [row.id for row in rows if row.offers])
    return [
        Waiter(
            call=row.id,
            since=row.queued_at,
            needs=needs(row.language, row.need),
            owners=frozenset(owners[row.worker_id]),
            tried=frozenset(tried[row.id]),
        )
        for row in rows
    ]


def _owners(session: Session, workers: Iterable[int | None]) -> dict[int | None, set[int]]:
    """Return for each worker who works on their open tickets, or took them down in a call."""
    rows = session.execute(
        select(_ticket.c.worker_id, _ticket.c.handler_id, Call.staff_id)
        .select_from(_ticket)
        .outerjoin(Call, Call.ticket_id == _ticket.c.id)
        .where(
            _ticket.c.worker_id.in_([each for each in workers if each is not None]),
            _ticket.c.resolved_at.is_(None),
            _ticket.c.state.not_in(_DROPPED),
        )
    )
    found: dict[int | None, set[int]] = defaultdict(set)
    for worker, *people in rows:
        found[worker].update(person for person in people if person is not None)
    return found


def _tried(session: Session, calls: Sequence[int]) -> dict[int, set[int]]:
    """Return who was rung for each of *calls*."""
    found: dict[int, set[int]] = defaultdict(set)
    if calls:
        rung = select(CallEvent.call_id, CallEvent.staff_id).where(
            CallEvent.call_id.in_(calls),
            CallEvent.kind == "offered",
            CallEvent.staff_id.is_not(None),
        )
        for event in session.execute(rung):
            found[event.call_id].add(event.staff_id)
    return found


def _seats(session: Session, free: dict[int, Presence], on_call: Sequence[OnCall]) -> list[Seat]:
    able = roster.skills(session, [*free, *(each.staff_id for each in on_call)])
    at_desk = [Seat(each.staff_id, each.since, able[each.staff_id]) for each in free.values()]
    return at_desk + [
        Seat(each.staff_id, each.since, able[each.staff_id], on_call=True) for each in on_call
    ]
