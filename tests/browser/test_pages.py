"""Every page, at a desk and on a telephone, by day and by night: nothing bars anybody's way."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from hotline.core.db import transaction
from hotline.reports import walls
from tests.browser.conftest import DESK, PHONE, Visitors
from tests.harness import Hotline
from tests.people import Staff

pytestmark = pytest.mark.browser
A4 = {"width": 794, "height": 1123}
WORKER = "+8613800000001"
NUMBER = "261123-0001"

PAGES = {
    "operator": (
        "/desk",
        "/tickets?view=all",
        "/tickets?view=overdue",
        f"/tickets/{NUMBER}",
        f"/tickets/{NUMBER}/edit",
        "/tickets/new",
        "/calls",
        "/callbacks",
        "/messages",
        "/notices",
        "/account",
        "/roster/mine",
        "/tickets/000000-0000",
    ),
    "supervisor": (
        "/board",
        "/masses",
        "/inspection",
        f"/tickets/{NUMBER}/merge",
        "/board/walls",
        "/cockpit",
        "/rates?group_by=operator",
        "/reports?kind=month",
        "/bulletins",
        "/staffing",
        "/roster",
        "/knowledge?view=waiting",
        "/knowledge/1",
        "/knowledge/1/edit",
        "/knowledge/missed",
        "/knowledge/laws",
        "/stations",
        "/stations/new",
        "/phrases",
        "/phrases/new",
        "/campaigns/new",
        "/tags",
        "/macros",
        "/macros/new",
    ),
    "surveyor": ("/surveys", "/surveys/checks", "/surveys/opt-outs"),
}
SCREENS = {"desk by day": (DESK, False), "telephone at night": (PHONE, True)}


@pytest.fixture
def busy(hotline: Hotline) -> Hotline:
    """Give the hotline something to show: a ticket, a call that was missed, a notice."""
    hotline.phone(WORKER).texts("演示工地拖欠三个月工资")
    hotline.phone("+8613800000002").calls(patience=30)
    hotline.forward(minutes=2)
    return hotline


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("login", PAGES)
@pytest.mark.usefixtures("busy")
def test_no_page_bars_the_way(visitor: Visitors, login: str, screen: str) -> None:
    viewport, dark = SCREENS[screen]
    somebody = visitor(viewport=viewport, dark=dark).signs_in(login)
    faults = {}
    for path in PAGES[login]:
        page = somebody.opens(path).page
        page.wait_for_load_state("load")
        if found := [*barriers(page), *overflow(page)]:
            faults[path] = found
    visitor.complaints[:] = [said for said in visitor.complaints if "404" not in said]
    assert faults == {}


@pytest.mark.usefixtures("busy")
def test_what_is_printed_lies_on_its_page_and_nothing_lies_on_it(visitor: Visitors) -> None:
    page = visitor(viewport=A4).signs_in("supervisor").opens("/rates").page
    page.emulate_media(media="print")
    for bar in (".skip", ".top", ".nav", ".flashes"):
        expect(page.locator(bar).first).not_to_be_visible()
    table, room = (
        page.evaluate("""[document.querySelector(".rates"), document.querySelector(".card")]
        .map(each => each.getBoundingClientRect().width)""")
    )
    assert table <= room


STALE = """() => {
  document.querySelector("#stopped").hidden = false;
  document.querySelector("#wall").classList.add("stale");
  return [document.documentElement.scrollHeight, innerHeight];
}"""


@pytest.mark.parametrize("screen", [{"width": 1920, "height": 1080}, DESK, PHONE])
@pytest.mark.usefixtures("busy")
def test_the_wall_fits_its_screen_with_the_banner_that_says_it_is_old(
    hotline: Hotline, staff: Staff, visitor: Visitors, screen: dict[str, int]
) -> None:
    """Nobody scrolls a screen that hangs in a room."""
    secret = transaction(
        lambda session: walls.hang(session, "大厅", actor=staff.supervisor, now=hotline.now)
    )
    page = visitor(viewport=screen).opens(f"/wall/{secret}").page
    page.wait_for_load_state("load")
    assert [*barriers(page), *overflow(page)] == []
    tall, room = page.evaluate(STALE)
    assert tall <= room


def barriers(page: Page) -> list[str]:
    """Return what axe finds: each rule with the first element that breaks it."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


def overflow(page: Page) -> list[str]:
    """Return by how much the page is wider than the screen."""
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{wide} px on {screen}"] if wide > screen else []
