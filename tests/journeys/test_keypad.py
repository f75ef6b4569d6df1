"""What callers press: where a matter stands, and whether it helped."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from hotline.calls import queries
from hotline.calls.states import EndState
from hotline.core.db import transaction
from hotline.surveys import parting
from hotline.surveys.models import Survey
from hotline.surveys.states import SurveyState
from hotline.tickets.models import DemandType
from hotline.tickets.states import Action, State
from simulator import SimCall
from tests.harness import Hotline
from tests.journeys.test_calls import answer, ready, the_call
from tests.matters import received
from tests.people import Staff

CALLER = "+8613800000001"
HALF_A_MINUTE = dt.timedelta(seconds=30)
HALF_A_DAY = dt.timedelta(hours=12)
pytestmark = pytest.mark.usefixtures("carrier_profile")


def test_a_caller_hears_how_their_matter_stands_and_leaves(hotline: Hotline) -> None:
    hotline.phone(CALLER).texts("演示工地拖欠三个月工资")
    number = hotline.ticket().number
    pin = re.search(r"查询码(\d{4})", hotline.phone(CALLER).hears(number))
    assert pin is not None
    keys = {"按3": "3", "请输入工单编号": f"{number.replace('-', '')}#", "四位查询码": pin[1]}
    call = hotline.phone(CALLER).calls(presses=keys, patience=None)
    for _ in range(20):
        if the_call(hotline).served_at is not None:
            break
        hotline.forward(every=dt.timedelta(seconds=3), seconds=3)
    assert "正在安排承办单位" in "\n".join(call.heard)
    call.hang_up()
    hotline.settle()
    assert the_call(hotline).end_state is EndState.IVR_SELFSERVED


def settled_on_the_line(hotline: Hotline, staff: Staff, **script: object) -> SimCall:
    """Let somebody call, hear the answer to what they ask, and be parted from."""
    ready(hotline, staff.operator)
    call = hotline.phone(CALLER).calls(patience=None, **script)
    answer(hotline, staff.operator)
    received(CALLER, now=hotline.now, demand_type=DemandType.INQUIRY)
    hotline.act(staff.operator, Action.ANSWER_DIRECTLY, hotline.ticket(), reply="按月发放")
    parted(hotline, staff)
    return call


def parted(hotline: Hotline, staff: Staff) -> None:
    """Let the operator end the conversation."""
    at_hand = queries.for_operator(hotline.session, staff.operator.id or 0)
    assert at_hand is not None
    key = at_hand.id
    transaction(lambda session: parting.hang_up(session, staff.operator, key, now=hotline.now))
    hotline.forward(every=dt.timedelta(seconds=2), seconds=4)


def asked_by_sms(hotline: Hotline) -> list[str]:
    """Return what reached the caller's telephone of the question."""
    return [text for text in hotline.phone(CALLER).inbox if "评价" in text]


def test_whose_matter_is_settled_on_the_line_is_asked_there_and_by_no_sms(
    hotline: Hotline, staff: Staff
) -> None:
    call = settled_on_the_line(hotline, staff, presses={"非常满意请按1": "8", "请按1到5": "2"})
    assert "您的评价已经记录" in call.heard[-1]
    assert call.state == "ended"
    hotline.forward(every=HALF_A_DAY, days=1)
    ticket = hotline.ticket()
    assert (ticket.state, ticket.survey_outcome) == (State.SURVEYED, "satisfied")
    assert asked_by_sms(hotline) == []


def test_who_presses_nothing_is_not_asked_by_sms_as_well(hotline: Hotline, staff: Staff) -> None:
    call = settled_on_the_line(hotline, staff)
    hotline.forward(every=HALF_A_MINUTE, seconds=60)
    assert "感谢您的来电" in call.heard[-1]
    hotline.settle()
    survey = hotline.session.scalars(select(Survey)).one()
    assert (survey.state, survey.channel) == (SurveyState.ASKED, "keypress")
    assert asked_by_sms(hotline) == []


def test_who_was_asked_by_sms_is_not_asked_at_the_end_of_a_call(
    hotline: Hotline, staff: Staff
) -> None:
    received(CALLER, now=hotline.now, demand_type=DemandType.INQUIRY)
    hotline.act(staff.operator, Action.ANSWER_DIRECTLY, hotline.ticket(), reply="按月发放")
    hotline.settle()
    assert len(asked_by_sms(hotline)) == 1
    ready(hotline, staff.operator)
    call = hotline.phone(CALLER).calls(patience=None)
    answer(hotline, staff.operator)
    parted(hotline, staff)
    assert call.state == "ended"
    assert not any("请按1" in said and "满意" in said for said in call.heard)
