"""A unit's own people visit every page and answer and find nothing that is kept from them.

Each hidden field of a ticket of level 1, 2 and 3 holds a canary. Somebody who holds every role
there is at the unit that handles them follows every GET of the address map, for each thing it
could name, and searches for each canary; none is in any answer or any line of the log.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from werkzeug.routing import Rule

from hotline.calls.models import Call, CallWords, Speaker
from hotline.calls.states import CallState, EndState
from hotline.core.db import db, transaction
from hotline.core.roles import APART, Role
from hotline.staff.models import StaffRole
from hotline.tickets import casework, demands
from hotline.tickets.models import Ticket
from hotline.tickets.states import Action
from hotline.workers.models import Worker
from tests.harness import Hotline
from tests.matters import MONDAY, act, received
from tests.people import Staff
from tests.rooms.browsing import Browser, Browsers

EMPLOYER = "演示建筑公司"
ALL_ROLES = frozenset(Role) - APART - {Role.SYSTEM, Role.PARTNER}
STAYS = re.compile(r"/live|/stream|logout|/static/")  # no page, never ends, or ends the visit
WORDS_TOO = ("narrative", "subject", "note", "caller", "call", "file", "sms")


@dataclass(frozen=True)
class Secret:
    """A ticket in the hands of 150102, its call and its file, and what must not be found."""

    level: int
    ticket_id: int
    number: str
    phone: str
    call_id: int
    file_id: int

    @property
    def name(self) -> str:
        return f"金丝雀{self.level}号"

    @property
    def canaries(self) -> set[str]:
        found = {self.name, self.phone[3:], self.phone[-4:]}
        return found | {f"canary-{part}-{self.level}" for part in WORDS_TOO if self.level > 1}


def planted(hotline: Hotline, staff: Staff, level: int) -> Secret:
    """Take a matter in that says everything about its caller everywhere, and dispatch it."""
    phone, name = f"+861380009{level}77{level}", f"金丝雀{level}号"
    said = f"我是{name}，电话{phone[3:]}"
    ticket_id, number = received(
        phone, narrative=f"canary-narrative-{level} {said}",
        subject=f"canary-subject-{level} {name}", employer=EMPLOYER,
        confidential_level=level,
    )  # fmt: skip

    def hang(session: Session) -> tuple[int, int]:
        ticket, by = session.get_one(Ticket, ticket_id), {"actor": staff.operator, "now": MONDAY}
        session.get_one(Worker, ticket.worker_id).name = name
        casework.add_note(session, ticket, f"canary-note-{level} {said}", **by)
        word = f"canary-caller-{level} {said}"
        casework.caller_said(session, ticket, word, channel="call", **by)
        demands.add(session, ticket, f"补发工资 {said}", **by)
        content = f"canary-file-{level}".encode()
        file = casework.attach(session, ticket, f"canary-file-{level} {name}.txt", content, **by)
        call = Call(
            worker_id=ticket.worker_id, raw_from=phone, state=CallState.ENDED,
            end_state=EndState.ANSWERED, ticket_id=ticket_id, staff_id=staff.operator.id,
            received_at=MONDAY, heard_at=MONDAY, ended_at=MONDAY,
        )  # fmt: skip
        session.add(call)
        session.flush()
        words = f"canary-call-{level} {said}"
        session.add(CallWords(call_id=call.id, at=MONDAY, speaker=Speaker.CALLER, text=words))
        return call.id, file.id

    call_id, file_id = transaction(hang)
    act(ticket_id, (Action.DISPATCH, staff.dispatcher, {"unit": "150102"}), now=MONDAY)
    hotline.phone(phone).texts(f"补充 canary-sms-{level} {said}")
    act(ticket_id, (Action.SIGN, staff.unit_lead, {}), now=MONDAY)
    return Secret(level, ticket_id, number, phone, call_id, file_id)


def promoted(staff: Staff) -> None:
    """Give somebody at 150102 every role that may be held together."""

    def work(session: Session) -> None:
        held = set(
            session.scalars(select(StaffRole.role).where(StaffRole.staff_id == staff.unit_lead.id))
        )
        session.add_all(
            StaffRole(staff_id=staff.unit_lead.id, role=role) for role in ALL_ROLES - held
        )

    transaction(work)


def addresses(app: Flask, secrets: list[Secret]) -> Iterator[str]:
    """Yield every address that answers GET, for each thing it could name."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or STAYS.search(rule.rule):
            continue
        for secret in secrets if rule.arguments else secrets[:1]:
            for given in _named(rule, secret):
                yield _built(app, rule.endpoint, given)
    for secret in secrets:
        for q in (secret.number, secret.name, secret.phone, secret.phone[3:], EMPLOYER):
            yield "/tickets?" + urlencode({"view": "all", "q": q})
            yield "/tickets?" + urlencode({"view": "all", "caller": q})
            yield "/search?" + urlencode({"q": q})
            yield "/search/words?" + urlencode({"q": q})
            yield "/api/v1/tickets?" + urlencode({"q": q})
            yield "/api/v1/search?" + urlencode({"q": q})
        yield "/api/v1/tickets?" + urlencode({"caller": secret.phone})


