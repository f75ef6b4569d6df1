"""Each fault does what it says, as often as it says, and is the same for the same seed."""

from urllib.parse import parse_qsl

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from simulator import Carrier, Faults
from simulator.faults import ALIASES, KNOBS
from tests.carrier.scripted_app import (
    APP,
    NUMBER,
    TOKEN,
    WORKER,
    ScriptedApp,
    carrier_of,
    client_of,
)

ALWAYS = 1.0


def send(carrier: Carrier, body: str = "您好") -> str:
    return (
        client_of(carrier)
        .messages.create(
            to=WORKER, from_=NUMBER, body=body, status_callback=f"{APP}/phone/sms/status"
        )
        .sid
    )


def statuses(app: ScriptedApp) -> list[str]:
    return [form["MessageStatus"] for form in app.forms("/phone/sms/status")]


def test_without_faults_nothing_happens() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app)
    for n in range(50):
        carrier.text(WORKER, str(n))
        send(carrier)
    carrier.advance(60)
    assert len(app.forms("/phone/sms")) == 50
    assert statuses(app).count("delivered") == 50
    assert carrier.faults.happened.total() == 0


def test_a_duplicate_has_the_same_token() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app, duplicate=ALWAYS)
    carrier.text(WORKER, "您好")
    carrier.advance(5)
    one, two = app.requests
    assert one == two


def test_a_duplicated_voice_request_leads_the_call_once() -> None:
    app = ScriptedApp(voice="<Say>您好</Say>")
    carrier = carrier_of(app, duplicate=ALWAYS)
    call = carrier.call(WORKER)
    carrier.advance(5)
    assert len(app.forms("/phone/voice")) == 2
    assert call.heard == ["您好"]


def test_a_dropped_text_never_arrives() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app, drop={1})
    texts = [carrier.text(WORKER, str(n)) for n in range(3)]
    carrier.advance(3600)
    assert [form["Body"] for form in app.forms("/phone/sms")] == ["0", "2"]
    assert [sms.answer is None for sms in texts] == [False, True, False]


def test_a_caller_on_the_line_is_never_dropped_or_held_back() -> None:
    app = ScriptedApp(voice="<Say>您好</Say>")
    carrier = carrier_of(app, drop=ALWAYS, delay=ALWAYS, reorder=ALWAYS)
    assert carrier.call(WORKER).heard == ["您好"]


def test_a_delayed_text_comes_later() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app, delay=ALWAYS)
    sms = carrier.text(WORKER, "您好")
    assert sms.answer is None
    carrier.advance(30)
    assert sms.answer is not None


def test_reordered_texts_all_come_in_another_order() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app, reorder=0.5)
    for n in range(20):
        carrier.text(WORKER, f"{n:02d}")
        carrier.advance(0.5)
    carrier.advance(10)
    bodies = [form["Body"] for form in app.forms("/phone/sms")]
    assert bodies != sorted(bodies)
    assert sorted(bodies) == [f"{n:02d}" for n in range(20)]


def test_a_forged_copy_comes_before_the_true_one() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app, bad_signature=ALWAYS)
    carrier.text(WORKER, "您好")
    validator = RequestValidator(TOKEN)
    verdicts = [
        validator.validate(w.url, dict(parse_qsl(w.body, True)), w.headers["X-Twilio-Signature"])
        for w in app.requests
    ]
    assert verdicts == [False, True]
    assert app.requests[0].body == app.requests[1].body


@pytest.mark.parametrize(
    ("knob", "status", "code"), [("too_many", 429, 20429), ("server_error", 500, 20500)]
)
def test_the_api_refuses(knob: str, status: int, code: int) -> None:
    carrier = carrier_of(ScriptedApp(), **{knob: ALWAYS})
    with pytest.raises(TwilioRestException) as refused:
        send(carrier)
    assert (refused.value.status, refused.value.code) == (status, code)
    assert carrier.ledger == []


def test_a_silent_api_has_done_nothing() -> None:
    carrier = carrier_of(ScriptedApp(), hang=ALWAYS)
    with pytest.raises(requests.ReadTimeout):
        send(carrier)
    assert carrier.ledger == []


def test_a_lost_answer_has_sent_the_text() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app, accept_then_reset={0})
    with pytest.raises(requests.ConnectionError):
        send(carrier)
    assert carrier.phone(WORKER).inbox == ["您好"]
    (listed,) = client_of(carrier).messages.list(to=WORKER)
    assert listed.sid == carrier.ledger[0].sid
    carrier.advance(5)
    assert statuses(app) == ["sent", "delivered"]


def test_a_status_can_come_before_the_answer() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app, callback_first=ALWAYS)
    sid = send(carrier)
    assert [form["MessageSid"] for form in app.forms("/phone/sms/status")] == [sid]
    carrier.advance(5)
    assert statuses(app) == ["sent", "delivered"]


def test_a_hidden_message_is_listed_later() -> None:
    carrier = carrier_of(ScriptedApp(), hide_from_list=ALWAYS)
    sid = send(carrier)
    assert client_of(carrier).messages.list() == []
    carrier.advance(301)
    assert [m.sid for m in client_of(carrier).messages.list()] == [sid]


def test_a_stale_status_comes_after_the_last() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app, stale_sent=ALWAYS)
    send(carrier)
    carrier.advance(10)
    assert statuses(app) == ["sent", "delivered", "sent"]


@pytest.mark.parametrize(
    ("knob", "told", "error"),
    [
        ("undelivered", ["sent", "undelivered"], "30008"),
        ("failed", ["failed"], "30007"),
        ("no_receipt", ["sent"], None),
    ],
)
def test_a_text_can_end_otherwise(knob: str, told: list[str], error: str | None) -> None:
    app = ScriptedApp()
    carrier = carrier_of(app, **{knob: ALWAYS})
    send(carrier)
    carrier.advance(60)
    assert statuses(app) == told
    assert app.forms("/phone/sms/status")[-1].get("ErrorCode") == error
    assert len(carrier.ledger) == (knob == "no_receipt")


def test_a_fault_can_be_ordered_for_the_next_message() -> None:
    carrier = carrier_of(ScriptedApp())
    carrier.faults.next("429")
    with pytest.raises(TwilioRestException):
        send(carrier)
    send(carrier)
    assert len(carrier.ledger) == 1


def _fates(seed: int, **knobs: float) -> list[bool]:
    faults = Faults(seed=seed, **knobs)
    return [faults.strikes("drop") for _ in range(200)]


def test_the_same_seed_has_the_same_faults() -> None:
    assert _fates(7, drop=0.3) == _fates(7, drop=0.3)
    assert _fates(7, drop=0.3) != _fates(8, drop=0.3)
    assert 30 < sum(_fates(7, drop=0.3)) < 90


def test_one_knob_leaves_the_others_alone() -> None:
    faults = Faults(seed=7, drop=0.3, delay=0.5)
    mixed = [(faults.strikes("delay"), faults.strikes("drop"))[1] for _ in range(200)]
    assert mixed == _fates(7, drop=0.3)


def test_faults_are_read_from_a_command_line() -> None:
    faults = Faults.parse("dup=0.02, 5xx=0.1,stale_sent_after_delivered=1", seed=3)
    assert (faults.duplicate, faults.server_error, faults.stale_sent) == (0.02, 0.1, 1.0)
    with pytest.raises(ValueError, match="sunspots"):
        Faults.parse("sunspots=1")
    with pytest.raises(ValueError, match="sunspots"):
        faults.next("sunspots")
    assert set(ALIASES.values()) <= set(KNOBS)
