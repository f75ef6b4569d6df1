"""A carrier that only speaks and dials: the same calls, with a loop for a queue and no rooms."""

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.calls.recorded import CallRecording
from hotline.calls.states import CallState, EndState
from hotline.staff.presence import Line, PresenceState
from hotline.telephony import profile
from hotline.telephony.port import CarrierBusy, CarrierCall
from tests.people import DESK_PHONE, Staff
from tests.rooms.switchboard import (
    URL,
    Switchboard,
    expire_offers,
    order,
    send,
    waiting_call,
)
from tests.rooms.telling import SID, at, ended, play, ready, seat, take, the_call, told

RINGS_AT = 12


@pytest.fixture(autouse=True)
def basic(app: Flask) -> Iterator[None]:
    """Have the installation's carrier know the least there is."""
    profile.use("basic")
    yield
    profile.use("full")


@pytest.fixture
def call(session: Session, staff: Staff) -> Call:
    """Let the caller's line dial an operator."""
    return rung(session, staff)


def rung(session: Session, staff: Staff) -> Call:
    """Let the caller's line dial an operator's telephone."""
    ready(session, staff.operator.id, Line.DESK)
    call = waiting_call(session)
    send(session, Switchboard())
    take(session, told("operator", RINGS_AT, order(session).id))
    return call


def over(session: Session, seconds: float, **form: str) -> str:
    """Tell that the Dial of the caller's leg is over."""
    form = {"DialCallStatus": "completed", **form}
    return take(session, told("operator_done", seconds, order(session).id, **form)) or ""


def test_a_caller_waits_in_a_loop(session: Session) -> None:
    greeting = take(session, told("voice", 0)) or ""
    loop = take(session, told("wait", 10)) or ""
    for document in (greeting, loop):
        assert "<Redirect>/phone/wait</Redirect>" in document
        assert not any(verb in document for verb in ("<Enqueue", "<Pause", "<Leave"))
    assert "<Record" in (take(session, told("choice", 12, Digits="1")) or "")
    assert the_call(session).left_queue


def test_the_callers_line_dials_the_operator(session: Session, staff: Staff) -> None:
    ready(session, staff.operator.id, Line.DESK)
    call = waiting_call(session)
    carrier = Switchboard()
    send(session, carrier)
    number = order(session).id
    assert carrier.asked == [("redirect", SID, f"{URL}/phone/operator/{number}")]
    document = take(session, told("operator", RINGS_AT, number)) or ""
    assert f">{DESK_PHONE}</Number>" in document
    assert call.state is CallState.OFFERED
    take(session, told("announce", 14, number, CallSid="CAdesk"))
    assert (call.state, call.answered_at, call.waited_ms) == (CallState.TALKING, at(14), 4000)
    assert seat(session, staff.operator.id or 0) is PresenceState.TALKING
    assert "/phone/farewell<" in over(session, 80, DialBridged="true", DialCallDuration="66")
    take(session, ended(81))
    assert (call.end_state, call.talked_ms) == (EndState.ANSWERED, 67_000)
    assert seat(session, staff.operator.id or 0) is PresenceState.WRAP_UP


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed"])
def test_who_is_not_there_is_away_and_the_caller_waits_on(
    session: Session, staff: Staff, call: Call, status: str
) -> None:
    assert "/phone/wait" in over(session, 33, DialCallStatus=status)
    assert (call.state, call.answered_at) == (CallState.QUEUED, None)
    assert seat(session, staff.operator.id or 0) is PresenceState.AWAY


def test_the_end_of_the_dial_says_that_they_spoke(session: Session, call: Call) -> None:
    over(session, 80, DialCallDuration="66")
    take(session, ended(81))
    assert (call.end_state, call.answered_at) == (EndState.ANSWERED, at(14))


def test_two_who_speak_unannounced_are_not_parted(
    session: Session, staff: Staff, call: Call
) -> None:
    assert expire_offers(session, Switchboard(), 40) == 0
    assert expire_offers(session, Switchboard(), 41) == 1
    assert (call.state, call.answered_at) == (CallState.TALKING, at(RINGS_AT))
    assert seat(session, staff.operator.id or 0) is PresenceState.TALKING
    over(session, 80, DialCallDuration="65")
    assert call.answered_at == at(15)


def test_who_left_while_the_telephone_rang_was_answered_by_nobody(
    session: Session, staff: Staff, call: Call
) -> None:
    carrier = Switchboard()
    carrier.shown = CarrierCall(SID, "+8647112351", at(0), "completed", ended_at=at(20))
    expire_offers(session, carrier, 41)
    assert (call.ended_at, call.answered_at) == (at(20), None)
    assert call.end_state is EndState.ABANDONED_QUEUE
    assert seat(session, staff.operator.id or 0) is PresenceState.READY


def test_while_the_carrier_does_not_say_who_is_there_the_offer_stands(
    session: Session, call: Call
) -> None:
    assert expire_offers(session, Switchboard(CarrierBusy()), 60) == 0
    assert call.state is CallState.OFFERED


def test_who_still_hears_the_waiting_document_is_given_to_the_next(
    session: Session, staff: Staff, call: Call
) -> None:
    take(session, told("wait", 30))
    expire_offers(session, Switchboard(), 41)
    assert call.state is CallState.QUEUED
    assert seat(session, staff.operator.id or 0) is PresenceState.AWAY


def test_a_dial_that_joined_nobody_undoes_what_was_understood(session: Session, call: Call) -> None:
    expire_offers(session, Switchboard(), 41)
    over(session, 50, DialCallStatus="no-answer")
    assert (call.state, call.answered_at) == (CallState.QUEUED, None)


def test_a_status_without_a_direction_is_the_callers(session: Session, call: Call) -> None:
    news = ended(81)
    assert isinstance(news.form, dict)
    del news.form["Direction"]
    take(session, news)
    assert call.state is CallState.ENDED


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(choice=st.data())
def test_order_and_repetition_do_not_matter(
    session: Session, staff: Staff, choice: st.DataObject
) -> None:
    session.rollback()
    expected = _conversation(session, staff, None)
    assert expected == (EndState.ANSWERED, at(14), 4000, 67_000, [75])
    assert _conversation(session, staff, choice) == expected


def _conversation(
    session: Session, staff: Staff, choice: st.DataObject | None
) -> tuple[object, ...]:
    rung(session, staff)
    number = order(session).id
    bridged = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "66"}
    sound = {"RecordingStatus": "completed", "RecordingSource": "DialVerb"}
    sound |= {"RecordingSid": "RE2", "RecordingUrl": "https://r/2", "RecordingDuration": "75"}
    script = [
        told("announce", 14, number, CallSid="CAdesk"),
        told("operator_done", 80, number, **bridged),
        ended(81),
        told("recording", 95, number, **sound),
    ]
    if choice is not None:
        script = choice.draw(st.permutations(script * 2))
    call = play(session, *script)
    found = (
        call.end_state,
        call.answered_at,
        call.waited_ms,
        call.talked_ms,
        session.scalars(select(CallRecording.seconds)).all(),
    )
    session.rollback()
    return found
