"""Lines that fail: who was not there, whose browser vanished, and callers nobody hears any more."""

from sqlalchemy.orm import Session

from hotline.calls import queries, service
from hotline.calls.states import CallState, EndState
from hotline.staff.presence import PresenceState
from hotline.telephony.port import CarrierRefused
from tests.people import Staff
from tests.rooms.switchboard import Switchboard, order, send, waiting_call
from tests.rooms.telling import BROWSER, answered, at, ended, ready, seat, take, told


def test_a_browser_that_does_not_answer_puts_the_caller_back(
    session: Session, staff: Staff
) -> None:
    ready(session, staff.operator.id)
    call = waiting_call(session)
    service.accept(session, staff.operator, call.id, now=at(14))
    session.flush()
    gone = {"CallSid": BROWSER, "Direction": "outbound-api", "CallStatus": "failed"}
    take(session, told("leg", 16, order(session).id, **gone))
    assert (call.state, call.answered_at, call.queued_at) == (CallState.QUEUED, None, at(10))
    assert seat(session, staff.operator.id or 0) is PresenceState.AWAY


def test_a_caller_who_comes_to_an_empty_room_waits_on(session: Session, staff: Staff) -> None:
    ready(session, staff.operator.id)
    call = waiting_call(session)
    service.accept(session, staff.operator, call.id, now=at(14))
    session.flush()
    number = order(session).id
    take(session, told("desk", 15, number, CallSid=BROWSER))
    take(session, told("leg", 15.5, number, CallSid=BROWSER, CallStatus="completed"))
    assert "<Enqueue" in (take(session, told("meet", 16, number)) or "")
    assert (call.state, call.answered_at) == (CallState.QUEUED, None)
    assert seat(session, staff.operator.id or 0) is PresenceState.AWAY


def test_a_room_that_cannot_be_entered_puts_the_caller_back(session: Session, staff: Staff) -> None:
    call, number = answered(session, staff)
    done = told("meet_done", 16, number, DialCallStatus="failed")
    assert "<Enqueue" in (take(session, done) or "")
    assert (call.state, call.answered_at) == (CallState.QUEUED, None)
    assert seat(session, staff.operator.id or 0) is PresenceState.AWAY


def test_who_is_alone_waits_again_once_their_line_asks(session: Session, staff: Staff) -> None:
    call, number = answered(session, staff)
    take(session, told("leg", 40, number, CallSid=BROWSER, CallStatus="completed"))
    assert call.state is CallState.TALKING  # it may be that the caller left first
    carrier = Switchboard()
    send(session, carrier, 40)
    (path,) = [asked[2] for asked in carrier.asked if "requeue" in asked[2]]
    back = told("requeue", 41, int(path.rpartition("/")[2]), CallStatus="in-progress")
    document = take(session, back) or ""
    assert "线路中断" in document
    assert "<Enqueue" in document
    assert (call.state, call.answered_at, call.queued_at) == (CallState.QUEUED, at(15), at(10))
    assert seat(session, staff.operator.id or 0) is PresenceState.AWAY
    take(session, ended(50))
    assert call.end_state is EndState.ANSWERED
    assert list(queries.to_wrap_up(session, staff.operator.id or 0)) == [call]


def test_a_caller_who_left_first_is_not_put_back(session: Session, staff: Staff) -> None:
    call, number = answered(session, staff)
    take(session, told("desk_done", 40, number, CallSid=BROWSER, DialCallStatus="answered"))
    take(session, told("leg", 40, number, CallSid=BROWSER, CallStatus="completed"))
    carrier = Switchboard()
    send(session, carrier, 40)
    assert not any("requeue" in str(asked) for asked in carrier.asked)
    take(session, ended(41))
    assert (call.end_state, call.staff_id) == (EndState.ANSWERED, staff.operator.id)


def test_a_caller_who_is_gone_when_fetched_back_has_ended(session: Session, staff: Staff) -> None:
    call, number = answered(session, staff)
    take(session, told("leg", 40, number, CallSid=BROWSER, CallStatus="completed"))
    send(session, Switchboard(CarrierRefused(21220, permanent=True)), 40)
    assert call.end_state is EndState.ANSWERED
    assert seat(session, staff.operator.id or 0) is PresenceState.WRAP_UP


def test_the_room_tells_of_a_loss_too(session: Session, staff: Staff) -> None:
    call, _ = answered(session, staff)
    room = {"ConferenceSid": "CF1", "CallSid": BROWSER, "StatusCallbackEvent": "participant-leave"}
    gone = {**room, "ReasonParticipantLeft": "participant_hung_up", "SequenceNumber": "4"}
    take(session, told("conference", 40, call.id, **gone))
    carrier = Switchboard()
    send(session, carrier, 40)
    assert any("requeue" in str(asked) for asked in carrier.asked)
