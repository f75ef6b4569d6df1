"""A page whose live stream is refused says that it is behind, and comes back by itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from hotline.web.streams import Hub
from tests.browser.conftest import Visitors
from tests.harness import Hotline

pytestmark = pytest.mark.browser
SOON = 5_500  # ms: a page that cannot listen asks every five seconds


@pytest.fixture
def hub(hotline: Hotline, visitor: Visitors) -> Iterator[Hub]:
    """Give the streams of this process; that a browser tells of a refusal is no complaint."""
    yield hotline.app.extensions["hotline_live"]
    visitor.complaints[:] = [each for each in visitor.complaints if "503" not in each]


def comes_back(page: Page, hub: Hub, hotline: Hotline) -> None:
    """See the page stand behind until there is room again, and hear news then."""
    expect(page.locator("#connection-lost")).to_be_visible()
    hub._most = 100
    expect(page.locator("#connection-lost")).to_be_hidden(timeout=SOON)
    hotline.phone("+8613800000001").texts("演示工地拖欠三个月工资")
    expect(page.locator("[data-shown-on=tickets]")).to_be_visible()


def test_a_page_that_finds_no_room_takes_the_next(
    hotline: Hotline, hub: Hub, visitor: Visitors
) -> None:
    hub._most = 0
    page = visitor().signs_in("operator").opens("/tickets").page
    comes_back(page, hub, hotline)


def test_a_page_that_loses_its_place_takes_the_next(
    hotline: Hotline, hub: Hub, visitor: Visitors
) -> None:
    page = visitor().signs_in("operator").opens("/tickets").page
    while not hub._streams:
        page.wait_for_timeout(50)
    hub._most = 0
    for stream in list(hub._streams):
        stream.close()
    page.wait_for_timeout(8_000)  # the longer it lasted, the later htmx alone would ask
    comes_back(page, hub, hotline)
