"""The simulator's REST API against the carrier's published description of its own."""

import json
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator import Carrier
from simulator.inprocess import InProcessHttp
from tests.carrier.scripted_app import (
    ACCOUNT,
    APP,
    DESK,
    NUMBER,
    TOKEN,
    WORKER,
    ScriptedApp,
    carrier_of,
    client_of,
)

DESCRIPTION = Path(__file__).parents[3] / "shared/reference/twilio_api_subset.json"
QUEUE = '<Enqueue action="/phone/end">main</Enqueue>'
ROOM = "<Dial><Conference>T-1</Conference></Dial>"


@cache
def description() -> dict[str, Any]:
    if not DESCRIPTION.exists():
        pytest.skip("../shared with the carrier's API description is not here")
    return json.loads(DESCRIPTION.read_text(), object_hook=_as_json_schema)


def _as_json_schema(node: dict[str, Any]) -> dict[str, Any]:
    """Say `null` the way JSON Schema does, where OpenAPI 3.0 says `nullable`."""
    if node.pop("nullable", False) is True and "type" in node:
        node["type"] = [node["type"], "null"]
    if "will be `null`" in node.get("description", "") and "enum" in node:
        return node | {"type": ["string", "null"], "enum": [*node["enum"], None]}
    return node


FORMATS = jsonschema.FormatChecker(())


@FORMATS.checks("date-time-rfc-2822", raises=ValueError)
def _is_rfc_2822(value: object) -> bool:
    return value is None or parsedate_to_datetime(str(value)).tzinfo is not None


class CheckedHttp(InProcessHttp):
    """Holds every request and answer against the description."""

    def __init__(self, carrier: Carrier) -> None:
        super().__init__(carrier)
        self.checked: set[tuple[str, str]] = set()

    def request(self, method: str, url: str, *args: Any, **named: Any) -> Any:
        response = super().request(method, url, *args, **named)
        path, operation = _operation(method, url)
        self._check_form(operation, named.get("data") or (args[1] if len(args) > 1 else {}))
        expected = operation["responses"].get(str(response.status_code))
        assert expected, f"{method} {path} does not answer {response.status_code}"
        if "content" in expected:
            schema = expected["content"]["application/json"]["schema"]
            validator = jsonschema.Draft202012Validator(
                schema | {"components": description()["components"]}, format_checker=FORMATS
            )
            validator.validate(json.loads(response.text))
            self._check_names(schema, json.loads(response.text))
        self.checked.add((method.upper(), path))
        return response

    def _check_form(self, operation: dict[str, Any], data: dict[str, Any]) -> None:
        body = operation.get("requestBody")
        if not body:
            return
        schema = body["content"]["application/x-www-form-urlencoded"]["schema"]
        assert set(data) <= set(schema["properties"]), "the client sends what is not described"
        assert set(schema.get("required", ())) <= set(data)

    def _check_names(self, schema: dict[str, Any], content: dict[str, Any]) -> None:
        """Require every described name of a single resource, so that none is forgotten."""
        if "$ref" in schema:
            named = description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            optional = {
                "group_sid", "answered_by", "identity_sid", "address_sid", "bundle_sid", "type",
                "emergency_status", "emergency_address_sid", "emergency_address_status",
                "trunk_sid", "sms_application_sid", "voice_application_sid", "voice_receive_mode",
            }  # fmt: skip
            assert set(named["properties"]) - optional <= set(content)


def _operation(method: str, url: str) -> tuple[str, dict[str, Any]]:
    path = urlsplit(url).path
    for template, operations in description()["paths"].items():
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", template.replace(".", r"\."))
        if re.fullmatch(pattern, path) and method.lower() in operations:
            return template.removeprefix("/2010-04-01/Accounts/{AccountSid}"), operations[
                method.lower()
            ]
    raise AssertionError(f"{method} {path} is not described")


@pytest.fixture
def app() -> ScriptedApp:
    return ScriptedApp(voice=QUEUE, room=ROOM, talk='<Pause length="1"/><Pause length="99"/>')


@pytest.fixture
def carrier(app: ScriptedApp) -> Carrier:
    return carrier_of(app)


@pytest.fixture
def api(carrier: Carrier) -> Client:
    description()
    return Client(ACCOUNT, TOKEN, http_client=CheckedHttp(carrier))


