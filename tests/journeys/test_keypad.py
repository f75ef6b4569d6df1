"""What callers press: where a matter stands, and whether it helped."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from hotline.calls.models import Call
from hotline.calls.states import EndState
from hotline.telephony import profile
from tests.harness import Hotline

CALLER = "+8613800000001"


@pytest.fixture(params=list(profile.PROFILES), autouse=True)
def carrier_profile(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    """Have the carrier know all, or the least there is."""
    profile.use(request.param)
    yield request.param
    profile.use("full")


def the_call(hotline: Hotline) -> Call:
    """Return the only call there is."""
    return hotline.session.scalars(select(Call)).one()


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
