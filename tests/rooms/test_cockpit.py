"""The leader's page: numbers with their rows, half a month beside half a month, hot employers."""

import datetime as dt
import re
from html import unescape
from urllib.parse import parse_qsl

from hotline.bulletins import periods
from hotline.bulletins.periods import PeriodKind
from hotline.reports import cockpit
from tests.harness import Hotline
from tests.people import Staff
from tests.rooms.browsing import Browsers


def test_a_period_is_compared_with_as_many_days_of_the_one_before() -> None:
    today = dt.date(2026, 11, 23)
    november = periods.of(PeriodKind.MONTH, today)
    now, before = cockpit.questions_of(november, None, today)
    assert (now.first, now.last) == (november.first, today)
    assert (before.first, before.last) == (dt.date(2026, 10, 1), dt.date(2026, 10, 23))
    march = periods.of(PeriodKind.MONTH, dt.date(2026, 3, 30))
    _, february = cockpit.questions_of(march, None, dt.date(2026, 3, 30))
    assert february.last == dt.date(2026, 2, 28), "no day of the period itself"
    _, whole = cockpit.questions_of(november.before, None, today)
    assert (whole.first, whole.last) == (dt.date(2026, 9, 1), dt.date(2026, 9, 30))


HEAT = re.compile(r'<table class="heat">.*?</table>', re.DOTALL)
CELL = re.compile(r'<td class="heat-(\d)"><a href="([^"]+)">(\d+)</a>')
ROW = re.compile(r'<th scope="row">\s*<a href="(/calls/\d+)">')


def test_each_cell_of_the_hours_opens_the_calls_that_it_counts(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    for n in range(3):  # on Monday at ten
        hotline.phone(f"+861380000000{n}").calls(patience=20)
    hotline.forward(hours=26)
    hotline.phone("+8613800000009").calls(patience=20)
    hotline.forward(minutes=5)
    page = browser()
    page.signs_in("supervisor")
    shown = page.get("/cockpit?kind=week&on=2026-11-23").get_data(as_text=True)
    (table,) = HEAT.findall(shown)
    cells = [(int(n), unescape(address), int(shade)) for shade, address, n in CELL.findall(table)]
    assert [(n, shade) for n, _, shade in cells] == [(3, 5), (1, 2)]
    assert "hour=10&weekday=0" in cells[0][1]
    assert "hour=12&weekday=1" in cells[1][1]
    for n, address, _ in cells:
        told = page.get(address).get_data(as_text=True)
        calls = ROW.findall(told)
        assert len(calls) == n
        assert all(page.get(call).status_code == 200 for call in calls)
        path, _, query = address.partition("?")
        asked = dict(parse_qsl(query))
        assert len(hotline.api(staff.supervisor).get(path, **asked)["items"]) == n
    assert "时段 10:00–11:00" in page.get(cells[0][1]).get_data(as_text=True)
    assert "星期 周一" in page.get(cells[0][1]).get_data(as_text=True)
    assert "周二" in page.get(cells[1][1].replace("/rows", "")).get_data(as_text=True)
    elsewhere = cells[0][1].replace("weekday=0", "weekday=2")
    assert not ROW.findall(page.get(elsewhere).get_data(as_text=True))
    assert page.get(elsewhere.replace("weekday=2", "weekday=7")).status_code == 422
    assert page.get("/rates?weekday=1").status_code == 422


def test_the_leader_sees_where_it_burns(hotline: Hotline, staff: Staff, browser: Browsers) -> None:
    for n in range(3):
        hotline.phone(f"+861380000000{n}").calls(patience=20)
    names = ["演示建筑公司"] * 3 + ["演示餐饮店"] * 2
    page = browser()
    page.signs_in("operator")
    for n, name in enumerate(names):
        made = page.post(
            "/tickets", channel="visit", subject=f"欠薪 {n}", narrative="三个月没有发工资",
            category="A1", demand_type="complaint", region="150102", confidential_level="1",
            employer=name, urgency="normal", anonymous="1",
        )  # fmt: skip
        assert made.status_code == 303, made.get_data(as_text=True)
    hotline.forward(minutes=5)
    lead = browser()
    lead.signs_in("supervisor")
    shown = lead.get("/cockpit?kind=day").get_data(as_text=True)
    assert "演示建筑公司" in shown
    assert "演示餐饮店" not in shown
    assert "/rates/rows?fact=calls_answered&amp;from=2026-11-23" in shown
    special = lead.get("/reports/special?category=A1&from=2026-11-23&to=2026-11-23")
    told = special.get_data(as_text=True)
    assert "演示建筑公司" in told
    assert "演示餐饮店" not in told
    assert "C1 人工接通率" not in told, "a call has no category"
    banners = lead.get("/cockpit/places/150100?kind=day").get_data(as_text=True)
    assert "region=150102" in banners
    assert lead.get("/cockpit/places/999999").status_code == 404
    assert lead.get("/cockpit?kind=hour").status_code == 422
    assert lead.get("/cockpit?on=x").status_code == 422
    empty = lead.get("/cockpit?kind=day&on=2026-01-05").get_data(as_text=True)
    assert "本期没有受理工单" in empty
