"""What a carrier tells of one call, for the rooms' tests: events, and who may take them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.callbacks import service as callbacks
from hotline.calls import events, service
from hotline.calls.events import Told
from hotline.calls.models import Call, CallOrder
from hotline.core.db import Transact
from hotline.staff import queries as staff_queries
from hotline.staff import service as staff_service
from hotline.staff.presence import Line, PresenceState
from tests.people import Staff

NOW = dt.datetime(2026, 11, 22, 6, tzinfo=dt.UTC)
CALLER = "+8613800000001"
SID = "CA" + "1" * 32
BROWSER = "CAbrowser"
MESSAGE = {"RecordingSid": "RE1", "RecordingUrl": "https://r/1", "RecordingDuration": "20"}


def at(seconds: float) -> dt.datetime:
    """Return the moment so many seconds into the test."""
    return NOW + dt.timedelta(seconds=seconds)


def told(route: str, seconds: float, about: int = 0, **form: str) -> Told:
    """Return an event of the test's call."""
    given = {"CallSid": SID, "From": CALLER, "To": "+8647112351", "Direction": "inbound"}
    return Told(route, given | form, at(seconds), about, "https://hotline.example")


def take(session: Session, event: Told) -> str | None:
    """Take an event as the door does."""
    answer = events.take(session, event)
    call = events.concerned(session, event)
    if call is not None:
        callbacks.heed(session, call, now=event.at)
    session.flush()
    return answer


def play(session: Session, *script: Told) -> Call:
    """Take events in order and return the call."""
    for event in script:
        take(session, event)
    return the_call(session)


def at_once(session: Session) -> Transact:
    """Return what runs work in the test's own transaction."""

    def transact(work: Callable[[Session], Any]) -> Any:
        result = work(session)
        session.flush()
        return result

    return transact


def the_call(session: Session) -> Call:
    """Return the only call."""
    return session.scalars(select(Call)).one()


def count(session: Session, table: Any) -> int:
    """Count the rows of a table."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def ended(seconds: float, status: str = "completed", sequence: int = 0) -> Told:
    """Return the status callback of the caller's line."""
    return told("status", seconds, CallStatus=status, SequenceNumber=str(sequence))


def hung_up_in_queue(waited: int) -> tuple[Told, ...]:
    """Return what is told of a caller who gives up after *waited* seconds."""
    return (
        told("voice", 0, CallStatus="ringing"),
        told("wait", 10),
        told("queue", 10 + waited, QueueResult="hangup", QueueTime=str(waited)),
        ended(10.2 + waited),
    )


def ready(session: Session, staff_id: int | None, line: Line = Line.SIMULATED) -> int:
    """Let somebody be ready."""
    assert staff_id is not None
    staff_service.set_presence(session, staff_id, PresenceState.READY, line, now=NOW)
    session.flush()
    return staff_id


def seat(session: Session, staff_id: int) -> PresenceState:
    """Return somebody's presence."""
    found = staff_queries.presence(session, staff_id)
    assert found is not None
    session.refresh(found)
    return found.state


def answered(session: Session, staff: Staff) -> tuple[Call, int]:
    """Play a call up to the conversation; return it and the order that joined the two."""
    ready(session, staff.operator.id)
    call = play(session, told("voice", 0), told("wait", 10))
    service.accept(session, staff.operator, call.id, now=at(14))
    session.flush()
    order = session.scalars(select(CallOrder)).one().id
    take(session, told("desk", 14.5, order, CallSid=BROWSER, CallStatus="in-progress"))
    take(session, told("meet", 15, order, CallStatus="in-progress"))
    return the_call(session), order
