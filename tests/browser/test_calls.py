"""The call bar at work: two operators and a supervisor, from the keyboard."""

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from hotline.staff import queries as staff_queries
from hotline.staff.presence import PresenceState
from tests.browser.conftest import DESK, PHONE, Visitors
from tests.browser.test_pages import barriers, overflow
from tests.harness import Hotline
from tests.people import Staff

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("only_calls")]
CALLER = "+8613800000001"
SOON = dt.timedelta(seconds=1)
LATER = dt.timedelta(seconds=20)


def bar(page: Page, state: str, label: str = "") -> None:
    """Wait until the call bar of *page* is in *state*, and says *label*."""
    expect(page.locator(f"#callbar.is-{state}")).to_be_visible()
    expect(page.locator("#callbar .state")).to_contain_text(label)


def at_desk(visitor: Visitors, login: str, **screen: Any) -> Page:
    """Sign in and be ready, the checks of the shift passed."""
    page = visitor(**screen).signs_in(login).opens("/desk").page
    page.keyboard.press("F8")
    bar(page, "ready", "就绪")
    return page


def does(hotline: Hotline, page: Page, keys: str, address: str) -> None:
    """Press *keys*, and let the carrier do what was asked."""
    with page.expect_response(f"**/{address}"):
        for key in keys.split():
            page.keyboard.press(key)
    hotline.forward(SOON, seconds=2)


def in_call(hotline: Hotline, visitor: Visitors, **screen: Any) -> Page:
    """Let an operator answer a caller."""
    page = at_desk(visitor, "operator", **screen)
    hotline.phone(CALLER).calls(says=["老板拖欠我三个月工资"], patience=600)
    bar(page, "ringing", "振铃")
    does(hotline, page, "F2", "answer")
    bar(page, "talking", "通话中")
    return page


def test_a_call_is_held_consulted_joined_and_handed_over(
    hotline: Hotline, visitor: Visitors
) -> None:
    page = in_call(hotline, visitor)
    expect(page.locator("#callbar .recording")).to_be_visible()
    page.locator("#f-narrative").dispatch_event("keydown", {"key": "F4", "isComposing": True})
    bar(page, "talking", "通话中")

    does(hotline, page, "F4", "hold")
    bar(page, "held", "保持中")
    hotline.forward(LATER, seconds=61)
    page.reload()  # its clock is the hotline's own, which stood still for the page
    expect(page.locator("#callbar .state [data-level=warn]")).to_be_visible()
    does(hotline, page, "F4", "resume")
    bar(page, "talking", "通话中")
    does(hotline, page, "F8", "mute")
    expect(page.locator("#callbar .parties")).to_contain_text("已静音")
    does(hotline, page, "F8", "unmute")

    colleague = at_desk(visitor, "second_operator")
    page.keyboard.press("F9")
    expect(page.locator("#reach-search")).to_be_focused()
    expect(page.locator(".targets li").first).to_contain_text("second_operator就绪")
    page.keyboard.type("second_op")
    does(hotline, page, "Enter", "consult")
    expect(page.locator("#reach-dialog")).to_be_hidden()
    bar(page, "held", "咨询中")
    expect(page.locator("#callbar .parties")).to_contain_text("second_operator 已接通")
    bar(colleague, "talking", "协助通话")
    does(hotline, page, "Shift+F9", "join")
    bar(page, "talking", "三方通话")
    does(hotline, page, "F9", "complete")
    bar(page, "ready", "就绪")
    bar(colleague, "talking", "通话中")

    does(hotline, colleague, "Control+F2 Control+F2", "hang-up")
    bar(colleague, "wrap_up", "话后整理")
    _finds_what_is_missing(colleague)
    left = colleague.locator("#callbar [data-until]").get_attribute("data-until") or ""
    does(hotline, colleague, "Shift+F8", "extend")
    longer = f"#callbar [data-until]:not([data-until='{left}'])"
    expect(colleague.locator(longer)).to_be_visible()
    expect(colleague.locator("#longer")).to_contain_text("再延 30 秒")


def _finds_what_is_missing(page: Page) -> None:
    links = page.locator("#callbar .missing a:not([hidden])")
    expect(links).to_have_text(["诉求内容", "诉求分类", "所在地", "诉求类型", "保密要求"])
    links.last.click()
    expect(page.locator("[name=confidential_level]").first).to_be_focused()
    page.keyboard.press("Space")
    expect(links).to_have_count(4)
    links.first.click()
    page.keyboard.type("拖欠工资")
    expect(links).to_have_text(["诉求分类", "所在地", "诉求类型"])


def test_a_desk_that_is_drawn_anew_leaves_the_focus_where_it_is(
    hotline: Hotline, visitor: Visitors
) -> None:
    page = in_call(hotline, visitor)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/desk", hold)
    with page.expect_request("**/desk"):
        page.evaluate("htmx.trigger(document.body, 'resync')")
    field = page.locator("[name=confidential_level]").first
    field.focus()
    page.evaluate("document.querySelector('#desk').dataset.old = 'yes'")
    with page.expect_response("**/desk"):
        held[0].continue_()
    expect(page.locator("#desk[data-old]")).to_have_count(0)
    expect(field).to_be_focused()


