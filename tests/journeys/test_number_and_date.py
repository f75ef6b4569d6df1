"""What a caller can hold on to: the number and the promised date of the ticket, by any channel."""

import datetime as dt
import re

from hotline.core.language import local
from hotline.tickets.models import Ticket
from simulator import SimCall
from tests.harness import Hotline
from tests.people import Staff

CALLER, VISITOR = "+8613800000001", "+8613800000002"
ADDRESS = re.compile(r"https?:|www\.|\w+\.(?:cn|com|org|net)\b|/\w", re.IGNORECASE)
STEP = dt.timedelta(seconds=3)


def date(ticket: Ticket) -> str:
    """Return the promised day as Chinese writes it."""
    due = local(ticket.due_at)
    return f"{due.month}月{due.day}日"


def asks_by_keypad(hotline: Hotline, number: str, pin: str) -> SimCall:
    """Let the caller press the number and the code and listen to the end."""
    keys = {"按3": "3", "请输入工单编号": f"{number.replace('-', '')}#", "四位查询码": pin}
    call = hotline.phone(CALLER).calls(presses=keys, patience=None)
    for _ in range(15):
        if any("办理期限" in said for said in call.heard):
            break
        hotline.forward(STEP, seconds=3)
    return call


def test_r21_number_and_date_reach_the_caller_by_sms_and_by_voice(hotline: Hotline) -> None:
    """R21: the caller receives number and promised date by SMS and by voice, no address in it."""
    hotline.phone(CALLER).texts("演示工地拖欠三个月工资")
    ticket = hotline.ticket()
    told = hotline.phone(CALLER).hears(ticket.number)
    assert date(ticket) in told
    assert not ADDRESS.search(told)
    (pin,) = re.findall(r"查询码(\d{4})", told)
    heard = "\n".join(asks_by_keypad(hotline, ticket.number, pin).heard)
    assert f"办理期限是{date(ticket)}" in heard
    assert not ADDRESS.search(heard)


def test_whoever_is_registered_at_the_desk_reads_both_too(hotline: Hotline, staff: Staff) -> None:
    matter = {
        "channel": "visit", "caller": VISITOR, "narrative": "工资卡被扣", "category": "A1",
        "demand_type": "help", "region": "150102", "confidential_level": 0,
    }  # fmt: skip
    hotline.api(staff.operator).post("/tickets", matter)
    ticket = hotline.ticket()
    told = hotline.phone(VISITOR).hears(ticket.number)
    assert f"办理期限为{date(ticket)}" in told
    assert not ADDRESS.search(told)
