"""Calls: one row, one end and one debt each, whatever order the carrier tells it in."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback, CallbackCall
from hotline.calls import queries, service
from hotline.calls.events import Told
from hotline.calls.models import Call, CallWords
from hotline.calls.states import CallState, Disposition, EndState
from hotline.core.inbox import InboxEvent
from hotline.staff.presence import Line, PresenceState
from tests.people import Staff
from tests.rooms.telling import (
    BROWSER,
    answered,
    at,
    count,
    ended,
    hung_up_in_queue,
    play,
    ready,
    seat,
    take,
    the_call,
    told,
)

# ------------------------------------------------------------------ ends

ENDS: dict[EndState, Callable[[], Iterable[Told]]] = {
    EndState.IVR_EXIT: lambda: (told("voice", 0), ended(4)),
    EndState.ABANDONED_SHORT: lambda: hung_up_in_queue(5),
    EndState.ABANDONED_QUEUE: lambda: hung_up_in_queue(6),
    EndState.VOICEMAIL: lambda: (
        told("voice", 0),
        told("wait", 10),
        told("choice", 15, Digits="1"),
        told("queue", 15, QueueResult="leave", QueueTime="5"),
        told(
            "voicemail", 40, RecordingSid="RE1", RecordingUrl="https://r/1", RecordingDuration="20"
        ),
        ended(41),
    ),
    EndState.CALLBACK_REQUESTED: lambda: (
        told("voice", 0),
        told("wait", 10),
        told("choice", 15, Digits="2"),
        told("queue", 18, QueueResult="hangup", QueueTime="8"),
        ended(18),
    ),
    EndState.FAILED: lambda: (told("voice", 0), ended(1, "failed")),
}


@pytest.mark.parametrize("end", ENDS, ids=str)
def test_a_call_comes_to_its_end_and_leaves_a_debt(session: Session, end: EndState) -> None:
    call = play(session, *ENDS[end]())
    assert (call.state, call.end_state) == (CallState.ENDED, end)
    assert call.disposition is Disposition.CALLBACK
    debt = session.scalars(select(Callback)).one()
    assert (debt.reason, debt.worker_id) == (end, call.worker_id)


def test_waiting_is_kept_in_milliseconds(session: Session) -> None:
    call = play(
        session,
        told("voice", 0),
        told("wait", 10),
        told("queue", 15.25, QueueResult="hangup", QueueTime="5"),
        ended(16),
    )
    assert call.waited_ms == 5250
    assert call.end_state is EndState.ABANDONED_QUEUE


def test_out_of_hours_a_message_is_taken(session: Session) -> None:
    session.execute(delete(queries.OpeningHours))
    queries._hours.clear()
    answer = take(session, told("voice", 0))
    assert answer is not None
    assert "<Record" in answer
    assert play(session, ended(9)).end_state is EndState.AFTER_HOURS
    queries._hours.clear()


def test_a_status_for_an_unknown_call_is_a_call_that_failed(session: Session) -> None:
    assert play(session, ended(3)).end_state is EndState.FAILED


def test_a_leg_of_our_own_is_no_call(session: Session) -> None:
    take(session, told("status", 3, CallStatus="completed", Direction="outbound-api"))
    assert count(session, Call) == 0


def test_a_number_that_is_hidden_owes_nothing_that_can_be_paid(session: Session) -> None:
    hidden = {"From": "anonymous", "CallStatus": "completed"}
    play(session, told("voice", 0, **hidden), told("status", 4, **hidden))
    debt = session.scalars(select(Callback)).one()
    assert debt.state == "closed_no_number"


def test_the_greeting_tells_of_the_recording(session: Session) -> None:
    assert "录音" in (take(session, told("voice", 0)) or "")


def test_the_position_is_told(session: Session) -> None:
    for number in range(3):
        sid = f"CA{number}"
        take(session, told("voice", number, CallSid=sid))
        answer = take(session, told("wait", 10 + number, CallSid=sid))
        assert (f"您前面还有{number}位" if number else "您是下一位") in (answer or "")


def test_after_ten_minutes_the_caller_is_asked_for_a_message(session: Session) -> None:
    take(session, told("voice", 0))
    take(session, told("wait", 10))
    assert "<Leave/>" in (take(session, told("wait", 620)) or "")


# ------------------------------------------------------------------ disorder

STORIES = {
    "abandoned": lambda: [*hung_up_in_queue(42), told("wait", 20), told("wait", 30)],
    "voicemail": lambda: [
        *ENDS[EndState.VOICEMAIL](),
        told(
            "recorded", 45, RecordingSid="RE1", RecordingUrl="https://r/1", RecordingDuration="20",
            RecordingStatus="completed", RecordingSource="RecordVerb",
        ),
    ],
    "callback": lambda: list(ENDS[EndState.CALLBACK_REQUESTED]()),
    "failed": lambda: [
        told("voice", 0),
        told("wait", 10),
        told("queue", 12, QueueResult="system-error"),
        ended(13, "completed", 3),
        ended(12, "in-progress", 2),
        ended(11, "ringing", 1),
    ],
}  # fmt: skip


def row(session: Session) -> dict[str, Any]:
    """Return all that must not depend on order: the call without its id, and the debts."""
    call = the_call(session)
    kept = {c.key: getattr(call, c.key) for c in Call.__table__.columns}
    for name in ("id", "worker_id", "heard_at", "received_at", "provider_sid"):
        del kept[name]
    return kept | {
        "debts": session.scalars(select(Callback.reason)).all(),
        "links": count(session, CallbackCall),
        "words": sorted(session.scalars(select(CallWords.text))),
    }


@st.composite
def disorder(draw: st.DrawFn) -> tuple[str, list[int]]:
    """Choose a story, and an order of its events in which each comes one to three times."""
    name = draw(st.sampled_from(sorted(STORIES)))
    places = [
        place for place in range(len(STORIES[name]())) for _ in range(draw(st.integers(1, 3)))
    ]
    return name, draw(st.permutations(places))


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chosen=disorder())
def test_order_and_repetition_do_not_matter(
    session: Session, chosen: tuple[str, list[int]]
) -> None:
    name, order = chosen
    session.rollback()
    expected = row_of(session, STORIES[name]())
    script = STORIES[name]()
    assert row_of(session, [script[place] for place in order]) == expected


def row_of(session: Session, script: list[Told]) -> dict[str, Any]:
    """Play *script* on an empty database, and leave it empty."""
    play(session, *script)
    found = row(session)
    session.rollback()
    return found


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(choice=st.data())
def test_an_answered_call_stays_answered_in_any_order(
    session: Session, staff: Staff, choice: st.DataObject
) -> None:
    session.rollback()
    expected = _conversation(session, staff, None)
    assert expected["end_state"] is EndState.ANSWERED
    assert expected["links"] == 0
    assert _conversation(session, staff, choice) == expected


def _conversation(session: Session, staff: Staff, choice: st.DataObject | None) -> dict[str, Any]:
    call, order = answered(session, staff)
    said = '{"transcript": "老板拖欠工资", "confidence": 0.9}'
    script = [
        told("queue", 15, QueueResult="redirected", QueueTime="5"),
        told("meet", 15, order, CallStatus="in-progress"),
        told(
            "conference", 15, call.id, ConferenceSid="CF1", SequenceNumber="1",
            StatusCallbackEvent="conference-start",
        ),
        told(
            "words", 20, call.id, TranscriptionSid="GT1", SequenceId="2", TranscriptionData=said,
            TranscriptionEvent="transcription-content", Track="inbound_track", Final="true",
        ),
        told("meet_done", 90, order, DialCallStatus="answered", CallStatus="completed"),
        told("desk_done", 90, order, DialCallStatus="answered", CallSid=BROWSER),
        told("leg", 91, order, CallSid=BROWSER, CallStatus="completed"),
        ended(91),
        told(
            "recording", 95, order, RecordingSid="RE2", RecordingUrl="https://r/2",
            RecordingDuration="75", RecordingStatus="completed", RecordingSource="Conference",
        ),
    ]  # fmt: skip
    if choice is not None:
        script = choice.draw(st.permutations(script * 2))
    play(session, *script)
    found = row(session)
    del found["bridged_by"]
    session.rollback()
    return found


def test_the_same_event_gets_the_same_answer_and_one_entry(session: Session) -> None:
    take(session, told("voice", 0))
    leave = told("queue", 30, QueueResult="leave", QueueTime="20")
    assert take(session, leave) == take(session, leave)
    assert count(session, InboxEvent) == 1


def test_another_story_under_the_same_key_is_counted(session: Session) -> None:
    take(session, ended(3))
    take(session, told("status", 4, CallStatus="completed", SequenceNumber="0", CallDuration="9"))
    assert session.scalars(select(InboxEvent)).one().conflicts == 1


def test_who_speaks_a_message_is_not_offered_to_anybody(session: Session, staff: Staff) -> None:
    call = play(session, told("voice", 0), told("wait", 10))
    call.asked_back = True
    session.flush()
    person = ready(session, staff.operator.id, Line.SIMULATED)
    assert service.offer_waiting(session, now=at(20)) == 0
    assert (seat(session, person), queries.waiting(session).queued) == (PresenceState.READY, 0)
