"""Orders to the carrier: refused, put off, in doubt, too late, or left by a sender that died."""

import pytest
from sqlalchemy.orm import Session

from hotline.calls import sending, service
from hotline.calls.states import CallState
from hotline.messages.states import MessageState
from hotline.staff.presence import Line, PresenceState
from hotline.telephony.port import CarrierBusy, CarrierRefused, CarrierUncertain
from tests.people import Staff
from tests.rooms.switchboard import Switchboard, order, send, waiting_call
from tests.rooms.telling import at, ready, seat, take, told


def test_a_refused_ring_goes_to_the_next(session: Session, staff: Staff) -> None:
    person = ready(session, staff.operator.id, Line.DESK)
    call = waiting_call(session)
    send(session, Switchboard(CarrierRefused(21217, permanent=True)))
    assert (order(session).state, order(session).error_code) == (MessageState.FAILED, 21217)
    assert call.state is CallState.QUEUED
    assert seat(session, person) is PresenceState.AWAY


def test_a_busy_carrier_is_asked_again(session: Session, staff: Staff) -> None:
    ready(session, staff.operator.id, Line.DESK)
    waiting_call(session)
    send(session, Switchboard(CarrierBusy()))
    carrier = Switchboard()
    send(session, carrier, 12.5)
    assert len(carrier.asked) == 1
    assert order(session).state is MessageState.SENT


def test_an_order_that_waited_too_long_is_dropped(session: Session, staff: Staff) -> None:
    ready(session, staff.operator.id, Line.DESK)
    waiting_call(session)
    carrier = Switchboard()
    send(session, carrier, 31)
    assert carrier.asked == []
    assert order(session).state is MessageState.CANCELLED


def test_a_ring_in_doubt_is_not_repeated(session: Session, staff: Staff) -> None:
    ready(session, staff.operator.id, Line.DESK)
    waiting_call(session)
    send(session, Switchboard(CarrierUncertain("reset")))
    carrier = Switchboard()
    send(session, carrier, 15)
    assert carrier.asked == []
    assert order(session).state is MessageState.UNCERTAIN


@pytest.mark.parametrize(
    ("taken_up", "state"), [(False, MessageState.UNCERTAIN), (True, MessageState.WAITING)]
)
def test_a_sender_that_died_leaves_no_order_behind(
    session: Session, staff: Staff, taken_up: bool, state: MessageState
) -> None:
    ready(session, staff.operator.id, Line.DESK)
    waiting_call(session)
    if taken_up:  # then the caller is led over, which may be asked twice
        send(session, Switchboard())
        take(session, told("desk", 12, order(session).id, CallSid="CAdesk"))
    sending.take(session, owner="dead", now=at(12))
    assert sending.release_lost(session, now=at(60)) == 0
    assert sending.release_lost(session, now=at(73)) == 1
    assert order(session).state is state


def test_a_call_that_the_carrier_no_longer_knows_is_over(session: Session, staff: Staff) -> None:
    person = ready(session, staff.operator.id, Line.SIMULATED)
    call = waiting_call(session)
    service.accept(session, staff.operator, call.id, now=at(11))
    send(session, Switchboard(), 12)
    take(session, told("desk", 13, order(session).id, CallSid="CAdesk"))
    send(session, Switchboard(CarrierRefused(21220, permanent=True)), 13)
    assert call.state is CallState.ENDED
    assert seat(session, person) is PresenceState.READY
