"""Logging in and out: who gets in, where to, for how long."""

import datetime as dt

import pytest

from hotline.web import login
from tests.harness import Hotline
from tests.people import PASSWORD
from tests.rooms.browsing import AT, Browsers

WORKER = "+8613800000001"
NUMBER = "261123-0001"


def test_each_role_begins_where_its_work_is(browser: Browsers) -> None:
    places = {}
    for name in ("operator", "handler", "auditor"):
        visitor = browser()
        visitor.signs_in(name)
        places[name] = visitor.get("/").location
    assert places == {"operator": "/desk", "handler": "/tickets", "auditor": "/tickets"}


def test_a_wrong_password_is_told_like_an_unknown_login(browser: Browsers) -> None:
    visitor = browser()
    wrong = visitor.signs_in("operator", "not the password")
    unknown = visitor.signs_in("nobody", "not the password")
    assert wrong.status_code == unknown.status_code == 422
    assert "登录名或密码不对" in wrong.get_data(as_text=True)
    assert "登录名或密码不对" in unknown.get_data(as_text=True)
    assert visitor.get("/desk").location.startswith("/login")


def test_whoever_logs_in_gets_a_cookie_no_script_and_no_other_site_can_use(
    browser: Browsers,
) -> None:
    cookie = browser().signs_in("operator").headers["Set-Cookie"]
    assert cookie.startswith("__Host-hotline=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie


def test_logging_out_ends_the_session_on_the_server(browser: Browsers) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    kept = visitor._client.get_cookie("__Host-hotline", domain="hotline.example")
    assert kept is not None
    visitor.post("/logout")
    thief = browser()
    thief._client.set_cookie("__Host-hotline", kept.value, domain="hotline.example")
    assert thief.get("/desk").location.startswith("/login")


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/tickets?view=all", "/tickets?view=all"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_login_leads_nowhere_else(browser: Browsers, asked: str, led: str) -> None:
    assert browser().signs_in("operator", next=asked).location == led


def test_english_is_spoken_to_whoever_asks(browser: Browsers) -> None:
    visitor = browser()
    visitor.signs_in("operator")
    visitor.post("/account/language", language="en")
    assert '<html lang="en"' in visitor.get("/desk").text
    assert visitor.post("/account/language", language="xx").status_code == 422


def test_another_password_ends_every_other_session(browser: Browsers) -> None:
    here, there = browser(), browser()
    here.signs_in("operator")
    there.signs_in("operator")
    assert (
        here.post("/account/password", old="wrong", new="another long secret 7").status_code == 422
    )
    assert (
        here.post("/account/password", old=PASSWORD, new="another long secret 7").status_code == 303
    )
    assert here.get("/desk").status_code == 200
    assert there.get("/desk").location.startswith("/login")


def test_nobody_listens_without_a_name(hotline: Hotline) -> None:
    assert hotline.app.test_client().get("/live", base_url=AT).status_code == 302


def test_a_session_that_only_refreshes_grows_old(hotline: Hotline, browser: Browsers) -> None:
    visitor = browser()
    visitor.signs_in("handler")
    for _ in range(8):
        hotline.forward(dt.timedelta(minutes=5), minutes=5)
        visitor.get("/tickets", headers={"X-Refresh": "1"})
    assert visitor.get("/tickets").location.startswith("/login")


def test_a_session_that_is_used_stays_open(hotline: Hotline, browser: Browsers) -> None:
    visitor = browser()
    visitor.signs_in("handler")
    for _ in range(8):
        hotline.forward(dt.timedelta(minutes=5), minutes=5)
        visitor.get("/tickets")
    assert visitor.get("/tickets").status_code == 200


def test_homes_lead_to_pages_that_exist(hotline: Hotline) -> None:
    assert {place for _, place in login.HOMES} <= set(hotline.app.view_functions)