def test_messages(api: Client, carrier: Carrier) -> None:
    sent = api.messages.create(to=WORKER, from_=NUMBER, body="您的诉求已受理")
    assert (sent.status, sent.num_segments, sent.direction) == ("queued", "1", "outbound-api")
    carrier.advance(5)
    assert api.messages(sent.sid).fetch().status == "delivered"
    assert api.messages(sent.sid).update(body="").body == ""
    assert [m.sid for m in api.messages.list(to=WORKER)] == [sent.sid]
    api.messages(sent.sid).delete()
    assert api.messages.list() == []


def test_calls_and_queues(api: Client, carrier: Carrier, app: ScriptedApp) -> None:
    call = carrier.call(WORKER)
    carrier.advance(20)
    (queue,) = api.queues.list()
    assert (queue.friendly_name, queue.current_size) == ("main", 1)
    (member,) = api.queues(queue.sid).members.list()
    assert (member.call_sid, member.wait_time, member.position) == (call.sid, 20, 1)
    assert api.queues(queue.sid).members(call.sid).fetch().position == 1
    api.queues(queue.sid).members("Front").update(url=f"{APP}/phone/talk", method="POST")
    carrier.advance()
    assert app.form("/phone/end")["QueueResult"] == "redirected"
    assert app.form("/phone/talk")["QueueTime"] == "20"
    assert api.calls(call.sid).fetch().status == "in-progress"
    assert api.calls(call.sid).update(status="completed").status == "completed"
    placed = api.calls.create(to=DESK, from_=NUMBER, url=f"{APP}/phone/talk")
    assert [c.sid for c in api.calls.list()] == [placed.sid, call.sid]
    api.calls(call.sid).delete()
    other = api.queues.create(friendly_name="other", max_size=5)
    assert api.queues(other.sid).update(max_size=9).max_size == 9
    api.queues(other.sid).delete()


def test_conferences(api: Client, carrier: Carrier, app: ScriptedApp) -> None:
    app.pages["/phone/voice"] = ROOM
    call = carrier.call(WORKER)
    (room,) = api.conferences.list(status="init")
    api.conferences(room.sid).participants.create(to=DESK, from_=NUMBER, label="desk")
    carrier.advance(5)
    people = api.conferences(room.sid).participants
    assert len(people.list()) == 2
    assert people(call.sid).fetch().hold is False
    assert people(call.sid).update(hold=True).hold is True
    people(carrier.phone(DESK).calls[-1].sid).delete()
    ended = api.conferences(room.sid).update(status="completed")
    assert (ended.status, api.conferences(room.sid).fetch().status) == ("completed", "completed")


def test_recordings(api: Client, carrier: Carrier, app: ScriptedApp) -> None:
    app.pages["/phone/voice"] = '<Say>您好</Say><Pause length="100"/>'
    call = carrier.call(WORKER)
    begun = api.calls(call.sid).recordings.create()
    assert begun.status == "in-progress"
    assert api.calls(call.sid).recordings(begun.sid).update(status="paused").status == "paused"
    carrier.advance(30)
    api.calls(call.sid).recordings("Twilio.CURRENT").update(status="stopped")
    (recording,) = api.recordings.list()
    assert (recording.sid, recording.duration) == (begun.sid, "30")
    assert api.recordings(begun.sid).fetch().status == "completed"
    assert api.calls(call.sid).recordings(begun.sid).fetch().duration == "30"
    assert len(api.calls(call.sid).recordings.list()) == 1
    api.recordings(begun.sid).delete()
    assert api.recordings.list() == []
    assert len(api.recordings.list(include_soft_deleted=True)) == 1


def test_numbers_and_usage(api: Client) -> None:
    (number,) = api.incoming_phone_numbers.list()
    assert (number.phone_number, number.voice_url) == (NUMBER, f"{APP}/phone/voice")
    updated = api.incoming_phone_numbers(number.sid).update(sms_url=f"{APP}/elsewhere")
    assert updated.sms_url == f"{APP}/elsewhere"
    assert [u.category for u in api.usage.records.list(category="calls")] == ["calls"]


def _described() -> Iterator[tuple[str, str]]:
    for template, operations in description()["paths"].items():
        path = template.removeprefix("/2010-04-01/Accounts/{AccountSid}")
        yield from ((m.upper(), path) for m in ("get", "post", "delete") if m in operations)


