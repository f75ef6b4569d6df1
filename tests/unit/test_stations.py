"""Stations without a database: hours as on the door, nearness by codes, what asks for them."""

import datetime as dt

import pytest

from hotline.calls.hours import HOLIDAY, MAKEUP, Hours, Span, is_open
from hotline.core.errors import Invalid
from hotline.core.language import zone
from hotline.deadlines.arithmetic import Calendar
from hotline.intake import meaning
from hotline.intake.meaning import Meaning, Situation
from hotline.stations import asking, hours, nearness, sheet

WEEKDAY, NOON = (540, 1050), 720


@pytest.mark.parametrize(
    ("text", "days", "spans"),
    [
        ("周一至周五 9:00-17:30", {0, 1, 2, 3, 4, MAKEUP}, {WEEKDAY}),
        ("周一到五 09：00—12:00、14:00~17:30", {0, 1, 2, 3, 4, MAKEUP}, {(540, 720), (840, 1050)}),
        ("每天 全天", {*range(HOLIDAY + 1), MAKEUP}, {(0, 1440)}),
        ("周六 10:00-14:00；节假日 10:00-14:00", {5, HOLIDAY}, {(600, 840)}),
        ("星期日 9:00-17:30", {6}, {WEEKDAY}),
    ],
)
def test_hours_are_read_as_they_hang_on_the_door(
    text: str, days: set[int], spans: set[tuple[int, int]]
) -> None:
    found = hours.read(text)
    assert {span.weekday for span in found} == days
    assert {(span.opens, span.closes) for span in found} == spans


@pytest.mark.parametrize(
    "text",
    ["", "9:00-17:30", "周一至周五", "周一 17:00-9:00", "周一 9:00-25:00", "周一 9:70-10:00",
     "工作日上午", "周一 全天 9:00-10:00", "周五至周一 9:00-10:00"],
)  # fmt: skip
def test_hours_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the part that cannot be read is the message
        hours.read(text)


def test_a_holiday_is_closed_unless_it_is_named() -> None:
    day = dt.date(2026, 10, 1)
    calendar = Calendar(names={day: "国庆节"})
    noon = dt.datetime.combine(day, dt.time(12), zone())
    assert not is_open(Hours(hours.read("周一至周五 9:00-17:30"), calendar), noon)
    assert is_open(Hours(hours.read("每天 9:00-17:30"), calendar), noon)
    assert Span(MAKEUP, *WEEKDAY) in hours.read("周一至周五 9:00-17:30")


def test_the_nearest_is_in_the_same_banner() -> None:
    here = "150105"
    near = ["150105", "150100", "150000", "150102"]
    assert [nearness.steps(code, here) for code in near] == [0, 2, 3, 4]
    assert nearness.steps("150105", "150100") < nearness.steps("150000", "150100")
    assert nearness.within("150100") == ("150100", "150199")
    assert nearness.within("150000") == ("150000", "159999")


@pytest.mark.parametrize(
    ("told", "category", "asks"),
    [
        ("送餐的，附近哪里有驿站歇脚", None, True),
        ("想问法律援助在哪里办", None, True),
        ("老板三个月没发工资", "A2", False),
        ("想休息一下", "I5", True),
    ],
)
def test_whether_a_place_is_asked_for(told: str, category: str | None, asks: bool) -> None:
    assert asking.asks(told, category) == asks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("驿站 赛罕区", Meaning.STATION),
        ("工会驿站", Meaning.STATION),
        ("驿站不让我进", Meaning.MATTER),
        ("快递驿站欠我工资", Meaning.MATTER),
    ],
)
def test_an_sms_asks_for_a_station_only_where_nothing_else_is_said(
    text: str, found: Meaning
) -> None:
    assert meaning.decide(meaning.read(text, Situation())) is found


HEAD = "种类,名称,地区,地址,电话,开放时间,从,到\n"
REGIONS = {"赛罕区": "150105", "150105": "150105"}


def test_a_table_is_read_row_by_row_and_each_fault_is_named() -> None:
    rows = sheet.read(
        "\ufeff" + HEAD + "工会驿站,演示甲,赛罕区,演示路1号,,每天 全天,2026-01-01,\n"
        "\n驿站,演示乙,包头,演示路2号,,随便,2026-13-01,昨天\n"
        "热线电话,演示丙,150105,,,每天 全天,2026-01-01,\n",
        REGIONS,
    )
    assert [row.line for row in rows] == [2, 4, 5]
    assert rows[0].facts is not None
    assert rows[0].facts.region_code == "150105"
    assert set(rows[1].faults) == {"kind", "region_code", "valid_from", "valid_to"}
    assert set(rows[2].faults) == {"address"}


@pytest.mark.parametrize("text", ["", "名称,地区\n甲,赛罕区", HEAD, HEAD + "甲,,,,,,,\n" * 1001])
def test_what_is_no_table_of_stations_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        sheet.read(text, REGIONS)
