"""Operators and calls: offered, taken, missed, declined, parted, wrapped up."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline.calls import queries, service
from hotline.calls.models import Call, CallOrder, OrderAct
from hotline.calls.states import CallState, Disposition, EndState
from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.staff.presence import Line, PresenceState
from hotline.telephony.port import CarrierBusy, CarrierCall
from tests.people import DESK_PHONE, Staff
from tests.rooms.switchboard import (
    URL,
    Switchboard,
    close_silent,
    expire_offers,
    order,
    send,
    waiting_call,
)
from tests.rooms.telling import (
    BROWSER,
    SID,
    answered,
    at,
    count,
    ended,
    hung_up_in_queue,
    play,
    ready,
    seat,
    take,
    told,
)

HOUR = 3600

# ------------------------------------------------------------------ the simulated line


def test_who_waits_rings_at_who_is_idle_longest(session: Session, staff: Staff) -> None:
    ready(session, staff.second_operator.id)
    ready(session, staff.operator.id)
    call = waiting_call(session)
    idle = min(staff.operator.id or 0, staff.second_operator.id or 0)
    assert (call.state, call.offered_to, call.line) == (CallState.OFFERED, idle, Line.SIMULATED)
    assert seat(session, idle) is PresenceState.RINGING


def test_whoever_becomes_ready_is_rung_for_who_waits(session: Session, staff: Staff) -> None:
    call = waiting_call(session)
    assert call.state is CallState.QUEUED
    ready(session, staff.operator.id)
    assert service.offer_waiting(session, now=at(20)) == 1
    assert call.offered_to == staff.operator.id


def test_one_operator_gets_one_call(session: Session, staff: Staff) -> None:
    ready(session, staff.operator.id)
    take(session, told("voice", 0))
    take(session, told("voice", 1, CallSid="CA2"))
    take(session, told("wait", 10))
    take(session, told("wait", 11, CallSid="CA2"))
    states = {call.provider_sid: call.state for call in queries.live(session)}
    assert states == {SID: CallState.OFFERED, "CA2": CallState.QUEUED}
    counts = queries.waiting(session)
    assert (counts.queued, counts.offered, counts.talking, counts.since) == (1, 1, 0, at(10))


def test_a_taken_call_rings_the_browser_once_and_fetches_the_caller(
    session: Session, staff: Staff
) -> None:
    ready(session, staff.operator.id)
    call = waiting_call(session)
    for _ in range(2):
        service.accept(session, staff.operator, call.id, now=at(12))
        session.flush()
    carrier = Switchboard()
    send(session, carrier, 12)
    number = order(session).id
    path = f"{URL}/phone/desk/{number}"
    browser = f"client:operator-{staff.operator.id}"
    assert carrier.asked == [("dial", browser, path, f"{path}/status", "20")]
    room = take(session, told("desk", 12.5, number, CallSid=BROWSER)) or ""
    assert f"call-{call.id}</Conference>" in room
    assert "endConferenceOnExit" not in room
    send(session, carrier, 12.5)
    assert carrier.asked[1:] == [("redirect", SID, f"{URL}/phone/meet/{number}")]
    document = take(session, told("meet", 13, number)) or ""
    assert f"call-{call.id}</Conference>" in document
    assert 'endConferenceOnExit="true"' in document
    assert f"{URL}/phone/words/{call.id}" in document
    assert call.state is CallState.TALKING
    assert call.waited_ms == 3000
    assert seat(session, staff.operator.id or 0) is PresenceState.TALKING


def test_only_who_is_rung_may_take_it(session: Session, staff: Staff) -> None:
    ready(session, staff.operator.id)
    call = waiting_call(session)
    with pytest.raises(GuardFailed):
        service.accept(session, staff.second_operator, call.id, now=at(12))
    with pytest.raises(Forbidden):
        service.accept(session, staff.handler, call.id, now=at(12))


def test_a_missed_ring_goes_to_the_next(session: Session, staff: Staff) -> None:
    first = ready(session, staff.operator.id)
    call = waiting_call(session)
    assert call.offered_to == first
    second = ready(session, staff.second_operator.id)
    assert expire_offers(session, Switchboard(), 29) == 0
    assert expire_offers(session, Switchboard(), 31) == 1
    assert (call.offered_to, call.offers, call.queued_at) == (second, 2, at(10))
    assert seat(session, first) is PresenceState.AWAY


def test_a_declined_ring_goes_to_the_next(session: Session, staff: Staff) -> None:
    first = ready(session, staff.operator.id)
    call = waiting_call(session)
    second = ready(session, staff.second_operator.id)
    service.decline(session, staff.operator, call.id, now=at(12))
    assert call.offered_to == second
    assert seat(session, first) is PresenceState.AWAY


def test_a_caller_who_leaves_frees_whom_it_rang(session: Session, staff: Staff) -> None:
    person = ready(session, staff.operator.id)
    call = play(session, *hung_up_in_queue(7))
    assert call.end_state is EndState.ABANDONED_QUEUE
    assert seat(session, person) is PresenceState.READY


def test_the_words_of_the_caller_are_kept(session: Session, staff: Staff) -> None:
    call, _ = answered(session, staff)
    for number, said in enumerate(["老板拖欠工资", "三个月了"]):
        form = {
            "TranscriptionSid": "GT1",
            "SequenceId": str(number),
            "TranscriptionEvent": "transcription-content",
            "TranscriptionData": f'{{"transcript": "{said}"}}',
            "Track": "inbound_track",
        }
        for _twice in range(2):
            take(session, told("words", 20 + number, call.id, **form))
    assert [row.text for row in queries.words(session, call.id)] == ["老板拖欠工资", "三个月了"]


# ------------------------------------------------------------------ the desk line


def test_a_desk_telephone_rings_and_takes_the_caller(session: Session, staff: Staff) -> None:
    person = ready(session, staff.operator.id, Line.DESK)
    call = waiting_call(session)
    carrier = Switchboard()
    send(session, carrier)
    dialled = order(session)
    path = f"{URL}/phone/desk/{dialled.id}"
    assert carrier.asked == [("dial", DESK_PHONE, path, f"{path}/status", "20")]
    assert dialled.provider_sid == "CAdesk"
    document = take(session, told("desk", 15, dialled.id, CallSid="CAdesk")) or ""
    assert f"call-{call.id}</Conference>" in document
    take(session, told("meet", 16, dialled.id))
    assert (call.state, call.staff_id, call.line) == (CallState.TALKING, person, Line.DESK)
    assert seat(session, person) is PresenceState.TALKING


def test_a_desk_telephone_is_not_taken_in_the_browser(session: Session, staff: Staff) -> None:
    ready(session, staff.operator.id, Line.DESK)
    call = waiting_call(session)
    with pytest.raises(GuardFailed):
        service.accept(session, staff.operator, call.id, now=at(12))


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed"])
def test_a_desk_telephone_nobody_takes_up(session: Session, staff: Staff, status: str) -> None:
    person = ready(session, staff.operator.id, Line.DESK)
    call = waiting_call(session)
    send(session, Switchboard())
    leg = told("leg", 31, order(session).id, CallSid="CAdesk", CallStatus=status)
    take(session, leg)
    assert call.state is CallState.QUEUED
    assert seat(session, person) is PresenceState.AWAY


def test_who_takes_up_too_late_is_told_so(session: Session, staff: Staff) -> None:
    ready(session, staff.operator.id, Line.DESK)
    play(session, *hung_up_in_queue(7))
    late = take(session, told("desk", 25, order(session).id, CallSid="CAdesk")) or ""
    assert "已经挂断" in late


def test_a_telephone_that_rings_for_nobody_is_silenced(session: Session, staff: Staff) -> None:
    ready(session, staff.operator.id, Line.DESK)
    waiting_call(session)
    send(session, Switchboard())
    take(session, told("queue", 18, QueueResult="hangup", QueueTime="8"))
    carrier = Switchboard()
    send(session, carrier, 19)
    assert carrier.asked == [("hang_up", "CAdesk")]


# ------------------------------------------------------------------ afterwards


def test_after_a_conversation_the_record_is_finished_first(session: Session, staff: Staff) -> None:
    call, number = answered(session, staff)
    done = told("meet_done", 90, number, DialCallStatus="answered")
    assert "/phone/farewell<" in (take(session, done) or "")
    take(session, ended(91))
    person = staff.operator.id or 0
    assert (call.end_state, call.talked_ms) == (EndState.ANSWERED, 76_000)
    assert seat(session, person) is PresenceState.WRAP_UP
    assert list(queries.to_wrap_up(session, person)) == [call]
    service.dispose(session, staff.operator, call.id, "thanks", now=at(100))
    assert seat(session, person) is PresenceState.READY
    assert (call.disposition, call.wrap_up_done_at) == (Disposition.THANKS, at(100))


def test_a_call_settled_while_talking_needs_no_wrap_up(session: Session, staff: Staff) -> None:
    call, _ = answered(session, staff)
    service.dispose(session, staff.operator, call.id, "wrong_number", now=at(20))
    assert seat(session, staff.operator.id or 0) is PresenceState.TALKING
    take(session, ended(21))
    assert seat(session, staff.operator.id or 0) is PresenceState.READY


def test_a_call_comes_to_one_thing(session: Session, staff: Staff) -> None:
    call, _ = answered(session, staff)
    service.dispose(session, staff.operator, call.id, "silent", now=at(20))
    service.dispose(session, staff.operator, call.id, "silent", now=at(21))
    with pytest.raises(GuardFailed):
        service.dispose(session, staff.operator, call.id, "thanks", now=at(22))


@pytest.mark.parametrize("reason", ["registered", "callback", "nonsense", "progress"])
def test_a_reason_is_one_of_the_list(session: Session, staff: Staff, reason: str) -> None:
    call, _ = answered(session, staff)
    with pytest.raises(Invalid):
        service.dispose(session, staff.operator, call.id, reason, now=at(20))


def test_nobody_calls_a_missed_call_a_wrong_number(session: Session, staff: Staff) -> None:
    call = play(session, *hung_up_in_queue(9))
    with pytest.raises(GuardFailed):
        service.dispose(session, staff.operator, call.id, "wrong_number", now=at(60))


def test_hanging_up_is_an_order_to_the_carrier(session: Session, staff: Staff) -> None:
    call, _ = answered(session, staff)
    with pytest.raises(GuardFailed):
        service.hang_up(session, staff.second_operator, call.id, now=at(20))
    for _ in range(2):
        service.hang_up(session, staff.operator, call.id, now=at(20))
        session.flush()
    carrier = Switchboard()
    send(session, carrier, 21)
    assert ("hang_up", SID) in carrier.asked
    assert [row.act for row in session.scalars(select(CallOrder))].count(OrderAct.HANG_UP) == 1


def test_a_line_that_fell_silent_ends_and_is_mended_by_late_news(session: Session) -> None:
    call = waiting_call(session)
    carrier = Switchboard()  # it knows of no such call
    assert close_silent(session, carrier, 180) == 0
    assert close_silent(session, carrier, 200) == 1
    assert call.end_state is EndState.ABANDONED_SHORT
    take(session, told("queue", 300, QueueResult="hangup", QueueTime="42"))
    assert (call.end_state, call.waited_ms) == (EndState.ABANDONED_QUEUE, 42_000)


@pytest.mark.parametrize(
    ("status", "state"),
    [("completed", CallState.ENDED), ("in-progress", CallState.QUEUED)],
)
def test_the_carriers_word_on_a_silent_line_decides(
    session: Session, status: str, state: CallState
) -> None:
    call = waiting_call(session)
    carrier = Switchboard()
    carrier.shown = CarrierCall(SID, "+8647112351", at(0), status, ended_at=at(50))
    assert close_silent(session, carrier, 200) == (state is CallState.ENDED)
    assert call.state is state
    assert call.ended_at == (at(50) if state is CallState.ENDED else None)
    assert close_silent(session, carrier, 300) == 0
    assert carrier.asked == [("fetch", SID)]


def test_silence_decides_in_the_end_if_the_carrier_does_not_answer(session: Session) -> None:
    call = waiting_call(session)
    carrier = Switchboard(CarrierBusy())
    assert close_silent(session, carrier, 3 * HOUR) == 0
    assert close_silent(session, carrier, 5 * HOUR) == 1
    assert call.ended_at == at(10)


# ------------------------------------------------------------------ what must never be false


@pytest.mark.parametrize(
    "broken",
    [
        {"end_state": None},
        {"ended_at": None},
        {"state": CallState.QUEUED},
        {"disposition": Disposition.REGISTERED},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_the_database_holds_the_promises(session: Session, broken: dict[str, object]) -> None:
    call = play(session, *hung_up_in_queue(9))
    for name, value in broken.items():
        setattr(call, name, value)
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_ledger_adds_up(session: Session, staff: Staff) -> None:
    answered(session, staff)
    for number in range(4):
        sid = f"CA{number}"
        take(session, told("voice", number, CallSid=sid))
        if number % 2:
            take(session, told("status", number + 3, CallSid=sid, CallStatus="completed"))
    counted = queries.identity(session, at(-1), at(0) + dt.timedelta(days=1))
    assert counted.holds
    assert (counted.inbound, counted.in_progress) == (count(session, Call), 3)
    assert counted.ends == {EndState.IVR_EXIT: 2}
