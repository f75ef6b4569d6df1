"""Callbacks: one debt a worker, closed only by being reached, returned, or truly tried."""

import datetime as dt

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline.callbacks import jobs, queries, service
from hotline.callbacks.models import Callback, CallbackCall
from hotline.callbacks.screen_pop import screen_pop
from hotline.callbacks.states import CallbackState, Outcome
from hotline.calls import events
from hotline.calls import queries as calls
from hotline.calls import service as desk
from hotline.calls.models import CallOrder, OpeningHours
from hotline.calls.states import Disposition
from hotline.core.errors import Forbidden, GuardFailed
from hotline.core.inbox import InboxEvent
from hotline.messages.models import Message
from tests.people import Staff
from tests.rooms.telling import (
    CALLER,
    at,
    at_once,
    count,
    ended,
    hung_up_in_queue,
    play,
    ready,
    take,
    the_call,
    told,
)

HOUR = dt.timedelta(hours=1)


def missed(session: Session, sid: str = "CA1", seconds: float = 0) -> None:
    """Let a call of the same worker be missed."""
    take(session, told("voice", seconds, CallSid=sid))
    take(session, told("status", seconds + 4, CallSid=sid, CallStatus="completed"))


def debt(session: Session) -> Callback:
    """Return the only callback."""
    return session.scalars(select(Callback)).one()


def tried(session: Session, staff: Staff, *hours: float) -> Callback:
    """Let an operator try at so many hours after the missed call."""
    missed(session)
    owed = debt(session)
    for hour in hours:
        moment = at(0) + hour * HOUR
        service.attempt(session, staff.operator, owed.id, Outcome.NO_ANSWER, now=moment)
        session.flush()
    return owed


def test_a_missed_call_is_owed_a_call_within_half_an_hour(session: Session) -> None:
    play(session, *hung_up_in_queue(20))
    owed = debt(session)
    assert (owed.state, owed.opened_at) == (CallbackState.OPEN, at(30))
    assert owed.next_due_at == at(30) + HOUR / 2
    assert the_call(session).disposition is Disposition.CALLBACK


def test_calls_of_one_worker_are_one_debt(session: Session) -> None:
    for number in range(3):
        missed(session, f"CA{number}", number * 60)
    assert count(session, CallbackCall) == 3
    owed = debt(session)
    assert len(queries.missed_calls(session, [owed.id])[owed.id]) == 3


def test_the_database_refuses_a_second_open_debt(session: Session) -> None:
    missed(session)
    owed = debt(session)
    session.add(
        Callback(
            worker_id=owed.worker_id,
            call_id=owed.call_id,
            unit_id=owed.unit_id,
            state=CallbackState.OPEN,
            reason=owed.reason,
            opened_at=at(9),
            next_due_at=at(9),
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_who_calls_again_and_is_answered_has_returned(session: Session, staff: Staff) -> None:
    missed(session, "CA9", -3600)
    call, _ = answered_again(session, staff)
    owed = debt(session)
    assert (owed.state, owed.returned_by) == (CallbackState.CLOSED_SELF_RETURNED, call)


def answered_again(session: Session, staff: Staff) -> tuple[int, int]:
    """Let the worker's second call be answered; return its id and its order's."""
    ready(session, staff.operator.id)
    take(session, told("voice", 0))
    take(session, told("wait", 10))
    call = calls.by_sid(session, told("voice", 0).sid)
    assert call is not None
    desk.accept(session, staff.operator, call.id, now=at(14))
    session.flush()
    order = session.scalars(select(CallOrder.id)).one()
    take(session, told("desk", 14.5, order, CallSid="CAbrowser"))
    take(session, told("meet", 15, order))
    return call.id, order


def test_a_day_later_it_is_another_matter(session: Session, staff: Staff) -> None:
    missed(session, "CA9", -25 * 3600)
    answered_again(session, staff)
    assert debt(session).state is CallbackState.OPEN


def test_a_call_that_turns_out_answered_owes_nothing(session: Session, staff: Staff) -> None:
    ready_call, order = answered_again(session, staff)
    for row in (CallbackCall, Callback):
        session.execute(delete(row))
    call = calls.call(session, ready_call)
    call.answered_at = call.bridged_by = call.staff_id = None
    take(session, ended(30))
    assert count(session, Callback) == 1
    session.execute(delete(InboxEvent))  # the news was never taken, and comes late
    take(session, told("meet", 31, order, CallStatus="completed"))
    assert (count(session, Callback), call.disposition) == (0, None)


def test_reached_closes_the_debt(session: Session, staff: Staff) -> None:
    missed(session)
    owed = debt(session)
    service.attempt(session, staff.operator, owed.id, Outcome.REACHED, now=at(600), note="已说明")
    assert (owed.state, owed.closed_at, owed.next_due_at) == (
        CallbackState.CLOSED_REACHED,
        at(600),
        None,
    )
    with pytest.raises(GuardFailed):
        service.attempt(session, staff.operator, owed.id, Outcome.BUSY, now=at(700))


def test_a_stranger_may_not_try(session: Session, staff: Staff) -> None:
    missed(session)
    with pytest.raises(Forbidden):
        service.attempt(session, staff.handler, debt(session).id, Outcome.BUSY, now=at(600))


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        ((0.5, 4.5), CallbackState.OPEN),  # two tries
        ((0.5, 1, 1.5), CallbackState.OPEN),  # three in one afternoon
        ((0.5, 5, 23), CallbackState.OPEN),  # not yet a day and a night
        ((0.5, 5, 25), CallbackState.SMS_SENT),
        ((0.5, 24.6, 24.7), CallbackState.OPEN),  # always the same part of the day
    ],
)
def test_three_tries_in_two_parts_of_a_day_and_a_night(
    session: Session, staff: Staff, hours: tuple[float, ...], state: CallbackState
) -> None:
    owed = tried(session, staff, *hours)
    assert owed.state is state
    assert count(session, Message) == (state is CallbackState.SMS_SENT)
    assert owed.next_due_at is not None
    assert owed.next_due_at > at(0) + hours[-1] * HOUR


