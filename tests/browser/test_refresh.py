"""A page that refreshes itself while somebody works on it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitors
from tests.harness import Hotline

pytestmark = pytest.mark.browser
WORKER = "+8613800000001"


@pytest.fixture
def page(hotline: Hotline, visitor: Visitors) -> Page:
    """Open a ticket as somebody who may take it."""
    hotline.phone(WORKER).texts("演示工地拖欠三个月工资")
    found = visitor().signs_in("operator").opens(f"/tickets/{hotline.ticket().number}").page
    found.wait_for_load_state()
    return found


def news(page: Page) -> None:
    """Let the ticket's part of the page be asked for again."""
    page.evaluate("htmx.trigger(document.body, 'resync')")


def test_a_press_that_meets_a_refresh_is_not_lost(page: Page) -> None:
    button = page.locator(".moves .button").first
    button.evaluate("button => { button.dataset.old = 'yes' }")
    button.hover()
    page.mouse.down()
    news(page)
    page.wait_for_timeout(150)
    expect(page.locator(".moves [data-old]")).to_be_visible()
    page.mouse.up()
    expect(page.locator("#move-form form")).to_be_visible()
    expect(page.locator(".moves [data-old]")).to_have_count(0)


def test_what_is_being_typed_is_not_swapped_away(page: Page) -> None:
    note = page.locator("#note-text")
    note.focus()
    page.keyboard.type("正在写")
    page.evaluate("document.querySelector('.ticket-head').dataset.old = 'yes'")
    news(page)
    page.wait_for_timeout(150)
    expect(page.locator(".ticket-head[data-old]")).to_be_visible()
    note.blur()
    expect(page.locator(".ticket-head[data-old]")).to_have_count(0)
    expect(note).to_have_value("正在写")
