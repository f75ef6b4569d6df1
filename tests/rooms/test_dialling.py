"""Calling back by one click: the operator's line, the worker's own number, what came of it."""

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.callbacks import dialling, jobs, service
from hotline.callbacks.models import Callback, CallbackAttempt
from hotline.callbacks.states import CallbackState, Outcome
from hotline.calls import jobs as call_jobs
from hotline.calls import outbound
from hotline.calls import service as calls
from hotline.calls.models import Call, CallOrder, OrderAct
from hotline.calls.states import CallState, Direction, Disposition, EndState
from hotline.core.errors import Forbidden, GuardFailed
from hotline.staff.presence import Line, PresenceState
from hotline.telephony import profile
from hotline.workers.models import Worker
from tests.people import DESK_PHONE, Staff
from tests.rooms.switchboard import URL, Switchboard, send
from tests.rooms.telling import (
    CALLER,
    at,
    at_once,
    hung_up_in_queue,
    play,
    ready,
    seat,
    take,
    told,
)

CALLEE = "CAcallee"


@pytest.fixture(params=list(profile.PROFILES))
def carrier_profile(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    """Have the carrier know all, or the least there is."""
    profile.use(request.param)
    yield request.param
    profile.use("full")


@pytest.fixture
def owed(session: Session, staff: Staff) -> Callback:
    """Owe a caller who gave up a call; an operator is ready at a telephone."""
    play(session, *hung_up_in_queue(20))
    ready(session, staff.operator.id, Line.DESK)
    return session.scalars(select(Callback)).one()


def placed(session: Session, staff: Staff, owed: Callback) -> Call:
    """Place the call."""
    call = dialling.dial(session, staff.operator, owed.id, now=at(60))
    session.flush()
    return call


def newest(session: Session) -> CallOrder:
    """Return the newest order that rings somebody."""
    dials = select(CallOrder).where(CallOrder.act == OrderAct.DIAL)
    return session.scalars(dials.order_by(CallOrder.id.desc()).limit(1)).one()


def rung(session: Session, call: Call) -> int:
    """Let the operator take up the telephone and the worker's ring; return the order."""
    order = newest(session).id
    if profile.current().conferences:
        take(session, told("desk", 63, order, CallSid="CAdesk", Direction="outbound-api"))
        send(session, Switchboard(), 63)
    else:
        take(session, told("connect", 63, order, CallSid="CAdesk", Direction="outbound-api"))
    return order


def status(session: Session, order: int, seconds: float, how: str) -> None:
    """Tell how the worker's telephone came out."""
    if profile.current().conferences:
        form = {"CallSid": CALLEE, "CallStatus": how, "Direction": "outbound-api"}
        take(session, told("callee_status", seconds, order, **form))
        return
    form = {"CallSid": "CAdesk", "DialCallStatus": how, "Direction": "outbound-api"}
    take(session, told("connect_done", seconds, order, **form))


def reached(session: Session, call: Call) -> int:
    """Let the worker answer; return the order of the operator's line."""
    order = rung(session, call)
    if profile.current().conferences:
        document = take(session, told("callee", 70, order, CallSid=CALLEE)) or ""
        assert ">call-" in document
    else:
        document = take(session, told("connected", 70, order, CallSid=CALLEE)) or ""
    assert "录音" in document
    return order


def settle(session: Session, seconds: float) -> None:
    """Let the clock draw what follows."""
    jobs.settle_dialled(at_once(session), now=at(seconds))


def tries(session: Session) -> list[Outcome]:
    """Return what the tries came to."""
    return list(session.scalars(select(CallbackAttempt.outcome).order_by(CallbackAttempt.id)))


def test_the_operators_line_is_rung_first_and_then_the_worker(
    session: Session, staff: Staff, owed: Callback, carrier_profile: str
) -> None:
    call = placed(session, staff, owed)
    assert (call.direction, call.staff_id, call.offered_to) == (
        Direction.OUTBOUND,
        None,
        staff.operator.id,
    )
    carrier = Switchboard()
    send(session, carrier, 61)
    (first,) = carrier.asked
    assert first[:2] == ("dial", DESK_PHONE)
    assert seat(session, staff.operator.id or 0) is PresenceState.RINGING
    order = newest(session).id
    if carrier_profile == "full":
        take(session, told("desk", 63, order, CallSid="CAdesk"))
        carrier = Switchboard()
        send(session, carrier, 64)
        url = f"{URL}/phone/callee/{order}"
        assert carrier.asked == [("dial", CALLER, url, f"{url}/status", "20", "3600")]
    else:
        document = take(session, told("connect", 63, order, CallSid="CAdesk")) or ""
        assert f">{CALLER}</Number>" in document


def test_whoever_is_reached_is_owed_nothing_once_the_record_says_what_it_led_to(
    session: Session, staff: Staff, owed: Callback, carrier_profile: str
) -> None:
    call = placed(session, staff, owed)
    order = reached(session, call)
    assert (call.state, call.staff_id) == (CallState.TALKING, staff.operator.id)
    assert seat(session, staff.operator.id or 0) is PresenceState.TALKING
    status(session, order, 130, "completed")
    assert (call.end_state, call.talked_ms) == (EndState.ANSWERED, 60_000)
    settle(session, 131)
    assert owed.state is CallbackState.OPEN
    calls.dispose(session, staff.operator, call.id, Disposition.THANKS, now=at(140))
    settle(session, 141)
    assert (owed.state, tries(session)) == (CallbackState.CLOSED_REACHED, [Outcome.REACHED])
    settle(session, 150)
    assert owed.tries == 1


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ("no-answer", Outcome.NO_ANSWER),
        ("busy", Outcome.BUSY),
        ("failed", Outcome.SWITCHED_OFF),
    ],
)
def test_a_telephone_that_nobody_answers_is_a_try(
    session: Session,
    staff: Staff,
    owed: Callback,
    carrier_profile: str,
    how: str,
    outcome: Outcome,
) -> None:
    call = placed(session, staff, owed)
    status(session, rung(session, call), 85, how)
    assert (call.end_state, call.disposition) == (EndState.NOT_REACHED, Disposition.NOT_REACHED)
    assert seat(session, staff.operator.id or 0) is PresenceState.READY
    settle(session, 90)
    assert (owed.state, owed.tries, tries(session)) == (CallbackState.OPEN, 1, [outcome])
    assert owed.next_due_at is not None
    assert owed.next_due_at >= at(85) + dt.timedelta(hours=4)


