"""A late ticket is heard of: reminders first, then the ladder, each rung once."""

import datetime as dt

from sqlalchemy import select

from hotline.messages.models import DeskNotice
from hotline.sla.models import Escalation
from hotline.tickets.states import Action
from tests.harness import Hotline
from tests.people import LEAD_PHONE, Staff

WORKER = "+8613800000001"
HANDLER, UNIT_LEAD = "+8613900000003", "+8613900000004"
COMPLAINT = {
    "category": "A1",
    "region": "150102",
    "demand_type": "complaint",
    "confidential_level": 1,
}
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def complaint(hotline: Hotline, staff: Staff) -> str:
    """Let a worker complain and the handler of the banner sign for it; return the number."""
    hotline.phone(WORKER).texts("演示工地拖欠三个月工资")
    ticket = hotline.ticket()
    api = hotline.api(staff.operator)
    api.patch(f"/tickets/{ticket.number}", {"version": ticket.version, **COMPLAINT})
    hotline.act(staff.dispatcher, Action.DISPATCH, ticket, unit="150102")
    hotline.act(staff.handler, Action.SIGN, ticket)
    return ticket.number


def until(hotline: Hotline, moment: dt.datetime) -> None:
    """Let time pass until *moment*, a day at a time."""
    length = moment - hotline.now
    hotline.forward(every=DAY, seconds=length.total_seconds())


def test_the_handler_is_reminded_before_anybody_else_hears(hotline: Hotline, staff: Staff) -> None:
    number = complaint(hotline, staff)
    until(hotline, hotline.ticket().due_at - HOUR)
    hotline.phone(HANDLER).hears_nothing()
    reminded = hotline.session.execute(
        select(DeskNotice.staff_id, DeskNotice.params).where(DeskNotice.kind == "reminder")
    ).all()
    assert {row.params["percent"] for row in reminded if row.staff_id == staff.handler.id} == {
        50,
        80,
    }
    until(hotline, hotline.ticket().due_at + dt.timedelta(minutes=10))
    assert number in hotline.phone(HANDLER).hears("100%")
    hotline.phone(LEAD_PHONE).hears_nothing()


def test_an_overdue_ticket_climbs_one_rung_at_a_time(hotline: Hotline, staff: Staff) -> None:
    number = complaint(hotline, staff)
    due_at = hotline.ticket().due_at
    until(hotline, due_at - HOUR)
    hotline.phone(UNIT_LEAD).hears_nothing()
    until(hotline, due_at + HOUR)
    assert number in hotline.phone(UNIT_LEAD).hears("超过时限")
    hotline.phone(LEAD_PHONE).hears_nothing()
    until(hotline, due_at + dt.timedelta(days=4))
    assert number in hotline.phone(LEAD_PHONE).hears("超过时限")
    hotline.phone(UNIT_LEAD).hears_nothing()
    assert hotline.api(staff.supervisor).get(f"/tickets/{number}")["escalation_level"] == 2


def test_a_clock_that_ticks_twice_escalates_once(hotline: Hotline, staff: Staff) -> None:
    complaint(hotline, staff)
    until(hotline, hotline.ticket().due_at + HOUR)
    for _ in range(3):
        hotline.tick()
    assert list(hotline.session.scalars(select(Escalation.rung))) == [1]
    hotline.phone(UNIT_LEAD).hears("超过时限")
    hotline.phone(UNIT_LEAD).hears_nothing()


def test_what_is_submitted_in_time_disturbs_nobody(hotline: Hotline, staff: Staff) -> None:
    complaint(hotline, staff)
    ticket = hotline.ticket()
    result = {"reply": "已补发", "result_code": "solved", "contact": "电话"}
    hotline.act(staff.handler, Action.SUBMIT_RESULT, ticket, **result)
    until(hotline, ticket.due_at + dt.timedelta(days=3))
    assert not hotline.session.scalars(select(Escalation)).all()
    hotline.phone(UNIT_LEAD).hears_nothing()
