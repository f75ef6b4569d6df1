"""A crisis on the line, a call for help, a word to everybody: who hears of it, what is kept."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls import aid, queries, service
from hotline.calls.models import Call
from hotline.core.audit import AuditEntry
from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.intake import rescue
from hotline.intake import service as intake
from hotline.intake.form import IntakeForm
from hotline.messages import desk
from hotline.tickets.models import Channel, Urgency
from tests.people import Staff
from tests.rooms.switchboard import waiting_call
from tests.rooms.telling import answered, at, ready


@pytest.fixture
def call(session: Session, staff: Staff) -> Call:
    """Let the operator speak with a caller."""
    return answered(session, staff)[0]


def heard(session: Session, staff_id: int | None) -> list[str]:
    """Return the kinds of notices on somebody's desk."""
    session.flush()
    return [notice.kind for notice in desk.unread(session, staff_id or 0)]


def matter(call: Call) -> IntakeForm:
    """Return what the operator registers of the call."""
    return IntakeForm.read(
        {"narrative": "职工在塔吊上，情绪激动", "call": call.id, "channel": Channel.CALL}
    )


def test_one_press_tells_every_lead_once(session: Session, staff: Staff, call: Call) -> None:
    for _ in range(2):
        rescue.raise_alarm(session, staff.operator, call.id, now=at(40))
    assert heard(session, staff.supervisor.id) == [rescue.RAISED]
    assert heard(session, staff.second_supervisor.id) == [rescue.RAISED]
    assert heard(session, staff.second_operator.id) == []
    assert heard(session, staff.unit_lead.id) == []


def test_the_number_is_shown_and_that_is_kept(session: Session, staff: Staff, call: Call) -> None:
    rescue.raise_alarm(session, staff.operator, call.id, now=at(40))
    session.flush()
    seen = session.scalars(select(AuditEntry).where(AuditEntry.act == "worker.reveal")).all()
    assert [(row.actor_id, row.detail["reason"]) for row in seen] == [
        (staff.operator.id, rescue.REASON)
    ]


def test_its_course_is_told_to_the_second(session: Session, staff: Staff, call: Call) -> None:
    rescue.raise_alarm(session, staff.operator, call.id, now=at(40))
    rescue.write_down(session, staff.operator, call.id, "地点：塔吊", now=at(47))
    service.hang_up(session, staff.operator, call.id, now=at(90))
    session.flush()
    begun = rescue.raised(session, call.id)
    assert begun
    told = [(one.at - begun.at, one.kind or one.said) for one in rescue.course(session, begun)]
    assert told == [
        (dt.timedelta(seconds=50), "hung_up"),
        (dt.timedelta(seconds=7), "地点：塔吊"),
        (dt.timedelta(0), rescue.RAISED),
    ]


def test_what_is_registered_of_a_crisis_is_critical(
    session: Session, staff: Staff, call: Call
) -> None:
    rescue.raise_alarm(session, staff.operator, call.id, now=at(40))
    ticket = intake.register(session, staff.operator, matter(call), now=at(60))
    assert ticket.urgency is Urgency.CRITICAL


def test_a_matter_registered_before_becomes_critical(
    session: Session, staff: Staff, call: Call
) -> None:
    ticket = intake.register(session, staff.operator, matter(call), now=at(35))
    assert ticket.urgency is Urgency.NORMAL
    rescue.raise_alarm(session, staff.operator, call.id, now=at(40))
    assert ticket.urgency is Urgency.CRITICAL


def test_only_who_speaks_with_the_caller_can(session: Session, staff: Staff, call: Call) -> None:
    for deed in (rescue.raise_alarm, aid.ask):
        with pytest.raises(GuardFailed):
            deed(session, staff.second_operator, call.id, now=at(40))
        with pytest.raises(Forbidden):
            deed(session, staff.handler, call.id, now=at(40))
    with pytest.raises(Invalid):
        rescue.write_down(session, staff.operator, call.id, "  ", now=at(41))


def test_who_asks_for_help_is_heard_by_the_leads(
    session: Session, staff: Staff, call: Call
) -> None:
    aid.ask(session, staff.operator, call.id, now=at(40))
    assert heard(session, staff.supervisor.id) == [aid.HELP]


def test_a_word_reaches_whoever_is_signed_in(session: Session, staff: Staff) -> None:
    ready(session, staff.operator.id)
    assert aid.broadcast(session, staff.supervisor, " 系统十点维护 ", now=at(0)) == 1
    assert [n.params["text"] for n in desk.unread(session, staff.operator.id or 0)] == [
        "系统十点维护"
    ]
    assert heard(session, staff.second_operator.id) == []
    with pytest.raises(Forbidden):
        aid.broadcast(session, staff.operator, "大家好", now=at(0))
    with pytest.raises(Invalid):
        aid.broadcast(session, staff.supervisor, " ", now=at(0))


def test_a_notice_is_put_away_alone(session: Session, staff: Staff) -> None:
    me = staff.operator.id or 0
    for text in ("一", "二"):
        desk.notify(session, me, "reminder", text, now=at(0))
    session.flush()
    newest = desk.unread(session, me)[0]
    desk.put_away(session, staff.supervisor.id or 0, newest.id, at(1))
    assert len(desk.unread(session, me)) == 2
    desk.put_away(session, me, newest.id, at(1))
    assert [notice.text for notice in desk.unread(session, me)] == ["一"]


def test_a_reason_to_decline_is_kept_and_must_be_one_of_the_list(
    session: Session, staff: Staff
) -> None:
    ready(session, staff.operator.id)
    call = waiting_call(session)
    with pytest.raises(Invalid):
        service.decline(session, staff.operator, call.id, reason="bored", now=at(12))
    service.decline(session, staff.operator, call.id, reason="conflict", now=at(12))
    told = [event for event in queries.story(session, call.id) if event.kind == "declined"]
    assert [event.detail for event in told] == [{"why": "conflict"}]