def test_a_mailbox_that_answers_reached_nobody(
    session: Session, staff: Staff, owed: Callback, carrier_profile: str
) -> None:
    call = placed(session, staff, owed)
    status(session, reached(session, call), 100, "completed")
    calls.dispose(session, staff.operator, call.id, Disposition.SILENT, now=at(110))
    settle(session, 111)
    assert (owed.state, tries(session)) == (CallbackState.OPEN, [Outcome.NO_ANSWER])


def test_an_operator_who_does_not_take_up_the_telephone_made_no_try(
    session: Session, staff: Staff, owed: Callback, carrier_profile: str
) -> None:
    call = placed(session, staff, owed)
    order = newest(session).id
    route = "leg" if carrier_profile == "full" else "connect_status"
    form = {"CallSid": "CAdesk", "CallStatus": "no-answer", "Direction": "outbound-api"}
    take(session, told(route, 82, order, **form))
    call_jobs.end_abandoned(at_once(session), now=at(90))
    assert call.end_state is EndState.NOT_REACHED
    settle(session, 91)
    assert (owed.tries, tries(session)) == (0, [])


def test_a_placed_call_owes_and_returns_nothing_itself(
    session: Session, staff: Staff, owed: Callback, carrier_profile: str
) -> None:
    call = placed(session, staff, owed)
    order = reached(session, call)
    status(session, order, 130, "completed")
    service.heed(session, call, now=at(131))
    assert owed.state is CallbackState.OPEN
    assert len(session.scalars(select(Callback)).all()) == 1


def test_nobody_is_dialled_but_the_worker_of_the_debt(
    session: Session, staff: Staff, owed: Callback
) -> None:
    session.execute(update(Worker).values(phone="+19005550100"))
    session.expire_all()
    with pytest.raises(GuardFailed) as refused:
        dialling.dial(session, staff.operator, owed.id, now=at(60))
    assert refused.value.guard == "may-dial"


def test_only_a_ready_operator_places_calls(session: Session, staff: Staff, owed: Callback) -> None:
    with pytest.raises(GuardFailed) as refused:
        dialling.dial(session, staff.second_operator, owed.id, now=at(60))
    assert refused.value.guard == "ready"
    with pytest.raises(Forbidden):
        dialling.dial(session, staff.surveyor, owed.id, now=at(60))


def test_a_hundred_calls_a_day_are_placed_at_most(
    session: Session, staff: Staff, owed: Callback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "A_DAY", 1)
    placed(session, staff, owed)
    with pytest.raises(GuardFailed) as refused:
        dialling.dial(session, staff.second_operator, owed.id, now=at(70))
    assert refused.value.guard == "lines-a-day"
