"""The page as a telephone: the start of a shift, the one tab that rings, the browser line."""

import pytest
from playwright.sync_api import Page, expect

from hotline.staff import queries as staff_queries
from hotline.staff.presence import Line, PresenceState
from tests.browser.conftest import Visitors
from tests.harness import Hotline
from tests.people import Staff

pytestmark = pytest.mark.browser
CALLER = "+8613800000001"

#: The carrier's SDK as far as our driver knows it: the same names, events and states.
SDK = """
class Speaker {
  constructor() { this.heard = {}; }
  on(name, listener) { (this.heard[name] ??= []).push(listener); }
  emit(name, ...told) { for (const listener of this.heard[name] ?? []) listener(...told); }
}
class Call extends Speaker {
  constructor() { super(); this.now = "pending"; this.muted = false; }
  status() { return this.now; }
  accept() { this.now = document.documentElement.dataset.leg = "open"; this.emit("accept"); }
  mute(on) { this.muted = on; }
}
class Device extends Speaker {
  constructor(token, options) {
    super();
    window.device = Object.assign(this, { token, options });
  }
  async register() { this.state = "registered"; this.emit("registered"); }
  updateToken(token) { this.token = token; }
  destroy() { this.state = "destroyed"; }
  rings() { this.call = new Call(); this.emit("incoming", this.call); }
}
window.Twilio = { Device };
"""


@pytest.fixture
def keyed(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> Hotline:
    """Give the hotline an API key of its carrier, and so a browser line."""
    settings = hotline.settings.model_copy(
        update={
            "twilio_api_key": "SK" + "0" * 32,
            "twilio_api_secret": type(hotline.settings.secret_key)("s" * 32),
        }
    )
    monkeypatch.setattr(hotline.app.extensions["hotline"], "settings", settings)
    return hotline


def telephone(page: Page, where: str) -> None:
    """Wait until *page* is the telephone, or says that another tab is."""
    page.wait_for_selector(f"html[data-telephone={where}]")


def test_a_shift_begins_with_ring_network_and_line(visitor: Visitors) -> None:
    page = visitor().signs_in("operator").page
    page.keyboard.press("F8")
    expect(page.locator("#shift")).to_be_visible()
    for check in ("sound", "network", "line"):
        expect(page.locator(f"[data-check={check}][data-result=good]")).to_have_count(1)
    expect(page.locator("[data-check=network] output")).to_contain_text("ms")
    expect(page.locator("[data-check=microphone]")).to_be_hidden()
    expect(page.locator("#callbar.is-ready")).to_be_visible()
    page.keyboard.press("Shift+F8")
    page.keyboard.press("1")
    expect(page.locator("#callbar.is-away")).to_be_visible()
    page.keyboard.press("F8")
    expect(page.locator("#callbar.is-ready")).to_be_visible()


def test_a_network_that_is_gone_is_said_before_the_shift(visitor: Visitors) -> None:
    somebody = visitor()
    page = somebody.signs_in("operator").page
    page.route("**/healthz", lambda route: route.abort())
    page.keyboard.press("F8")
    expect(page.locator("[data-check=network] output")).to_have_text("连不上服务器")
    page.locator("[data-anyway]").click()
    expect(page.locator("#callbar.is-ready")).to_be_visible()
    somebody.complaints.clear()  # the browser's own word on the request that failed


def test_one_tab_rings_and_another_can_take_over(hotline: Hotline, visitor: Visitors) -> None:
    page = visitor().signs_in("operator").opens("/desk").page
    telephone(page, "here")
    page.keyboard.press("F8")
    expect(page.locator("#callbar.is-ready")).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    telephone(other, "elsewhere")
    expect(other.locator(".elsewhere")).to_contain_text("电话在另一标签页")
    page.reload()
    telephone(page, "here")

    hotline.phone(CALLER).calls(says=["欠薪"], patience=600)
    for tab in (page, other):
        expect(tab.locator("#callbar.is-ringing")).to_be_visible()
    expect(page).to_have_title("有来电")
    expect(other).not_to_have_title("有来电")

    other.locator("[data-take-telephone]").click()
    telephone(other, "here")
    telephone(page, "elsewhere")
    expect(other).to_have_title("有来电")
    expect(page).not_to_have_title("有来电")
    other.close()
    telephone(page, "here")


def test_the_browser_line_answers_with_the_key_and_keeps_its_page(
    keyed: Hotline, visitor: Visitors, staff: Staff
) -> None:
    page = visitor().signs_in("operator").opens("/desk").page
    page.route(
        "**/vendor/twilio.min.js*",
        lambda route: route.fulfill(body=SDK, content_type="text/javascript"),
    )
    page.locator("#line").select_option("browser")
    page.keyboard.press("F8")
    expect(page.locator("#callbar.is-ready")).to_be_visible()
    seat = staff_queries.presence(keyed.session, staff.operator.id or 0)
    assert seat
    assert (seat.state, seat.line) == (PresenceState.READY, Line.BROWSER)
    assert (
        page.evaluate(
            "new Set(Object.values(device.options.sounds).map((s) => new URL(s).pathname)).size"
        )
        == 1
    )
    assert page.evaluate("Object.keys(device.options.sounds).length") == 15

    first = page.evaluate("device.token")
    with page.expect_response("**/desk/token"):
        page.evaluate("device.emit('tokenWillExpire')")
    assert first

    keyed.phone(CALLER).calls(says=["欠薪"], patience=600)
    expect(page.locator("#callbar.is-ringing")).to_be_visible()
    page.evaluate("device.rings()")
    assert page.evaluate("device.call.status()") == "pending"
    page.keyboard.press("F2")
    page.wait_for_selector("html[data-leg=open]")
    page.evaluate("device.call.emit('reconnecting')")
    page.wait_for_selector("html[data-line=lost]")
    page.evaluate("device.call.emit('reconnected')")
    page.wait_for_selector("html[data-line=good]")
    with page.context.expect_page() as opened:
        page.locator("nav.nav a").nth(1).click()
    telephone(opened.value, "elsewhere")
    telephone(page, "here")


def test_the_sdk_itself_starts_under_our_policy(keyed: Hotline, visitor: Visitors) -> None:
    page = visitor().signs_in("operator").opens("/desk").page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """async () => {
          const { sdk, pass, silence } = document.getElementById("callbar").dataset;
          await new Promise((done) => {
            const script = document.createElement("script");
            document.head.append(Object.assign(script, { src: sdk, onload: done }));
          });
          const own = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
          const { token } = await (await fetch(pass, { method: "POST", headers: own })).json();
          const keys = [..."0123456789sh"].map((key) => `dtmf${key}`);
          const names = ["disconnect", "incoming", "outgoing", ...keys];
          const quiet = new URL(silence, location.href).href;
          const sounds = Object.fromEntries(names.map((name) => [name, quiet]));
          window.device = new Twilio.Device(token, { sounds, logLevel: "silent" });
        }"""
    )
    assert page.evaluate("device.state") == "unregistered"
    site = page.url.rsplit("/", 1)[0]
    assert asked
    assert {url for url in asked if not url.startswith(site)} == set()
