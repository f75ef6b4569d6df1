"""Where calls go: to who knows the caller, to who has the skill, to who is on call, and why."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.calls import queries, service, signs
from hotline.calls.models import Call, CallEvent, OpeningHours, ServiceLine
from hotline.calls.offering import take_back
from hotline.calls.states import CallState, EndState
from hotline.core.errors import Forbidden, GuardFailed, Invalid, NotFound
from hotline.deadlines import queries as deadlines
from hotline.staff import roster
from hotline.staff import service as staff_service
from hotline.staff.models import Presence
from hotline.staff.presence import Line, PresenceState, Why
from hotline.staff.skills import Duty, Skill
from tests.matters import received
from tests.people import Staff
from tests.rooms.telling import CALLER, NOW, answered, at, ended, play, seat, take, the_call, told

S = PresenceState
HOUR = dt.timedelta(hours=1)
LAW_LINE = "+8647112352"
NIGHT = {"begins_at": NOW - HOUR, "ends_at": NOW + 10 * HOUR}


def ready(session: Session, person: int | None, idle: float) -> int:
    """Let somebody be ready who is idle for so many seconds."""
    staff_service.set_presence(session, person or 0, S.READY, Line.SIMULATED, now=at(-idle))
    session.flush()
    return person or 0


def waits(session: Session, **form: str) -> Call:
    """Let a caller wait since the tenth second."""
    play(session, told("voice", 0, **form), told("wait", 10, **form))
    return the_call(session)


def offered(session: Session, seconds: float) -> Call:
    """Look for somebody at a moment, and return the call."""
    service.offer_waiting(session, now=at(seconds))
    session.flush()
    return the_call(session)


def why(session: Session) -> list[dict[str, Any]]:
    """Return what the record keeps of each offer."""
    rows = select(CallEvent.detail).where(CallEvent.kind == "offered").order_by(CallEvent.id)
    return list(session.scalars(rows))


def on_call(session: Session, staff: Staff, *people: int | None) -> None:
    """Put people on call for the night."""
    for person in people:
        roster.add_shift(
            session, person or 0, Duty.ON_CALL, **NIGHT, actor=staff.supervisor, now=NOW
        )


def test_the_longest_idle_is_rung_and_the_record_says_so(session: Session, staff: Staff) -> None:
    short = ready(session, staff.operator.id, 10)
    long = ready(session, staff.second_operator.id, 99)
    assert waits(session).offered_to == long
    assert why(session) == [
        {
            "line": "simulated",
            "because": "longest_idle",
            "needs": [],
            "free": [long, short],
            "waited": 0,
        }
    ]


def test_who_took_the_matter_down_is_rung_for_its_caller(session: Session, staff: Staff) -> None:
    ticket, _ = received(CALLER, now=NOW)
    first, _ = answered(session, staff)
    service.register(session, staff.operator, first.id, ticket, now=at(60))
    take(session, ended(90))
    staff_service.set_presence(
        session, staff.second_operator.id or 0, S.READY, Line.SIMULATED, now=at(-900)
    )
    for route in (told("voice", 100, CallSid="CA9"), told("wait", 110, CallSid="CA9")):
        take(session, route)
    again = queries.by_sid(session, "CA9")
    assert again is not None
    assert again.offered_to == staff.operator.id
    assert why(session)[-1]["because"] == "owner"


def test_a_language_waits_a_little_for_who_speaks_it(session: Session, staff: Staff) -> None:
    plain = ready(session, staff.operator.id, 99)
    play(session, told("voice", 0))
    signs.choose_language(session, told("voice", 0).call, "mn", now=at(5))
    take(session, told("wait", 10))
    assert the_call(session).state is CallState.QUEUED
    assert offered(session, 29).state is CallState.QUEUED
    assert offered(session, 30).offered_to == plain
    assert [(each["because"], each["needs"]) for each in why(session)] == [
        ("overflow", ["mongolian"])
    ]


def test_a_line_of_its_own_rings_for_its_skill(session: Session, staff: Staff) -> None:
    session.add(ServiceLine(number=LAW_LINE, name="法律", name_en="Law", need=Skill.LAW))
    session.flush()
    queries._hours.clear()
    ready(session, staff.operator.id, 99)
    lawyer = ready(session, staff.second_operator.id, 1)
    roster.set_skills(session, lawyer, [Skill.LAW], actor=staff.supervisor, now=NOW)
    assert waits(session, To=LAW_LINE).offered_to == lawyer
    assert why(session)[0]["because"] == "skill"
    queries._hours.clear()


def test_a_line_has_hours_of_its_own(session: Session, staff: Staff) -> None:
    sunday = 6  # the test's day
    session.add(ServiceLine(number=LAW_LINE, name="法律", name_en="Law", need=Skill.LAW))
    session.add(OpeningHours(line=LAW_LINE, weekday=sunday, opens=0, closes=60))
    session.flush()
    queries._hours.clear()
    assert "<Record" in (take(session, told("voice", 0, To=LAW_LINE)) or "")
    assert "<Record" not in (take(session, told("voice", 0, CallSid="CA2")) or "")
    queries._hours.clear()


def test_the_hotline_keeps_holidays_by_the_calendar(session: Session) -> None:
    session.execute(delete(OpeningHours).where(OpeningHours.weekday == 7))
    queries._hours.clear()
    holiday = max(deadlines.calendar(session).names)
    noon = dt.datetime.combine(holiday, dt.time(12))
    assert not queries.hours(session).of(holiday)
    assert queries.hours(session).of((noon + dt.timedelta(days=20)).date())
    queries._hours.clear()


def test_on_call_is_rung_at_once_while_nobody_is_there(session: Session, staff: Staff) -> None:
    me = staff.operator.id
    on_call(session, staff, me)
    call = waits(session)
    assert (call.offered_to, call.line) == (me, Line.DESK)
    assert why(session)[0]["because"] == "on_call"
    take(session, told("queue", 15, QueueResult="hangup", QueueTime="5"))
    take(session, ended(15))
    assert seat(session, me or 0) is S.OFFLINE, "who was called out goes home again"


def test_on_call_sleeps_while_somebody_else_answers(session: Session, staff: Staff) -> None:
    on_call(session, staff, staff.operator.id)
    other = ready(session, staff.second_operator.id, 5)
    staff_service.ring(session, other, 77, at(1))
    assert waits(session).state is CallState.QUEUED
    assert offered(session, 69).state is CallState.QUEUED
    assert offered(session, 70).offered_to == staff.operator.id


def test_each_on_call_is_rung_once_for_a_call(session: Session, staff: Staff) -> None:
    first, second = staff.operator.id or 0, staff.second_operator.id or 0
    on_call(session, staff, first, second)
    call = waits(session)
    rung = [call.offered_to]
    for seconds in (40, 70):
        take_back(session, call, Why.MISSED, now=at(seconds))
        rung.append(offered(session, seconds).offered_to)
    assert rung == [first, second, None]
    presence = session.get_one(Presence, first)
    assert (presence.state, presence.reason) == (S.AWAY, Why.MISSED)


def test_while_closed_somebody_on_call_keeps_the_line_open(session: Session, staff: Staff) -> None:
    session.execute(delete(OpeningHours))
    queries._hours.clear()
    assert "<Record" in (take(session, told("voice", 0, CallSid="CA8")) or "")
    on_call(session, staff, staff.operator.id)
    assert "<Record" not in (take(session, told("voice", 0)) or "")
    queries._hours.clear()


def test_a_break_of_somebody_on_call_is_theirs(session: Session, staff: Staff) -> None:
    me = staff.operator.id or 0
    on_call(session, staff, me)
    staff_service.set_presence(session, me, S.AWAY, Line.DESK, now=at(0))
    assert roster.on_call(session, at(5)) == []
    assert not staff_service.call_out(session, me, at(5))


def test_the_roster_is_the_leads(session: Session, staff: Staff) -> None:
    me, lead = staff.operator.id or 0, staff.supervisor
    with pytest.raises(Forbidden):
        roster.set_skills(session, me, [Skill.LAW], actor=staff.operator, now=NOW)
    with pytest.raises(NotFound):
        roster.set_skills(session, me, [Skill.LAW], actor=staff.unit_lead, now=NOW)
    with pytest.raises(GuardFailed):
        on_call(session, staff, staff.dispatcher.id)
    with pytest.raises(Invalid):
        roster.add_shift(session, me, Duty.SEAT, NOW, NOW, actor=lead, now=NOW)
    shift = roster.add_shift(session, me, Duty.SEAT, NOW, NOW + HOUR, actor=lead, now=NOW)
    with pytest.raises(Invalid):
        on_call(session, staff, me)
    assert roster.coming(session, NOW) == [shift]
    roster.remove_shift(session, shift.id, actor=lead, now=NOW)
    assert roster.coming(session, NOW) == []
    on_call(session, staff, me)


def test_the_key_at_the_greeting_chooses_a_language_and_others_do_not(
    session: Session, staff: Staff
) -> None:
    greeting = take(session, told("voice", 0)) or ""
    assert "<Enqueue" in greeting.partition("</Gather>")[2], "silence goes on at once"
    assert "<Enqueue" in (take(session, told("language", 5, Digits="7")) or "")
    assert the_call(session).language == "zh"
    assert "<Enqueue" in (take(session, told("language", 6, Digits="9")) or "")
    assert the_call(session).language == "mn"


def test_the_wait_is_told_once_enough_is_known(session: Session, staff: Staff) -> None:
    me = ready(session, staff.operator.id, 5)
    staff_service.ring(session, me, 77, at(0))
    for number in range(5):
        take(session, told("voice", number, CallSid=f"CA{number}"))
        call = queries.by_sid(session, f"CA{number}")
        assert call is not None
        call.answered_at, call.ended_at = at(-700), at(-500)
        call.state, call.end_state = CallState.ENDED, EndState.ANSWERED
    take(session, told("voice", 0, CallSid="CA8"))
    assert "预计还要等4分钟" in (take(session, told("wait", 10, CallSid="CA8")) or "")
    take(session, told("voice", 0, CallSid="CA9"))
    assert "预计还要等7分钟" in (take(session, told("wait", 11, CallSid="CA9")) or "")
    staff_service.leave(session, me, now=at(12))
    session.delete(session.get_one(Presence, me))
    session.flush()
    assert "预计" not in (take(session, told("wait", 20, CallSid="CA9")) or "")
    assert "可能" not in (take(session, told("wait", 21, CallSid="CA9")) or "")


def test_who_asks_to_be_called_keeps_their_turn(session: Session, staff: Staff) -> None:
    play(session, told("voice", 0), told("wait", 10), told("choice", 20, Digits="2"), ended(22))
    debt = session.scalars(select(Callback)).one()
    assert debt.next_due_at == at(20), "nobody could say when their turn would come: it is now"
