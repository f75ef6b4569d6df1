"""Calls of the history: the rows that the calls room would have written, many at a time.

To drive each of them through the carrier's dozen webhooks would take a minute. What
follows from a call is written by the rooms themselves: tickets, debts, words of callers.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from hotline.calls.facts import settle
from hotline.calls.models import (
    Call,
    CallEvent,
    CallLeg,
    CallOrder,
    CallWords,
    OrderAct,
    Speaker,
)
from hotline.calls.routing import RING
from hotline.calls.states import Direction, Disposition, LegRole
from hotline.core.db import new_id
from hotline.demo.switchboard import ACCEPTED, LINE, Course, Ring
from hotline.messages.states import MessageState

TABLES: Final = (Call, CallOrder, CallLeg, CallEvent, CallWords)


@dataclass
class Record:
    """Rows that wait to be written together."""

    rows: dict[Any, list[dict[str, Any]]] = field(
        default_factory=lambda: {table: [] for table in TABLES}
    )

    def write(self, session: Session) -> None:
        """Write all that has gathered."""
        for table, rows in self.rows.items():
            if rows:
                session.execute(insert(table.__table__), rows)
                rows.clear()


@dataclass(frozen=True)
class Ended:
    """A call that is over, and what it led to."""

    id: int
    sid: str
    course: Course
    worker_id: int
    raw_from: str
    disposition: Disposition | None
    ticket_id: int | None = None
    words: tuple[str, ...] = ()


def enter(record: Record, ended: Ended) -> Call:
    """Add the rows of a call, and return the call itself, not yet in any session."""
    course, answered = ended.course, ended.course.answered_at is not None
    bridged_by = new_id() if answered else None
    call = Call(
        id=ended.id, provider_sid=ended.sid, direction=Direction.INBOUND,
        worker_id=ended.worker_id, raw_from=ended.raw_from, language="zh", after_hours=False,
    )  # fmt: skip
    call.received_at, call.heard_at, call.rang = course.received_at, course.ended_at, True
    call.queued_at, call.answered_at, call.ended_at = (
        course.queued_at, course.answered_at, course.ended_at,
    )  # fmt: skip
    call.left_message, call.asked_back, call.fault = (
        course.left_message, course.asked_back, course.fault,
    )  # fmt: skip
    call.turn_at = course.ended_at if course.asked_back else None  # nobody could say when
    call.left_queue = course.left_message or course.fault is not None
    call.held_ms = 0
    call.carrier_status, call.carrier_sequence = "completed", 0
    call.queue_seconds = _in_queue(course)
    call.offers = len(course.rings)
    call.line = LINE if course.rings else None
    if answered:
        call.staff_id, call.bridged_by = course.rings[-1].seat.actor.id, bridged_by
        call.wrap_up_done_at = course.done_at
    settle(call)
    call.disposition, call.ticket_id = ended.disposition, ended.ticket_id
    record.rows[Call].append({c.key: getattr(call, c.key) for c in Call.__table__.columns})
    record.rows[CallEvent] += _events(ended, call)
    if bridged_by is not None:
        record.rows[CallOrder].append(_order(bridged_by, call, course.rings[-1], course))
        record.rows[CallLeg].append(_leg(bridged_by, call))
        record.rows[CallWords] += _words(ended)
    return call


def _in_queue(course: Course) -> int | None:
    """Return how long the caller was in the queue, as the carrier counts it."""
    if course.queued_at is None:
        return None
    left_at = course.left_at or course.ended_at
    return int((left_at - course.queued_at).total_seconds())


def _events(ended: Ended, call: Call) -> list[dict[str, Any]]:
    course = ended.course
    told: list[tuple[dt.datetime, str, int | None, dict[str, Any]]] = []
    if course.queued_at is not None:
        told.append((course.queued_at, "queued", None, {}))
    for ring in course.rings:
        staff_id = ring.seat.actor.id
        told.append((ring.at, "offered", staff_id, {"line": LINE}))
        if ring.missed_at is not None:
            told.append((ring.missed_at, "missed", staff_id, {}))
    if course.answered_at is not None:
        told.append((course.answered_at - ACCEPTED, "accepted", call.staff_id, {}))
        told.append((course.answered_at, "answered", call.staff_id, {}))
    if course.asked_back:
        told.append((course.ended_at, "asked_back", None, {}))
    told.append((course.ended_at, "ended", call.staff_id, {"end": call.end_state}))
    if course.done_at is not None:
        detail = {"disposition": ended.disposition}
        told.append((course.done_at, "settled", call.staff_id, detail))
    return [
        {"call_id": ended.id, "at": at, "kind": kind, "staff_id": staff_id, "detail": detail}
        for at, kind, staff_id, detail in sorted(told, key=lambda one: one[0])
    ]


def _order(order_id: int, call: Call, ring: Ring, course: Course) -> dict[str, Any]:
    """Return the order that rang the operator's browser."""
    at = (course.answered_at or ring.at) - ACCEPTED
    return {
        "id": order_id,
        "act": OrderAct.DIAL,
        "call_id": call.id,
        "staff_id": ring.seat.actor.id,
        "round": call.offers,
        "purpose": f"{OrderAct.DIAL}:{call.id}:{call.offers}",
        "detail": {},
        "refused": False,
        "created_at": at,
        "state": MessageState.SENT,
        "priority": 1,
        "due_at": at,
        "valid_until": at + RING,
        "owner": "demo",
        "attempts": 1,
        "failures": 0,
        "sent_at": at,
        "settled_at": call.ended_at,
    }


def _leg(order_id: int, call: Call) -> dict[str, Any]:
    """Return the operator's own line in the room of the call."""
    return {
        "id": new_id(),
        "call_id": call.id,
        "order_id": order_id,
        "role": LegRole.OPERATOR,
        "staff_id": call.staff_id,
        "rang_at": call.answered_at,
        "joined_at": call.answered_at,
        "left_at": call.ended_at,
        "muted": False,
    }


def _words(ended: Ended) -> list[dict[str, Any]]:
    begins = ended.course.answered_at or ended.course.received_at
    step = (ended.course.ended_at - begins) / (len(ended.words) + 1)
    return [
        {
            "call_id": ended.id,
            "at": begins + step * n,
            "speaker": Speaker.CALLER,
            "text": text,
        }
        for n, text in enumerate(ended.words, 1)
    ]