def test_trying_whenever_it_is_due_comes_to_an_end(session: Session, staff: Staff) -> None:
    owed = tried(session, staff)
    while owed.state is CallbackState.OPEN:
        assert owed.next_due_at is not None
        service.attempt(session, staff.operator, owed.id, Outcome.BUSY, now=owed.next_due_at)
        session.flush()
    assert owed.tries == 3


def test_three_days_of_silence_close_it_as_unreachable(session: Session, staff: Staff) -> None:
    owed = tried(session, staff, 0.5, 5, 25)
    sent = at(0) + 25 * HOUR
    assert jobs.close_unreachable(at_once(session), now=sent + 71 * HOUR) == 0
    assert jobs.close_unreachable(at_once(session), now=sent + 72 * HOUR) == 1
    session.refresh(owed)
    assert owed.state is CallbackState.CLOSED_UNREACHABLE


def test_an_answer_to_the_message_closes_it_as_reached(session: Session, staff: Staff) -> None:
    owed = tried(session, staff, 0.5, 5, 25)
    assert service.replied(session, owed.worker_id, now=at(0) + 30 * HOUR)
    assert owed.state is CallbackState.CLOSED_REACHED
    assert not service.replied(session, owed.worker_id, now=at(0) + 31 * HOUR)


def test_a_wrong_number_is_no_number(session: Session, staff: Staff) -> None:
    missed(session)
    owed = service.attempt(
        session, staff.operator, debt(session).id, Outcome.WRONG_NUMBER, now=at(60)
    )
    assert owed.state is CallbackState.CLOSED_NO_NUMBER


def test_the_first_try_falls_into_staffed_hours(session: Session) -> None:
    session.execute(delete(OpeningHours))
    session.add(OpeningHours(weekday=0, opens=8 * 60, closes=18 * 60))  # Mondays only
    session.flush()
    calls._hours.clear()
    missed(session)  # on a Sunday
    monday = dt.datetime(2026, 11, 23, 0, tzinfo=dt.UTC)  # 8:00 in Hohhot
    assert debt(session).next_due_at == monday + HOUR / 2
    calls._hours.clear()


def test_the_clock_finds_what_no_door_saw(session: Session) -> None:
    for event in hung_up_in_queue(20):
        events.take(session, event)
    assert count(session, Callback) == 0
    assert jobs.settle_ended(at_once(session), now=at(60)) == 1
    assert jobs.settle_ended(at_once(session), now=at(61)) == 0
    assert debt(session).opened_at == at(30)


def test_r11_the_screen_shows_what_is_known_and_invents_nothing(
    session: Session, staff: Staff
) -> None:
    """R11: the ring brings the caller's history; `bench/ringing.py` measures how soon."""
    missed(session, "CA9", -600)
    take(session, told("voice", 0))
    take(session, told("wait", 10))
    call = calls.by_sid(session, told("voice", 0).sid)
    assert call is not None
    pop = screen_pop(session, staff.operator, call)
    assert pop.caller.endswith(CALLER[-4:])
    assert "****" in pop.caller
    assert pop.callback is not None
    assert [row.provider_sid for row in pop.earlier] == ["CA9"]
    assert (pop.name, list(pop.open_tickets), pop.last_promise) == ("–", [], None)


def test_of_a_call_that_just_rings_nothing_is_known(session: Session, staff: Staff) -> None:
    take(session, told("voice", 0))
    pop = screen_pop(session, staff.operator, the_call(session))
    assert (pop.worker_id, pop.caller) == (None, "–")
