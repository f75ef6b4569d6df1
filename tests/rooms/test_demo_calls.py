"""The calls of the demo's history are the rows that the calls room itself would have written."""

import datetime as dt
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls import meeting, signs
from hotline.calls import service as calls
from hotline.calls.models import Call, CallEvent, CallOrder
from hotline.calls.offering import offer, take_back
from hotline.calls.states import Disposition, EndState
from hotline.core.db import new_id
from hotline.demo.switchboard import Course, Switchboard
from hotline.demo.telephone import Ended, Record, enter
from hotline.messages.states import MessageState
from hotline.staff import queries as staff_queries
from hotline.staff import service as staff_service
from hotline.staff.models import Presence
from hotline.staff.presence import Line, PresenceState
from hotline.telephony.port import InboundCall
from hotline.telephony.progress import Progress, QueueEnd, Recording
from tests import people

NOW = dt.datetime(2026, 11, 26, 6, 20, tzinfo=dt.UTC)


def courses(switchboard: Switchboard) -> list[Course]:
    begins = NOW - dt.timedelta(days=1)
    found = []
    for n in range(60):
        course = switchboard.course(begins + n * dt.timedelta(seconds=70))
        switchboard.keep(course, 0)
        found.append(course)
    return found


def test_calls_are_the_rows_that_the_calls_room_writes(
    session: Session, staff: people.Staff
) -> None:
    seen = set()
    for n, course in enumerate(
        courses(Switchboard([staff.operator, staff.second_operator], Random(3)))
    ):
        heard = InboundCall(f"CA{n}", f"+861380000{n:04d}", "+8647112351", "", f"+861380000{n:04d}")
        driven = drive(session, heard, course)
        ended = Ended(
            new_id(), f"X{n}", course, driven.worker_id or 0, heard.raw_from, driven.disposition
        )
        record = Record()
        written = enter(record, ended)
        assert _columns(written) == _columns(driven), course
        assert _lines(record.rows[CallEvent]) == _lines(
            [vars(row) for row in session.scalars(_events_of(driven))]
        )
        seen.add(driven.end_state)
    assert seen >= {EndState.ANSWERED, EndState.IVR_EXIT, EndState.ABANDONED_QUEUE}


def drive(session: Session, heard: InboundCall, course: Course) -> Call:
    """Let the rooms take a call that goes like *course*, event by event."""
    signs.ring(session, heard, now=course.received_at)
    call = session.scalars(select(Call).where(Call.provider_sid == heard.sid)).one()
    if course.queued_at is not None:
        signs.wait(session, heard, now=course.queued_at)
    for ring in course.rings:
        seat = ready(session, ring.seat.actor.id or 0, ring.at)
        assert offer(session, call, seat, {}, now=ring.at)
        if ring.missed_at is not None:
            take_back(session, call, "missed", now=ring.missed_at)
    if course.answered_at is not None:
        answer(session, call, course)
    elif course.queued_at is not None:
        leave(session, heard, course)
    if course.fault is not None:
        signs.leave_queue(session, heard, QueueEnd(course.fault, None), now=course.ended_at)
    over = Progress("completed", 0, course.ended_at, ours=True)
    signs.progress(session, heard, over, now=course.ended_at)
    if course.done_at is not None:
        actor = staff_queries.actor(session, call.staff_id or 0)
        calls.dispose(session, actor, call.id, Disposition.THANKS, now=course.done_at)
    session.flush()
    return call


def answer(session: Session, call: Call, course: Course) -> None:
    assert course.left_at is not None
    assert course.answered_at is not None
    actor = staff_queries.actor(session, call.offered_to or 0)
    calls.accept(session, actor, call.id, now=course.left_at)
    session.flush()
    order = session.scalars(select(CallOrder).where(CallOrder.call_id == call.id)).one()
    order.state, order.sent_at = MessageState.SENT, course.left_at
    meeting.pick_up(session, order.id, "CAbrowser", now=course.left_at)
    waited = int((course.left_at - (course.queued_at or course.left_at)).total_seconds())
    heard = InboundCall(call.provider_sid or "", None, "", "", call.raw_from)
    signs.leave_queue(session, heard, QueueEnd("redirected", waited), now=course.left_at)
    meeting.meet(session, order.id, now=course.answered_at)


def leave(session: Session, heard: InboundCall, course: Course) -> None:
    left_at = course.left_at or course.ended_at
    waited = int((left_at - (course.queued_at or left_at)).total_seconds())
    if course.asked_back:
        signs.ask_back(session, heard, now=course.ended_at)
    result = "leave" if course.left_message else "hangup"
    if not course.asked_back:
        signs.leave_queue(session, heard, QueueEnd(result, waited), now=left_at)
    else:
        call = session.scalars(select(Call).where(Call.provider_sid == heard.sid)).one()
        call.queue_seconds = waited
    if course.left_message:
        message = Recording("RE1", 9, "completed", message=True)
        signs.leave_message(session, heard, message, now=course.ended_at)


def ready(session: Session, staff_id: int, now: dt.datetime) -> Presence:
    staff_service.set_presence(session, staff_id, PresenceState.AWAY, Line.SIMULATED, now=now)
    return staff_service.set_presence(
        session, staff_id, PresenceState.READY, Line.SIMULATED, now=now
    )


APART = {"id", "provider_sid", "bridged_by", "raw_from"}


def _columns(call: Call) -> dict[str, Any]:
    return {c.key: getattr(call, c.key) for c in Call.__table__.columns if c.key not in APART}


def _events_of(call: Call) -> Any:
    return select(CallEvent).where(CallEvent.call_id == call.id).order_by(CallEvent.id)


def _lines(rows: list[Any]) -> list[tuple[Any, ...]]:
    return [(r["at"], r["kind"], r["staff_id"], r["detail"]) for r in rows]
