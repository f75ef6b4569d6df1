"""The carrier's recorded webhooks: their signatures verify, and every door takes its own.

The fixtures are mapped to our addresses and signed anew; a copy that comes twice is
answered the same, and one that is forged has no effect.
"""

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hotline.calls.models import Call
from hotline.core.db import db
from hotline.core.inbox import InboxEvent
from hotline.messages.models import Message
from hotline.telephony.signature import sign, verify
from hotline.tickets.models import Ticket
from hotline.workers.models import Worker

SOURCE = Path(__file__).parents[2] / ".." / "shared" / "reference" / "twilio_webhooks.json"
BASE = "https://hotline.example"
ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "0123456789abcdef0123456789abcdef"
NOWHERE = 404  # an address below a call or an order that was never made

PLACES = {
    "/twilio/voice/inbound": "/phone/voice",
    "/twilio/voice/fallback": "/phone/voice/fallback",
    "/twilio/voice/status": "/phone/status",
    "/twilio/voice/agent-status": "/phone/status",
    "/twilio/voice/menu": "/phone/choice",
    "/twilio/voice/after-message": "/phone/voicemail",
    "/twilio/voice/wait": "/phone/wait",
    "/twilio/voice/after-queue": "/phone/queue",
    "/twilio/voice/after-dial": "/phone/desk/1/done",
    "/twilio/conference": "/phone/conference/1",
    "/twilio/recording": "/phone/recording",
    "/twilio/rt-transcription": "/phone/words/1",
    "/twilio/sms/inbound": "/phone/sms",
    "/twilio/sms/fallback": "/phone/sms",
    "/twilio/sms/status": "/phone/sms/status",
}
# The documents we give name none of these, so the carrier never asks for them.
UNUSED = {
    "/twilio/voice/outbound",
    "/twilio/voice/partial",
    "/twilio/voice/whisper",
    "/twilio/voice/conf-wait",
    "/twilio/voice/outbound-answer",
    "/twilio/voice/amd",
    "/twilio/voice/stream",
    "/twilio/voice/refer",
    "/twilio/voice/about-to-connect",
    "/twilio/transcription",
    "/twilio/taskrouter/assignment",
    "/twilio/debugger",
}


def _fixtures() -> list[dict[str, Any]]:
    return json.loads(SOURCE.read_text("utf-8"))["fixtures"] if SOURCE.exists() else []


FIXTURES = _fixtures()
NO_CONFERENCE = "voice.recording.conference"  # told where the address names the order
USED = [
    each
    for each in FIXTURES
    if urlsplit(each["url"]).path in PLACES and each["kind"] != NO_CONFERENCE
]
needs_fixtures = pytest.mark.skipif(not FIXTURES, reason="needs ../shared")
each_used = pytest.mark.parametrize("fixture", USED, ids=[each["kind"] for each in USED])


@needs_fixtures
def test_every_recorded_address_has_a_place_or_a_reason() -> None:
    paths = {urlsplit(each["url"]).path for each in FIXTURES}
    assert paths == PLACES.keys() | UNUSED


@needs_fixtures
@pytest.mark.parametrize("fixture", FIXTURES, ids=[each["kind"] for each in FIXTURES])
def test_the_recorded_signature_verifies(fixture: dict[str, Any]) -> None:
    form = parse_qsl(fixture["body"], keep_blank_values=True)
    signature = fixture["x_twilio_signature"]
    assert verify((TOKEN,), fixture["url"], form, signature)
    assert not verify((TOKEN,), fixture["url"], [*form, ("Injected", "1")], signature)
    assert not verify((TOKEN,), fixture["url"] + "?x=1", form, signature)


