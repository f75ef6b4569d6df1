"""Operator states on the server: records that run out, breaks with caps, pages that are gone."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls import queries as calls
from hotline.calls import service as call_service
from hotline.core.audit import AuditEntry
from hotline.core.errors import Forbidden, GuardFailed, Invalid, NotFound, TransitionNotAllowed
from hotline.staff import days, jobs, queries, service
from hotline.staff.models import Presence, PresenceChange, Shift
from hotline.staff.presence import Act, Line, Longer, PresenceState, Why
from hotline.staff.skills import Duty
from tests.people import Staff
from tests.rooms.telling import answered, at, at_once, ended, take

S = PresenceState
MINUTE = 60


def sign_in(session: Session, *people: int | None, seconds: float = 0) -> None:
    """Let people be ready."""
    for person in people:
        service.set_presence(session, person or 0, S.READY, Line.BROWSER, now=at(seconds))


def stands(session: Session, person: int | None) -> tuple[PresenceState, str | None]:
    """Return where somebody stands, and why."""
    session.flush()
    found = queries.presence(session, person or 0)
    assert found is not None
    session.refresh(found)
    return found.state, found.reason


def pass_time(session: Session, seconds: float) -> None:
    """Let the clock look at a moment."""
    jobs.end_presences(at_once(session), now=at(seconds))


def talked(session: Session, staff: Staff) -> int:
    """Play a call to its end after 100 seconds and return it; its record is not finished."""
    call, _ = answered(session, staff)
    take(session, ended(100))
    return call.id


def test_a_record_that_takes_too_long_leaves_its_operator_away(
    session: Session, staff: Staff
) -> None:
    me = staff.operator.id
    call = talked(session, staff)
    assert stands(session, me) == (S.WRAP_UP, None)
    pass_time(session, 159)
    assert stands(session, me) == (S.WRAP_UP, None)
    pass_time(session, 160)
    assert stands(session, me) == (S.AWAY, Why.UNFINISHED)
    presence = session.get_one(Presence, me)
    assert (presence.call_id, presence.until) == (call, None), "the page still shows the call"
    assert [row.id for row in calls.to_wrap_up(session, me or 0)] == [call]


def test_finishing_the_record_late_makes_ready(session: Session, staff: Staff) -> None:
    call = talked(session, staff)
    pass_time(session, 170)
    call_service.dispose(session, staff.operator, call, "thanks", now=at(200))
    assert stands(session, staff.operator.id) == (S.READY, None)


def test_finishing_the_record_late_ends_no_break(session: Session, staff: Staff) -> None:
    call = talked(session, staff)
    me = staff.operator.id or 0
    pass_time(session, 170)
    service.set_presence(session, me, S.AWAY, Line.BROWSER, reason="meal", now=at(180))
    call_service.dispose(session, staff.operator, call, "thanks", now=at(200))
    assert stands(session, me) == (S.AWAY, "meal")


def test_a_record_is_lengthened_once_for_the_asking_and_then_for_a_reason(
    session: Session, staff: Staff
) -> None:
    me = staff.operator.id or 0
    talked(session, staff)
    assert service.extend(session, me, now=at(110)).until == at(190)
    for reason in (None, "because"):
        with pytest.raises(Invalid):
            service.extend(session, me, reason=reason, now=at(120))
    presence = service.extend(session, me, reason=Longer.LOOKING_UP, now=at(120))
    assert (presence.until, presence.extensions, presence.since) == (at(220), 2, at(100))
    pass_time(session, 219)
    assert stands(session, me)[0] is S.WRAP_UP
    kept = session.scalars(
        select(PresenceChange.reason).where(PresenceChange.act == Act.EXTEND)
    ).all()
    assert sorted(kept, key=str) == [None, "looking_up"]


def test_a_record_that_just_ran_out_can_still_be_lengthened(session: Session, staff: Staff) -> None:
    talked(session, staff)
    assert service.extend(session, staff.operator.id or 0, now=at(165)).until == at(195)


def test_without_a_record_there_is_nothing_to_lengthen(session: Session, staff: Staff) -> None:
    sign_in(session, staff.operator.id)
    with pytest.raises(GuardFailed) as refused:
        service.extend(session, staff.operator.id or 0, now=at(1))
    assert refused.value.guard == "wrap-up"


def test_a_break_has_a_reason_and_a_cap(session: Session, staff: Staff) -> None:
    me = staff.operator.id or 0
    sign_in(session, me)
    away = service.set_presence(session, me, S.AWAY, Line.BROWSER, now=at(0))
    assert (away.reason, away.until) == ("short", at(15 * MINUTE))
    again = service.set_presence(session, me, S.AWAY, Line.BROWSER, now=at(600))
    assert (again.until, again.since) == (at(15 * MINUTE), at(0)), "asking twice prolongs nothing"
    other = service.set_presence(session, me, S.AWAY, Line.BROWSER, reason="fault", now=at(700))
    assert (other.until, other.since) == (None, at(700))
    with pytest.raises(Invalid):
        service.set_presence(session, me, S.AWAY, Line.BROWSER, reason="missed", now=at(701))
    assert [row.code for row in queries.breaks(session)][:2] == ["short", "meal"]


def test_not_all_rest_at_once(session: Session, staff: Staff) -> None:
    first, second, lead = staff.operator.id, staff.second_operator.id, staff.supervisor.id
    sign_in(session, first, second, lead)
    service.set_presence(session, first or 0, S.AWAY, Line.BROWSER, now=at(1))
    with pytest.raises(GuardFailed) as refused:
        service.set_presence(session, second or 0, S.AWAY, Line.BROWSER, reason="meal", now=at(2))
    assert refused.value.guard == "breaks-at-once"
    service.set_presence(session, second or 0, S.AWAY, Line.BROWSER, reason="recovery", now=at(2))
    assert stands(session, second) == (S.AWAY, "recovery"), "what is no rest is not counted"
    service.set_presence(session, first or 0, S.READY, Line.BROWSER, now=at(3))
    service.set_presence(session, second or 0, S.AWAY, Line.BROWSER, reason="meal", now=at(4))


def test_a_closed_browser_freezes_no_state(session: Session, staff: Staff) -> None:
    me, other = staff.operator.id or 0, staff.second_operator.id or 0
    sign_in(session, me, other)
    service.beat(session, me, now=at(0))
    service.beat(session, me, now=at(60))
    pass_time(session, 179)
    assert stands(session, me)[0] is S.READY
    pass_time(session, 180)
    assert stands(session, me) == (S.OFFLINE, Why.BROWSER_LOST)
    assert stands(session, other)[0] is S.READY, "who never had a page has none to lose"
    service.beat(session, me, now=at(181))
    sign_in(session, me, seconds=200)
    pass_time(session, 900)
    assert stands(session, me)[0] is S.READY, "an old sign of life counts for nothing"


def test_a_live_call_outlives_its_page(session: Session, staff: Staff) -> None:
    me = staff.operator.id or 0
    answered(session, staff)
    service.beat(session, me, now=at(16))
    pass_time(session, 1000)
    assert stands(session, me)[0] is S.TALKING
    take(session, ended(1100))
    pass_time(session, 1100)
    assert stands(session, me) == (S.OFFLINE, Why.BROWSER_LOST)


def test_a_break_needs_no_page_until_it_is_over(session: Session, staff: Staff) -> None:
    me = staff.operator.id or 0
    sign_in(session, me)
    service.beat(session, me, now=at(0))
    service.set_presence(session, me, S.AWAY, Line.BROWSER, now=at(5))
    pass_time(session, 15 * MINUTE)
    assert stands(session, me) == (S.AWAY, "short")
    pass_time(session, 15 * MINUTE + 5)
    assert stands(session, me) == (S.OFFLINE, Why.BROWSER_LOST)


def test_who_let_it_ring_and_stays_away_is_signed_out(session: Session, staff: Staff) -> None:
    me = staff.operator.id or 0
    sign_in(session, me)
    service.ring(session, me, 7, at(0))
    service.miss(session, me, at(20))
    for seconds in range(0, 1900, 60):
        service.beat(session, me, now=at(seconds))
        pass_time(session, seconds)
        if seconds < 1820:
            assert stands(session, me) == (S.AWAY, Why.MISSED)
    assert stands(session, me) == (S.OFFLINE, Why.FORGOTTEN)


def test_a_lead_sets_the_state_of_others_and_says_why(session: Session, staff: Staff) -> None:
    me = staff.operator.id or 0
    sign_in(session, me)
    service.force(session, staff.supervisor, me, S.AWAY, reason="培训", now=at(5))
    assert stands(session, me) == (S.AWAY, "lead")
    change = session.scalars(
        select(PresenceChange).where(PresenceChange.act == Act.STEP_AWAY)
    ).one()
    assert change.by_id == staff.supervisor.id
    kept = session.scalars(select(AuditEntry).where(AuditEntry.act == "presence.force")).one()
    assert kept.detail == {"state": "away", "reason": "培训"}
    service.force(session, staff.supervisor, me, S.READY, reason="回来", now=at(6))
    service.force(session, staff.supervisor, me, S.OFFLINE, reason="下班", now=at(7))
    with pytest.raises(GuardFailed) as refused:
        service.force(session, staff.supervisor, me, S.READY, reason="上班", now=at(8))
    assert refused.value.guard == "signed-in"


def test_nobody_is_forced_without_a_right_a_reason_or_out_of_a_call(
    session: Session, staff: Staff
) -> None:
    me = staff.operator.id or 0
    sign_in(session, me)
    with pytest.raises(Forbidden):
        service.force(session, staff.second_operator, me, S.AWAY, reason="x", now=at(1))
    with pytest.raises(NotFound):
        service.force(session, staff.unit_lead, me, S.AWAY, reason="x", now=at(1))
    with pytest.raises(Invalid):
        service.force(session, staff.supervisor, me, S.AWAY, reason=" ", now=at(1))
    service.ring(session, me, 7, at(2))
    with pytest.raises(TransitionNotAllowed):
        service.force(session, staff.supervisor, me, S.OFFLINE, reason="x", now=at(3))


def test_a_day_is_added_up_from_the_record(session: Session, staff: Staff) -> None:
    me = staff.operator.id or 0
    hour = dt.timedelta(hours=1)
    sign_in(session, me, seconds=-7200)
    service.set_presence(session, me, S.AWAY, Line.BROWSER, reason="meal", now=at(0) + hour)
    session.add(Shift(staff_id=me, duty=Duty.SEAT, begins_at=at(0), ends_at=at(0) + 4 * hour))
    session.flush()
    day = next(each for each in days.attended(session, at(0), at(0) + 4 * hour))
    assert day.person.id == me
    assert day.lasted[S.READY] == hour
    assert day.lasted[S.AWAY] == 3 * hour
    assert (day.occupancy, day.adherence) == (0, 1.75 / 4)
