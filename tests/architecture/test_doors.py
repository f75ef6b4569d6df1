"""Doors are closed: every address names who may use it, and a forgotten one stays shut."""

import itertools
import re

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hotline.core import doors
from hotline.core.roles import APART, Permission, Role

OPEN_TO_STRANGERS = {
    "/healthz", "/readyz", "/metrics",  # health; metrics asks for loopback or a token
    "/login", "/logout", "/account/language",
    "/api/docs", "/api/openapi.json",
    "/static/<path:filename>", "/prompts/<language>/<name>",
}  # fmt: skip
BY_FLASK = {"static"}


@pytest.fixture
def rules(app: Flask) -> list[Rule]:
    """Every address of the hotline."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in BY_FLASK]


def test_every_view_says_who_may_use_it(app: Flask, rules: list[Rule]) -> None:
    assert len(rules) > 20
    bare = [f"{rule}" for rule in rules if not doors.access_of(app.view_functions[rule.endpoint])]
    assert not bare


def test_what_the_carrier_calls_is_signed_and_nothing_else(app: Flask, rules: list[Rule]) -> None:
    signed = {str(rule) for rule in rules if _access(app, rule) == doors.SIGNED}
    assert signed == {str(rule) for rule in rules if str(rule).startswith("/phone/")}


def _access(app: Flask, rule: Rule) -> str | Permission | None:
    return doors.access_of(app.view_functions[rule.endpoint])


def test_an_unsigned_request_of_the_carrier_is_refused(app: Flask, rules: list[Rule]) -> None:
    client = app.test_client()
    answers = {
        path: client.post(path).status_code
        for rule in rules
        if (path := _filled(rule)).startswith("/phone/") and "POST" in (rule.methods or ())
    }
    assert answers
    assert set(answers.values()) == {403}, answers


def test_a_stranger_gets_in_nowhere_else(
    app: Flask, rules: list[Rule], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", ())  # no token is not the reason
    client = app.test_client()
    opened = {
        f"{method} {rule}": answer.status_code
        for rule, method in itertools.product(rules, ("GET", "POST", "PUT", "PATCH", "DELETE"))
        if method in (rule.methods or ()) and str(rule) not in OPEN_TO_STRANGERS
        for answer in [client.open(_filled(rule), method=method)]
        if not _refused(answer)
    }
    assert not opened


def _refused(answer: TestResponse) -> bool:
    """Return whether an answer lets nobody in: no, or the login page."""
    to_login = answer.status_code in {302, 303} and "/login" in (answer.location or "")
    return to_login or answer.status_code in {401, 403}


def _filled(rule: Rule) -> str:
    """Return an address with something in each of its blanks."""
    return re.sub(r"<[^>]+>", "1", str(rule))


def test_a_view_without_a_mark_answers_nobody() -> None:
    app = Flask("forgotten")
    app.add_url_rule("/forgotten", view_func=lambda: "in")
    doors.keep_closed(app)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert app.test_client().get("/forgotten").status_code != 200


def test_three_roles_are_never_in_one_hand() -> None:
    assert {Role.ADMIN, Role.SECURITY, Role.AUDITOR} == APART