def deliver(
    client: FlaskClient, fixture: dict[str, Any], *, token: str = TOKEN, **changed: str
) -> TestResponse:
    """Send a fixture to our address, signed with *token*."""
    place = urlsplit(fixture["url"])
    target = PLACES[place.path] + (f"?{place.query}" if place.query else "")
    form = {**fixture["params"], **changed}
    return client.post(
        target,
        base_url=BASE,
        data=form,
        headers={"X-Twilio-Signature": sign(token, BASE + target, form.items())},
    )


def stored() -> list[int]:
    """Return how many rows there are of all that a webhook may leave."""
    db.session.rollback()
    tables = (Call, InboxEvent, Message, Ticket, Worker)
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


@needs_fixtures
@each_used
def test_each_door_takes_its_own_twice_with_one_effect(app: Flask, fixture: dict[str, Any]) -> None:
    client = app.test_client()
    first = deliver(client, fixture)
    kept = stored()
    again = deliver(client, fixture)
    assert (again.status_code, again.data) == (first.status_code, first.data)
    if fixture["kind"].startswith("voice"):  # who calls is looked up after the greeting
        assert stored()[:-1] == kept[:-1]
    else:
        assert stored() == kept
    if first.status_code != NOWHERE:
        _fits(first, fixture["expects"])


def _fits(response: TestResponse, expects: str) -> None:
    assert response.status_code in {200, 204}, response.data
    if "TwiML" in expects and response.status_code == 200:
        assert response.mimetype == "text/xml"
        assert ET.fromstring(response.data).tag == "Response"  # noqa: S314 - our own document
    if expects.startswith("2xx"):
        assert (response.status_code, response.data) == (204, b"")


@needs_fixtures
@each_used
def test_a_forged_copy_is_refused_counted_and_leaves_nothing(
    app: Flask, fixture: dict[str, Any]
) -> None:
    client, before = app.test_client(), stored()
    forged = [
        deliver(client, fixture, token="f" * 32),
        deliver(client, fixture, AccountSid="AC" + "9" * 32),
        client.post(PLACES[urlsplit(fixture["url"]).path], base_url=BASE, data=fixture["params"]),
    ]
    assert [answer.status_code for answer in forged] == [403] * 3
    assert stored() == before


@pytest.mark.parametrize("body", [b"{}", b'{"AccountSid": 1}', b"\xff\xfe", b""])
def test_a_body_that_is_no_form_is_refused_without_an_error(app: Flask, body: bytes) -> None:
    answer = app.test_client().post(
        f"/phone/sms?AccountSid={ACCOUNT}",
        base_url=BASE,
        data=body,
        content_type="application/json",
        headers={"X-Twilio-Signature": sign(TOKEN, f"{BASE}/phone/sms?AccountSid={ACCOUNT}")},
    )
    assert answer.status_code in {403, 422}
    assert stored() == [0] * 5


@pytest.mark.parametrize("sid", ["", "x", "SM'--", "S" * 65, "短信"])
def test_an_id_that_is_none_is_refused(app: Flask, sid: str) -> None:
    form = {"AccountSid": ACCOUNT, "MessageSid": sid, "From": "+8613800000001", "Body": "?"}
    for target in ("/phone/sms", "/phone/sms/status"):
        answer = app.test_client().post(
            target,
            base_url=BASE,
            data=form,
            headers={"X-Twilio-Signature": sign(TOKEN, BASE + target, form.items())},
        )
        assert answer.status_code == 422
    assert stored() == [0] * 5


@pytest.mark.parametrize("sid", ["SM1", "7f0c-uuid-like-1234", "A" * 64])
def test_ids_of_other_carriers_are_opaque(app: Flask, sid: str) -> None:
    form = {"AccountSid": ACCOUNT, "MessageSid": sid, "From": "+8613800000001", "Body": "欠薪"}
    answer = app.test_client().post(
        "/phone/sms",
        base_url=BASE,
        data=form,
        headers={"X-Twilio-Signature": sign(TOKEN, f"{BASE}/phone/sms", form.items())},
    )
    assert answer.status_code == 200
    assert stored()[3] == 1
