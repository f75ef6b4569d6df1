"""Taking a matter down while somebody talks: lists, facts, likeness, and words that survive."""

import pytest
from playwright.sync_api import Page, expect

from hotline.core.db import transaction
from hotline.intake.form import IntakeForm
from hotline.intake.service import register
from hotline.staff import drafts
from hotline.tickets import demands, facts
from tests.browser.conftest import Visitors
from tests.harness import Hotline
from tests.people import Staff

pytestmark = pytest.mark.browser
TOLD = "演示工地拖欠三个月工资，包工头联系不上"
EARLIER = {
    "channel": "visit", "caller": "13800000001", "narrative": TOLD, "category": "A1",
    "region": "150102", "demand_type": "complaint", "confidential_level": 1,
}  # fmt: skip


def types(page: Page, place: str, *keys: str) -> None:
    """Go to a field and type into it, as a hand does."""
    page.locator(place).focus()
    for each in keys:
        if len(each) > 1 and each[0].isupper() and each.isascii():
            page.keyboard.press(each)
        else:
            page.keyboard.type(each)


def ticks(page: Page, place: str) -> None:
    """Choose one from the keyboard: what comes in meanwhile may move it from under a pointer."""
    page.locator(place).focus()
    page.keyboard.press("Space")


def test_a_matter_is_taken_down_in_the_order_of_speech(
    hotline: Hotline, staff: Staff, visitor: Visitors
) -> None:
    earlier = IntakeForm.read(EARLIER)
    old = transaction(lambda s: register(s, staff.operator, earlier, now=hotline.now).number)
    page = visitor().signs_in("operator").opens("/tickets/new").page
    types(page, "#f-narrative", "包工头还是不给工资")
    types(page, "#f-caller", "13800000001")
    expect(page.locator("#similar")).to_contain_text(old)
    types(page, "#f-category", "gcjs")  # initials
    expect(page.locator(".pick")).to_contain_text("A1 工程建设领域欠薪")
    page.keyboard.press("Enter")
    expect(page.locator("#f-category")).to_have_value("A1 工程建设领域欠薪")
    asked = page.locator("[name='facts.others_count']")
    expect(asked).to_be_hidden()
    ticks(page, "[name='facts.others'][value=yes]")
    asked.fill("12")
    ticks(page, "[name=unknown][value='facts.foreman']")
    expect(page.locator("[name='facts.foreman']")).to_be_disabled()
    ticks(page, "[name=demand_type][value=complaint]")
    types(page, "#f-region", "xcq", "Enter")
    expect(page.locator("#route")).to_contain_text("新城区总工会")
    types(page, "#f-employer", "演示建筑公司", "Tab")
    expect(page.locator("input[name=confidential_level][value='1']")).to_be_checked()
    types(page, "[name=demands]", "补发工资", "Enter", "赔偿金")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/tickets/2*")
    ticket = hotline.newest()
    assert [each.text for each in demands.of(hotline.session, ticket.id)] == ["补发工资", "赔偿金"]
    _, given = facts.of(hotline.session, ticket.id)
    assert given == {"others": True, "others_count": 12, "foreman": None}
    assert drafts.find(hotline.session, staff.operator.id or 0, "new") is None


def test_r12_words_survive_a_closed_browser_and_a_logout(
    hotline: Hotline, staff: Staff, visitor: Visitors
) -> None:
    """R12: typed, the window closed, another browser opened: the words stand there again."""
    first = visitor().signs_in("operator").opens("/tickets/new").page
    types(first, "#f-narrative", TOLD)
    types(first, "[name=demands]", "补发工资", "Enter", "赔偿金")
    expect(first.locator("[data-saved][data-where=server]")).to_be_visible()
    first.locator("[name=name]").focus()
    first.keyboard.type("演示职工甲")
    first.close(run_before_unload=True)  # within the pause: the page's last act is to tell
    again = visitor().signs_in("operator").opens("/tickets/new").page
    expect(again.locator("[data-restored]")).to_contain_text("已恢复")
    expect(again.locator("#f-narrative")).to_have_value(TOLD)
    expect(again.locator("[name=name]")).to_have_value("演示职工甲")
    assert again.locator("[name=demands]").evaluate_all("all => all.map(e => e.value)") == [
        "补发工资",
        "赔偿金",
    ]
    again.locator("[data-discard]").click()
    expect(again.locator("#f-narrative")).to_have_value("")
    other = visitor().signs_in("second_operator").opens("/tickets/new").page
    expect(other.locator("#f-narrative")).to_have_value("")


def test_r12_a_server_that_cannot_be_reached_costs_no_words(visitor: Visitors) -> None:
    """R12: what the server did not get stays in this browser until it does."""
    somebody = visitor().signs_in("operator").opens("/tickets/new")
    page = somebody.page
    page.route("**/drafts/**", lambda route: route.fulfill(status=503, body="{}"))
    page.route("**/intake/**", lambda route: route.fulfill(status=204))
    types(page, "#f-narrative", TOLD)
    expect(page.locator("[data-saved][data-where=here]")).to_be_visible()
    somebody.complaints.clear()
    page.goto("about:blank")
    page.unroute_all()
    somebody.opens("/tickets/new")
    expect(page.locator("#f-narrative")).to_have_value(TOLD)
    somebody.complaints.clear()  # the browser names each 503
