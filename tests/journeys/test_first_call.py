"""The main job: a word comes in, a ticket goes through its life, the worker is asked."""

from hotline.tickets.states import State
from tests.harness import Hotline
from tests.people import Staff

WORKER = "+8613800000001"


def test_an_sms_becomes_a_ticket_and_its_outcome_is_asked_about(
    hotline: Hotline, staff: Staff
) -> None:
    hotline.phone(WORKER).texts("演示工地拖欠三个月工资")
    assert "11月23日12:00前" in hotline.phone(WORKER).hears("261123-0001，查询码")
    ticket = hotline.ticket()
    api = hotline.api(staff.operator)
    api.patch(
        f"/tickets/{ticket.number}",
        {
            "version": ticket.version,
            "category": "A1",
            "region": "150102",
            "demand_type": "inquiry",
            "confidential_level": 0,
        },
    )
    api.post(f"/tickets/{ticket.number}/actions/take")
    done = api.post(
        f"/tickets/{ticket.number}/actions/resolve",
        {"reply": "已协调补发", "result_code": "solved", "contact": "电话"},
    )
    assert done["state"] == "resolved"
    hotline.phone(WORKER).hears("有了结果")
    hotline.phone(WORKER).hears("评价")
    hotline.phone(WORKER).texts("1")
    assert hotline.ticket().state is State.SURVEYED
    rates = {row["code"]: row for row in hotline.api(staff.supervisor).get("/rates")["items"]}
    assert rates["V4"]["numerator"] == rates["V4"]["denominator"] == 1
