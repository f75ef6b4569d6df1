"""A page that is slow to arrive: it begins when all of it is there, and misses no ring."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visitors
from tests.browser.test_calls import at_desk, bar
from tests.harness import Hotline

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("only_calls")]
CALLER = "+8613800000001"
ALL_THAT_IS_DUE = "() => new Promise((done) => setTimeout(done))"


@pytest.mark.parametrize("late", ["vendor/hx-sse.min", "js/page", "js/refresh"])
def test_a_ring_reaches_a_page_one_script_of_which_came_late(
    hotline: Hotline, visitor: Visitors, late: str
) -> None:
    page = at_desk(visitor, "operator")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/{late}.js*", hold)
    with page.expect_request(f"**/{late}.js*"):
        page.goto(page.url, wait_until="commit")
    page.wait_for_function("() => window.htmx && document.getElementById('live')")
    page.evaluate(ALL_THAT_IS_DUE)
    assert page.locator("[data-htmx-powered]").count() == 0
    for route in held:
        route.continue_()
    expect(page.locator("#live[data-htmx-powered]")).to_be_attached()
    hotline.phone(CALLER).calls(patience=600)
    bar(page, "ringing", "振铃")
