"""Fixtures: a real browser in front of the whole hotline, served on loopback."""

import logging
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from hotline.web import live
from tests.harness import Hotline
from tests.people import PASSWORD

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream",  # a microphone
    "--use-fake-ui-for-media-stream",  # that may be used
]
PATIENCE = 20_000  # ms: a busy machine is slow, not wrong
DESK = {"width": 1366, "height": 768}  # the smallest desk there is
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def engine_name() -> str:
    """Serve pages from SQLite alone: what differs by engine is below the pages."""
    return "sqlite"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the browser once a worker."""
    if CHROMIUM is None:
        pytest.skip("no browser: CHROMIUM names one")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(hotline: Hotline) -> Iterator[str]:
    """Serve the hotline on loopback and return its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    live.register(hotline.app, most=100)  # a page that was left is noticed seconds later
    server = make_server("127.0.0.1", 0, hotline.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    live.close_streams(hotline.app)
    for reader in [each for each in threading.enumerate() if each.name == "live"]:
        reader.join()  # its connection must not outlive the database
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Visitor:
    """Somebody at a browser."""

    page: Page
    site: str
    complaints: list[str]

    def signs_in(self, login: str) -> "Visitor":
        """Log in by keyboard alone."""
        self.page.goto(f"{self.site}/login")
        self.page.wait_for_function("document.activeElement.id === 'login'")
        self.page.keyboard.type(login)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("nav.nav")
        self.page.wait_for_load_state()  # the keys listen from then on
        return self

    def opens(self, path: str) -> "Visitor":
        """Go to a page."""
        self.page.goto(self.site + path)
        return self


class Visitors:
    """Makes visitors, and hears what their browsers complain about."""

    def __init__(self, chromium: Browser, site: str) -> None:
        self._chromium = chromium
        self._site = site
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def __call__(self, *, viewport: dict[str, int] = DESK, dark: bool = False) -> Visitor:
        context = self._chromium.new_context(
            viewport={"width": viewport["width"], "height": viewport["height"]},
            color_scheme="dark" if dark else "light",
            locale="zh-CN",
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.on("pageerror", lambda error: self._hear("error", str(error)))
        return Visitor(page, self._site, self.complaints)

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)


@pytest.fixture
def visitor(chromium: Browser, site: str) -> Iterator[Visitors]:
    """Give the maker of visitors; a page that broke its policy or a script fails the test."""
    visitors = Visitors(chromium, site)
    yield visitors
    for context in visitors.contexts:
        context.close()
    assert visitors.complaints == []
