"""A recording in a real browser: a reason, then sound that can be sought, at day and at night."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from hotline.recordings.models import Recording
from tests.browser.conftest import DESK, PHONE, Visitors
from tests.harness import Hotline

pytestmark = pytest.mark.browser
STEP = dt.timedelta(seconds=5)


@pytest.fixture
def page_of_call(hotline: Hotline) -> str:
    """Let somebody leave a message; return the address of the call's page."""
    hotline.phone("+8613800000001").calls(
        says=["老板拖欠我三个月工资"], presses={"按1留言": "1"}, patience=300
    )
    hotline.forward(STEP, seconds=90)
    (row,) = hotline.session.scalars(select(Recording))
    return f"/calls/{row.call_id}"


def opened(page: Page) -> None:
    """Type a reason and wait for the player."""
    page.get_by_label("收听原因").fill("回拨前核对诉求")
    page.get_by_role("button", name="收听").click()
    page.wait_for_selector("audio")


def test_the_player_plays_and_is_sought(visitor: Visitors, page_of_call: str) -> None:
    person = visitor().signs_in("operator").opens(page_of_call)
    page = person.page
    expect(page.locator("audio")).to_have_count(0)
    opened(page)
    page.evaluate("() => { document.querySelector('audio').muted = true; }")
    page.locator("[data-outline]").click(position={"x": 100, "y": 20})
    page.wait_for_function("() => document.querySelector('audio').readyState > 0")
    length = page.evaluate("() => document.querySelector('audio').duration")
    assert length == pytest.approx(
        float(page.locator("audio").get_attribute("data-length") or 0), abs=0.1
    )
    page.wait_for_function(
        "() => Number(document.querySelector('[data-played]').getAttribute('width')) > 0"
    )
    page.reload()
    page.wait_for_selector("audio")  # the reason holds for the session


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_player_fits(
    visitor: Visitors, page_of_call: str, viewport: dict[str, int], *, dark: bool
) -> None:
    page = visitor(viewport=viewport, dark=dark).signs_in("supervisor").opens(page_of_call).page
    opened(page)
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= viewport["width"]
    box = page.locator(".recording").bounding_box()
    assert box is not None
    assert box["width"] > 250