def _built(app: Flask, endpoint: str, given: dict[str, Any]) -> str:
    with app.test_request_context():
        return app.url_for(endpoint, _external=False, **given)


def _named(rule: Rule, secret: Secret) -> Iterator[dict[str, Any]]:
    """Yield what the parts of an address may be: the ticket's, and otherwise an id."""
    known: dict[str, Any] = {
        "number": secret.number, "file_id": secret.file_id, "call_id": secret.call_id,
        "side": "urge", "path": "x", "ending": "csv",
    }  # fmt: skip
    known |= rule.defaults or {}
    given = {key: known.get(key, 1) for key in rule.arguments}
    if "action" not in given:
        yield given
    for action in ("submit_result", "request_return", "merge", "hand_down"):
        if "action" in given:
            yield {**given, "action": action}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_r72_a_unit_finds_no_hidden_field_anywhere(
    app: Flask, hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    """R72: no page, answer, list, file, search or log line shows a unit what is hidden."""
    with capture_logs() as logged:
        secrets = [planted(hotline, staff, level) for level in (1, 2, 3)]
        promoted(staff)
        hotline.settle()
        visitor, api = browser(), hotline.api(staff.unit_lead)
        visitor.signs_in("unit_lead")
        found = {path: _read(visitor, api, path) for path in addresses(app, secrets)}
        text = {path: body for path, (_, body) in found.items()} | {"the log": repr(logged)}
    leaks = [
        (path, canary)
        for path, body in text.items()
        for secret in secrets
        for canary in secret.canaries - _asked(path)
        if _stands_in(canary, body)
    ]
    assert leaks == []
    shown = [path for path, (status, _) in found.items() if status == 200]
    assert all(f"/tickets/{secret.number}" in shown for secret in secrets)
    assert len(shown) > 60


def _stands_in(canary: str, body: str) -> bool:
    """Tell whether it stands there; four digits alone only, for any id may hold them."""
    alone = r"(?<![0-9A-Za-z]){}(?![0-9A-Za-z])" if len(canary) == 4 else "{}"
    return re.search(alone.format(re.escape(canary)), body) is not None


def _asked(path: str) -> set[str]:
    """Return what a search was for: it may stand in the box again."""
    words = {value for values in parse_qs(urlsplit(path).query).values() for value in values}
    return words | {word[3:] for word in words} | {word[-4:] for word in words}


def _read(visitor: Browser, api: Any, path: str) -> tuple[int, str]:
    headers = api._headers if path.startswith("/api/") else {}
    answer = visitor.get(path, headers=headers)
    db.session.remove()
    return answer.status_code, answer.get_data(as_text=True)
