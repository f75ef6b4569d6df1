"""The leader's page: numbers with their rows, half a month beside half a month, hot employers."""

import datetime as dt

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