def test_a_caller_is_put_through_to_whoever_the_directory_has(
    hotline: Hotline, visitor: Visitors
) -> None:
    page = in_call(hotline, visitor)
    page.keyboard.press("F9")
    page.locator("#reach-search").fill("法律服务")
    shown = page.locator(".targets li:not([hidden])")
    expect(shown).to_have_count(1)
    does(hotline, page, "Alt+z", "transfer")
    bar(page, "wrap_up", "话后整理")


def test_a_supervisor_listens_whispers_speaks_and_takes_over(
    hotline: Hotline, visitor: Visitors
) -> None:
    page = in_call(hotline, visitor)
    does(hotline, page, "Shift+F9", "help")
    lead = visitor().signs_in("supervisor").opens("/board").page
    expect(lead.locator(".alarm")).to_contain_text("operator 请求班长旁听支援")
    lead.locator(".alarm button", has_text="旁听").click()
    signs = page.locator("#callbar .parties")
    for button, seen in (
        ("", "班长旁听中"),
        ("耳语", "班长在对您耳语"),
        ("插话", "班长已加入通话"),
    ):
        if button:
            lead.locator("#live-calls button", has_text=button).click()
            lead.wait_for_timeout(100)
        hotline.forward(SOON, seconds=2)
        expect(signs).to_contain_text(seen)
    lead.locator("#live-calls button", has_text="退出").click()
    expect(signs).to_have_count(0)
    expect(lead.locator("#live-calls button", has_text="旁听")).to_be_visible()

    lead.locator("#broadcast-text").fill("系统十点维护")
    lead.keyboard.press("Enter")
    expect(page.locator(".alarm")).to_contain_text("系统十点维护")
    page.locator(".alarm button").click()
    expect(page.locator(".alarm")).to_have_count(0)

    lead.locator("#live-calls button", has_text="旁听").click()
    lead.wait_for_timeout(100)
    hotline.forward(SOON, seconds=2)
    lead.locator("#live-calls button", has_text="接管").click()
    bar(page, "ready", "就绪")


def test_a_crisis_is_one_press(hotline: Hotline, visitor: Visitors) -> None:
    lead = visitor().signs_in("supervisor").opens("/tickets").page
    page = in_call(hotline, visitor)
    page.keyboard.press("Alt+c")
    expect(lead.locator(".alarm.tone-act")).to_contain_text("危机来电", timeout=3000)
    card = page.locator("#crisis")
    expect(card).to_contain_text(CALLER)
    page.locator("#crisis-place").fill("新城区塔吊")
    page.keyboard.press("Enter")
    expect(card.locator(".seconds")).to_contain_text("地点：新城区塔吊")
    card.locator("button", has_text="110").click()
    page.wait_for_timeout(100)
    hotline.forward(SOON, seconds=3)
    expect(page.locator("#callbar .parties")).to_contain_text("公安")
    expect(card.locator(".seconds")).to_contain_text("呼叫第三方")
    page.locator("#outside textarea").fill("民警已出发")
    page.locator("#outside button").click()
    expect(page.locator("#outside .said")).to_have_text("民警已出发")


def test_a_missed_ring_a_break_and_a_browser_that_is_gone(
    hotline: Hotline, visitor: Visitors, staff: Staff
) -> None:
    page = at_desk(visitor, "operator")
    hotline.phone(CALLER).calls(patience=50)
    bar(page, "ringing")
    page.keyboard.press("Shift+F2")
    expect(page.locator("#callbar .menu-lines")).to_contain_text("与来电人有利害关系")
    page.keyboard.press("Escape")
    hotline.forward(LATER, seconds=40)
    bar(page, "away", "未应答")
    hotline.forward(LATER, seconds=30)  # nobody else is there, and the caller gives up
    page.keyboard.press("F8")
    bar(page, "ready")
    page.keyboard.press("Shift+F8")
    expect(page.locator("#callbar .menu-lines")).to_be_visible()
    page.keyboard.press("2")
    bar(page, "away", "小休")
    expect(page.locator("#callbar .who")).to_contain_text("就餐")
    page.keyboard.press("F8")
    bar(page, "ready")
    page.goto("about:blank")
    hotline.forward(LATER, seconds=200)
    seat = staff_queries.presence(hotline.session, staff.operator.id or 0)
    assert seat
    assert seat.state is PresenceState.OFFLINE


@pytest.mark.parametrize("screen", [{"viewport": DESK}, {"viewport": PHONE, "dark": True}])
def test_no_state_of_the_bar_bars_the_way(
    hotline: Hotline, visitor: Visitors, screen: dict[str, Any]
) -> None:
    page = in_call(hotline, visitor, **screen)
    faults = {}

    def look(state: str) -> None:
        if found := [*barriers(page), *overflow(page)]:
            faults[state] = found

    look("talking")
    does(hotline, page, "F4", "hold")
    bar(page, "held")
    look("held")
    does(hotline, page, "Alt+c", "crisis")
    expect(page.locator("#crisis")).to_be_visible()
    does(hotline, page, "Control+F2 Control+F2", "hang-up")
    bar(page, "wrap_up")
    look("crisis, then wrap-up")
    assert faults == {}
