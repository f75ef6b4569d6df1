"""What the carrier tells of a call, entered as facts: in any order, any number of times."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.calls import line, orders, queries, recorded
from hotline.calls.facts import earliest, happened
from hotline.calls.hours import is_open
from hotline.calls.models import Call, CallWords, Speaker, still_waits
from hotline.calls.offering import call_off, conclude
from hotline.calls.routing import has_waited_enough
from hotline.calls.rows import enter, known, locked, note
from hotline.calls.waiting import minutes
from hotline.core.language import local
from hotline.staff import roster
from hotline.telephony.port import InboundCall
from hotline.telephony.progress import (
    RANKS,
    TERMINAL,
    Progress,
    QueueEnd,
    Recording,
    Spoken,
)
from hotline.telephony.prompts import DEFAULT

BROKEN: Final = frozenset({"queue-full", "error", "system-error"})
LEFT: Final = BROKEN | {"leave"}
GONE: Final = "hangup"


class Next(StrEnum):
    """What a caller is to hear next."""

    GREETING = "greeting"
    CLOSED = "closed"
    TAKE_MESSAGE = "take_message"
    FAREWELL = "farewell"
    WAIT = "wait"
    WAIT_ON = "wait_on"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Place:
    """Where a caller stands in the line, and whether they have waited long enough.

    Attributes:
        minutes: How long they will still wait, or None where nobody can say.
        language: In which they are spoken to.
    """

    ahead: int
    enough: bool
    minutes: int | None
    language: str


def ring(session: Session, heard: InboundCall, *, now: dt.datetime) -> Next:
    """Take a new call: one row, one statement; the same answer whenever it is told again."""
    dialled = queries.dialled(session, heard.to)
    closed = not (is_open(dialled.hours, local(now)) or roster.on_call(session, now))
    facts = {"after_hours": closed, "need": dialled.need}
    if enter(session, heard, now=now, rang=True, **facts) is None:
        call = known(session, heard, now=now)
        if not call.rang:
            call.rang, call.after_hours, call.need = True, closed, dialled.need
            conclude(session, call, now=now)
        closed = call.after_hours
    return Next.CLOSED if closed else Next.GREETING


def wait(session: Session, heard: InboundCall, *, now: dt.datetime) -> Place:
    """Note that the caller waits; safe to repeat, for it is asked as long as they wait."""
    call = known(session, heard, now=now)
    since = call.queued_at
    call.queued_at = earliest(since, now)
    conclude(session, call, now=now)
    if since is None:
        note(session, call, "queued", now=now)
    ahead = _ahead(session, call, now)
    expected = line.expected(session, ahead, now=now)
    enough = has_waited_enough(call.requeued_at or call.queued_at, now)
    return Place(ahead, enough, minutes(expected), call.language or DEFAULT)


def _ahead(session: Session, call: Call, now: dt.datetime) -> int:
    """Count who waits before the caller of *call*."""
    before = select(func.count()).where(
        Call.ended_at.is_(None),
        Call.bridged_by.is_(None),
        still_waits(),
        Call.queued_at < (call.queued_at or now),
    )
    return session.scalar(before) or 0


def choose_language(
    session: Session, heard: InboundCall, language: str, *, now: dt.datetime
) -> None:
    """Note the language the caller wishes to speak."""
    call = known(session, heard, now=now)
    if call.language != language:
        call.language = language
        note(session, call, "language", now=now, language=language)


def stop_waiting(session: Session, heard: InboundCall, *, now: dt.datetime) -> None:
    """Note that the caller speaks a message instead of waiting on; nobody is rung for them."""
    call = known(session, heard, now=now)
    call.left_queue = True
    call_off(session, call, now=now)
    conclude(session, call, now=now)


def ask_back(session: Session, heard: InboundCall, *, now: dt.datetime) -> None:
    """Note that the caller wishes to be called, when their turn would have come.

    Where nobody can say when that is, it is now: a promise is rather kept too early.
    """
    call = known(session, heard, now=now)
    call.asked_back = True
    expected = line.expected(session, _ahead(session, call, now), now=now)
    call.turn_at = earliest(call.turn_at, now + (expected or dt.timedelta()))
    call_off(session, call, now=now)
    note(session, call, "asked_back", now=now)
    conclude(session, call, now=now)


def leave_queue(session: Session, heard: InboundCall, end: QueueEnd, *, now: dt.datetime) -> Next:
    """Note how the caller came out of the queue, and return what they hear next."""
    call = known(session, heard, now=now)
    if end.seconds is not None:
        call.queue_seconds = max(call.queue_seconds or 0, end.seconds)
    if end.result == GONE:
        call.ended_at = earliest(call.ended_at, now)
    if end.result in BROKEN:
        call.fault = min(call.fault or end.result, end.result)
    if end.result in LEFT:
        call.left_queue = True
        call_off(session, call, now=now)
    conclude(session, call, now=now)
    return Next.TAKE_MESSAGE if end.result in LEFT else Next.NOTHING


def leave_message(
    session: Session, heard: InboundCall, recording: Recording, *, now: dt.datetime
) -> None:
    """Keep what the caller spoke for us."""
    call = known(session, heard, now=now)
    recorded.enter(session, call, recording, now=now)
    conclude(session, call, now=now)


def record(session: Session, order_id: int, recording: Recording, *, now: dt.datetime) -> None:
    """Keep the recording of a conversation that an order of ours joined."""
    call = locked(session, orders.by_id(session, order_id).call_id)
    recorded.enter(session, call, recording, now=now)
    conclude(session, call, now=now)


def fall_back(
    session: Session,
    heard: InboundCall,
    code: str,
    recording: Recording,
    *,
    now: dt.datetime,
) -> None:
    """Enter a call that the fallback took while the rest of us was down."""
    call = known(session, heard, now=now)
    fault = f"fallback {code}".strip()[:40]
    call.fault = min(call.fault or fault, fault)
    recorded.enter(session, call, recording, now=now)
    if heard.status in TERMINAL:
        call.ended_at = earliest(call.ended_at, now)
    conclude(session, call, now=now)


def progress(session: Session, heard: InboundCall, told: Progress, *, now: dt.datetime) -> None:
    """Note how far the caller's own leg has come; a terminal status stays.

    Legs that we rang ourselves have an address of their own, see `leg_progress`.
    """
    if not told.ours:
        return
    call = known(session, heard, now=now)
    if _weight(told.status, told.sequence) > _weight(call.carrier_status, call.carrier_sequence):
        call.carrier_status, call.carrier_sequence = told.status, told.sequence
    if told.terminal:
        call.ended_at = earliest(call.ended_at, happened(told.at, now))
    conclude(session, call, now=now)


def _weight(status: str | None, sequence: int) -> tuple[bool, int, int, str]:
    """Return what a status counts: terminal before all, then what the carrier numbered later."""
    status = status or ""
    return status in TERMINAL, sequence, RANKS.get(status, -1), status


def hear(session: Session, call_id: int, spoken: Spoken, *, now: dt.datetime) -> None:
    """Write down words of a call."""
    if not spoken.text:
        return
    locked(session, call_id).heard_at = now
    speaker = Speaker.CALLER if spoken.by_caller else Speaker.OPERATOR
    words = CallWords(call_id=call_id, at=spoken.at or now, speaker=speaker, text=spoken.text)
    session.add(words)
