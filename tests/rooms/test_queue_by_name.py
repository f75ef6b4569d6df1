"""A carrier that joins two by the queue's name and never says when: nothing is lost by it."""

import pytest
from sqlalchemy.orm import Session

from hotline.calls import jobs
from hotline.calls.models import Call
from hotline.calls.states import CallState, EndState
from hotline.staff.presence import Line, PresenceState
from tests.people import Staff
from tests.rooms.switchboard import Switchboard, order, send, waiting_call
from tests.rooms.telling import at, at_once, ended, ready, seat, take, told

TAKEN_UP = 14


@pytest.fixture
def call(session: Session, staff: Staff) -> Call:
    """Let an operator take up the telephone for somebody who waits."""
    ready(session, staff.operator.id, Line.DESK)
    call = waiting_call(session)
    send(session, Switchboard())
    take(session, told("desk", TAKEN_UP, order(session).id, CallSid="CAdesk"))
    return call


def over(session: Session, seconds: float, **form: str) -> str | None:
    """Tell that the Dial of the desk's leg is over."""
    form = {"CallSid": "CAdesk", "DialCallStatus": "completed", **form}
    return take(session, told("desk_done", seconds, order(session).id, **form))


def test_the_end_of_the_dial_says_that_they_spoke(
    session: Session, staff: Staff, call: Call
) -> None:
    over(session, 80)
    assert (call.state, call.answered_at, call.waited_ms) == (CallState.TALKING, at(14), 4000)
    assert seat(session, staff.operator.id or 0) is PresenceState.TALKING
    take(session, ended(81))
    assert (call.end_state, call.staff_id) == (EndState.ANSWERED, staff.operator.id)
    assert seat(session, staff.operator.id or 0) is PresenceState.WRAP_UP


def test_the_end_of_the_queue_says_so_too(session: Session, call: Call) -> None:
    take(session, told("queue", 80, QueueResult="bridged", QueueTime="4"))
    take(session, ended(81))
    assert (call.end_state, call.answered_at) == (EndState.ANSWERED, at(14))


def test_a_moment_that_is_told_late_replaces_the_one_understood(
    session: Session, call: Call
) -> None:
    over(session, 80, DialBridged="true")
    take(session, told("bridged", 17, order(session).id))
    take(session, told("bridged", 19, order(session).id, QueueTime="7"))
    assert call.answered_at == at(17)


def test_two_who_speak_are_not_parted(session: Session, staff: Staff, call: Call) -> None:
    assert jobs.expire_offers(at_once(session), now=at(TAKEN_UP + 30)) == 0
    assert jobs.expire_offers(at_once(session), now=at(TAKEN_UP + 31)) == 1
    assert (call.state, call.answered_at) == (CallState.TALKING, at(TAKEN_UP))
    carrier = Switchboard()
    send(session, carrier, 46)
    assert carrier.asked == []
    assert seat(session, staff.operator.id or 0) is PresenceState.TALKING


def test_the_last_word_of_the_wait_may_cross(session: Session, call: Call) -> None:
    take(session, told("wait", TAKEN_UP + 3))
    assert jobs.expire_offers(at_once(session), now=at(TAKEN_UP + 32)) == 0
    jobs.expire_offers(at_once(session), now=at(TAKEN_UP + 34))
    assert call.state is CallState.TALKING


def test_who_still_hears_the_waiting_document_is_given_to_the_next(
    session: Session, staff: Staff, call: Call
) -> None:
    take(session, told("wait", TAKEN_UP + 20))
    jobs.expire_offers(at_once(session), now=at(TAKEN_UP + 31))
    assert call.state is CallState.QUEUED
    assert seat(session, staff.operator.id or 0) is PresenceState.AWAY


def test_a_dial_that_joined_nobody_undoes_what_was_understood(session: Session, call: Call) -> None:
    jobs.expire_offers(at_once(session), now=at(TAKEN_UP + 31))
    over(session, 50, DialCallStatus="no-answer")
    assert (call.state, call.answered_at) == (CallState.QUEUED, None)


def test_a_status_without_a_direction_is_the_callers(session: Session, call: Call) -> None:
    news = ended(81)
    assert isinstance(news.form, dict)
    del news.form["Direction"]
    take(session, news)
    assert call.state is CallState.ENDED