def test_nearly_every_described_operation_exists(carrier: Carrier) -> None:
    missing = {
        (method, path)
        for method, path in _described()
        if carrier.rest(
            method,
            "https://api.twilio.com/2010-04-01/Accounts/"
            + ACCOUNT
            + re.sub(r"\{[^}]+\}", "X", path),
            auth=(ACCOUNT, TOKEN),
        )[0]
        == 405
    }
    assert missing == {
        ("POST", "/IncomingPhoneNumbers.json"),  # numbers are not for sale here
        ("DELETE", "/IncomingPhoneNumbers/{Sid}.json"),
    }


def test_lists_come_in_pages(carrier: Carrier) -> None:
    api = client_of(carrier)
    sids = [
        api.messages.create(to=f"+861380000{n:04d}", from_=NUMBER, body="您好").sid
        for n in range(7)
    ]
    assert [m.sid for m in api.messages.list(page_size=3)] == sids[::-1]
    page = api.messages.page(page_size=3)
    assert len(list(page)) == 3
    assert len(list(page.next_page())) == 3


def test_lists_are_filtered_by_number_and_time(carrier: Carrier) -> None:
    api = client_of(carrier)
    api.messages.create(to=WORKER, from_=NUMBER, body="一")
    carrier.advance(3600)
    moment = carrier.clock.now()
    late = api.messages.create(to=WORKER, from_=NUMBER, body="二")
    api.messages.create(to=DESK, from_=NUMBER, body="三")
    carrier.advance(3600)
    found = api.messages.list(to=WORKER, date_sent_after=moment)
    assert [m.sid for m in found] == [late.sid]
    assert [m.body for m in api.messages.list(to=WORKER, date_sent_before=moment)] == ["一"]
    assert len(api.messages.list(date_sent=moment.date())) == 3


@pytest.mark.parametrize(
    ("name", "secret", "status"),
    [
        (ACCOUNT, TOKEN, 200),
        ("SK" + "2" * 32, "a secret", 200),
        (ACCOUNT, "another", 401),
        ("SK" + "2" * 32, TOKEN, 401),
    ],
)
def test_who_may_use_the_api(carrier: Carrier, name: str, secret: str, status: int) -> None:
    url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    answer, body = carrier.rest("GET", url, auth=(name, secret))
    assert answer == status
    assert status == 200 or json.loads(body)["code"] == 20003


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"to": "+15005550001"}, 21211),
        ({"to": "+15005550002"}, 21612),
        ({"to": "+15005550003"}, 21408),
        ({"to": "+15005550004"}, 21610),
        ({"to": "+15005550009"}, 21614),
        ({"to": "12351"}, 21211),
        ({"from_": "+15005550001"}, 21212),
        ({"from_": "+15005550007"}, 21606),
        ({"from_": "+15005550008"}, 21611),
        ({"from_": "+8613911111111"}, 21606),
        ({"body": ""}, 21602),
        ({"body": "工" * 1601}, 21617),
    ],
)
def test_a_refused_message_has_the_carriers_code(
    carrier: Carrier, given: dict[str, str], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client_of(carrier).messages.create(
            **({"to": WORKER, "from_": NUMBER, "body": "您好"} | given)
        )
    assert (refused.value.status, refused.value.code) == (400, code)
    assert carrier.ledger == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"to": "+15005550001"}, 21217),
        ({"to": "+15005550002"}, 21214),
        ({"to": "+15005550003"}, 21215),
        ({"to": "+15005550004"}, 21216),
        ({"from_": "+8613911111111"}, 21210),
        ({"url": "nowhere"}, 21205),
    ],
)
def test_a_refused_call_has_the_carriers_code(
    carrier: Carrier, given: dict[str, str], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client_of(carrier).calls.create(
            **({"to": WORKER, "from_": NUMBER, "url": f"{APP}/phone/talk"} | given)
        )
    assert (refused.value.status, refused.value.code) == (400, code)


def test_what_is_not_there_is_not_found(carrier: Carrier) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client_of(carrier).calls("CA" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_the_sound_of_a_recording_is_a_wav_file(carrier: Carrier, app: ScriptedApp) -> None:
    app.pages["/phone/voice"] = '<Record action="/phone/end"/>'
    carrier.call(WORKER, says=["请回电"])
    carrier.advance(10)
    (recording,) = client_of(carrier).recordings.list()
    url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{recording.sid}.wav"
    status, sound = carrier.rest("GET", url, auth=(ACCOUNT, TOKEN))
    assert (status, sound[:4], sound[8:12]) == (200, "RIFF", "WAVE")
    assert len(sound) > 8000
    assert carrier.rest("GET", url)[0] == 401
