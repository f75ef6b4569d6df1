"""Keys reach what is not on the screen, and open what is folded its first field in hand."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.harness import Hotline

pytestmark = pytest.mark.browser


def test_keys_reach_what_no_menu_shows_and_open_what_is_folded(
    hotline: Hotline, visitor: Visitors
) -> None:
    hotline.phone("+8613800000001").texts("演示工地拖欠三个月工资")
    number = hotline.ticket().number
    page = visitor().signs_in("operator").opens(f"/tickets/{number}").page
    page.keyboard.press("l")
    expect(page.locator("#f-other")).to_be_focused()
    page.locator("#f-other").blur()
    page.keyboard.press("g")
    page.keyboard.press("g")
    page.wait_for_url("**/campaigns")
    page.keyboard.press("c")
    page.wait_for_url("**/tickets/new")
