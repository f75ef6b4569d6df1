"""A worker is asked once whether it helped, and every answer is taken at its word."""

import datetime as dt

from sqlalchemy import select

from hotline.messages.models import DeskNotice
from hotline.surveys.models import Survey
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.harness import Hotline
from tests.people import Staff

WORKER, OTHER = "+8613800000001", "+8613800000002"
INQUIRY = {
    "category": "A1",
    "region": "150102",
    "demand_type": "inquiry",
    "confidential_level": 0,
}
RESULT = {"reply": "已协调补发", "result_code": "solved", "contact": "电话"}


def resolved(hotline: Hotline, staff: Staff, phone: str = WORKER) -> Ticket:
    """Let a worker come to the hotline and their matter be settled; return its ticket."""
    api = hotline.api(staff.operator)
    matter = {"channel": "visit", "caller": phone, "narrative": "演示工地拖欠三个月工资"}
    number = api.post("/tickets", {**matter, **INQUIRY})["number"]
    api.post(f"/tickets/{number}/actions/take")
    api.post(f"/tickets/{number}/actions/resolve", RESULT)
    hotline.phone(phone).hears(number)
    hotline.phone(phone).hears("有了结果")
    return hotline.newest()


def test_the_question_leaves_at_once_and_is_asked_once(hotline: Hotline, staff: Staff) -> None:
    ticket = resolved(hotline, staff)
    question = hotline.phone(WORKER).hears("评价")
    assert ticket.number in question
    for words in ("1非常满意", "2满意", "3基本满意", "4不满意", "5非常不满意"):
        assert words in question
    for _ in range(3):
        hotline.tick()
    hotline.forward(hours=20)
    hotline.phone(WORKER).hears_nothing()


def test_a_full_width_digit_is_an_answer(hotline: Hotline, staff: Staff) -> None:
    resolved(hotline, staff)
    hotline.phone(WORKER).hears("评价")
    hotline.phone(WORKER).texts("２")
    ticket = hotline.ticket()
    assert (ticket.state, ticket.survey_outcome) == (State.SURVEYED, "satisfied")
    hotline.forward(days=6)
    hotline.phone(WORKER).hears_nothing()


def test_five_points_are_praise_and_the_figure_five_is_not(hotline: Hotline, staff: Staff) -> None:
    resolved(hotline, staff)
    hotline.phone(WORKER).texts("5分")
    assert hotline.newest().survey_outcome == "satisfied"
    resolved(hotline, staff, OTHER)
    hotline.phone(OTHER).texts("5")
    assert hotline.newest().survey_outcome == "dissatisfied"


def test_whoever_is_dissatisfied_is_heard_by_a_supervisor(hotline: Hotline, staff: Staff) -> None:
    resolved(hotline, staff)
    hotline.phone(WORKER).texts("不满意，钱还没给")
    assert hotline.ticket().state is State.APPRAISAL_REVIEW
    survey = hotline.session.scalars(select(Survey)).one()
    assert (survey.score, survey.comment) == (4, "不满意，钱还没给")


def test_nobody_is_asked_at_night(hotline: Hotline, staff: Staff) -> None:
    hotline.forward(hours=12)  # 22:00
    resolved(hotline, staff)
    hotline.phone(WORKER).hears_nothing()
    hotline.forward(hours=10)
    hotline.phone(WORKER).hears_nothing()
    hotline.forward(hours=1, every=dt.timedelta(minutes=10))
    hotline.phone(WORKER).hears("评价")


def test_silence_is_never_satisfaction_and_a_late_answer_counts(
    hotline: Hotline, staff: Staff
) -> None:
    resolved(hotline, staff)
    hotline.phone(WORKER).hears("评价")
    hotline.forward(hours=25, every=dt.timedelta(hours=5))
    hotline.phone(WORKER).hears("还在等您的评价")
    hotline.forward(hours=73, every=dt.timedelta(hours=5))
    assert hotline.ticket().survey_outcome == "unreachable"
    hotline.phone(WORKER).hears_nothing()
    hotline.forward(days=10)
    hotline.phone(WORKER).texts("非常不满意")
    ticket = hotline.ticket()
    assert (ticket.state, ticket.survey_outcome) == (State.APPRAISAL_REVIEW, "dissatisfied")
    assert hotline.session.scalars(select(Survey.late)).one()


def test_an_unclear_answer_is_read_by_a_surveyor(hotline: Hotline, staff: Staff) -> None:
    ticket = resolved(hotline, staff)
    hotline.phone(WORKER).hears("评价")
    hotline.phone(WORKER).texts("一般")
    assert hotline.ticket().state is State.RESOLVED
    told = hotline.session.scalars(select(DeskNotice.staff_id))
    assert staff.surveyor.id in set(told)
    answer = {"score": 3, "channel": "call", "comment": "说一般就是基本满意"}
    hotline.api(staff.surveyor).post(f"/tickets/{ticket.number}/actions/survey_satisfied", answer)
    survey = hotline.session.scalars(select(Survey)).one()
    assert (survey.score, survey.channel, survey.comment) == (3, "call", answer["comment"])


def test_whoever_leaves_is_asked_no_more(hotline: Hotline, staff: Staff) -> None:
    resolved(hotline, staff)
    hotline.phone(WORKER).hears("评价")
    hotline.phone(WORKER).texts("退订")
    hotline.forward(days=6, every=dt.timedelta(hours=6))
    assert not [text for text in hotline.phone(WORKER).inbox if "还在等" in text]
    assert hotline.ticket().survey_outcome == "not_possible"


def test_an_answer_that_names_a_ticket_belongs_to_it(hotline: Hotline, staff: Staff) -> None:
    first = resolved(hotline, staff)
    hotline.phone(WORKER).hears("评价")
    hotline.forward(hours=2)
    second = resolved(hotline, staff)
    hotline.phone(WORKER).texts(f"{first.number} 非常满意")
    assert hotline.session.get_one(Ticket, first.id).survey_outcome == "satisfied"
    assert hotline.session.get_one(Ticket, second.id).survey_outcome is None
    hotline.phone(WORKER).texts("4")
    assert hotline.session.get_one(Ticket, second.id).survey_outcome == "dissatisfied"
