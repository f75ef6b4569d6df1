"""An operator's day at the desk, told with a browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitors
from tests.harness import Hotline

pytestmark = pytest.mark.browser
CALLER = "+8613800000001"


def test_a_call_is_answered_registered_taken_and_resolved_without_a_mouse(
    hotline: Hotline, visitor: Visitors
) -> None:
    page = visitor().signs_in("operator").page
    page.keyboard.press("F8")
    expect(page.locator("#callbar.is-ready")).to_be_visible()

    hotline.phone(CALLER).calls(says=["老板拖欠我三个月工资", "我在新城区工地"], patience=600)
    expect(page.locator("#callbar.is-ringing")).to_be_visible()

    presses(page, "F2", "answer")
    hotline.forward(seconds=3)
    expect(page.locator("#callbar.is-talking")).to_be_visible()
    hotline.forward(seconds=10)
    expect(page.locator("#words")).to_contain_text("老板拖欠我三个月工资")

    fill_in(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#about")).to_contain_text("261123-0001")
    presses(page, "Control+F2 Control+F2", "hang-up")
    hotline.forward(seconds=3)
    expect(page.locator("#callbar.is-ready")).to_be_visible()
    hotline.phone(CALLER).hears("261123-0001")

    page.goto(f"{page.url.rsplit('/', 1)[0]}/tickets/261123-0001")
    take(page)
    resolve(page)
    expect(page.locator(".ticket-head")).to_contain_text("已办结")
    hotline.settle()
    hotline.phone(CALLER).hears("有了结果")


def presses(page: Page, keys: str, address: str) -> None:
    """Press *keys*, wait until the hotline has taken it."""
    with page.expect_response(f"**/{address}"):
        for key in keys.split():
            page.keyboard.press(key)


def fill_in(page: Page) -> None:
    """Write the matter down from the keyboard, field by field."""
    page.locator("#f-narrative").focus()
    page.keyboard.type("工地拖欠三个月工资，希望尽快拿到。")
    page.keyboard.press("Tab")
    page.keyboard.type("A1")
    page.locator("input[name=demand_type][value=inquiry]").focus()
    page.keyboard.press("Space")
    page.locator("#f-region").focus()
    page.keyboard.type("150102")
    page.locator("input[name=confidential_level][value='0']").focus()
    page.keyboard.press("Space")


def opens_form(page: Page) -> None:
    """Press the main key, and have its form."""
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#move-form form")


def take(page: Page) -> None:
    """Take the ticket: the main button, then its form."""
    opens_form(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".ticket-head")).to_contain_text("办理中")


def resolve(page: Page) -> None:
    """Resolve it with an answer."""
    opens_form(page)
    page.keyboard.type("已协调总包补发工资。")
    page.locator("input[name=result_code][value=solved]").focus()
    page.keyboard.press("Space")
    page.locator("input[name='contact.way'][value=call]").focus()
    page.keyboard.press("Space")
    page.locator("[name='contact.note']").focus()
    page.keyboard.type("已电话联系本人。")
    page.keyboard.press("Control+Enter")
