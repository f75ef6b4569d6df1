"""The simulator's webhooks carry the parameters of the recorded ones."""

import json
from functools import cache
from pathlib import Path

import pytest

from simulator import Carrier
from tests.carrier.scripted_app import (
    APP,
    DESK,
    NUMBER,
    WORKER,
    ScriptedApp,
    carrier_of,
    client_of,
)

RECORDED = Path(__file__).parents[3] / "shared/reference/twilio_webhooks.json"

#: The recorded kind, and the kind the journal calls it by where that differs.
KINDS = {
    "voice.inbound": "",
    "voice.fallback": "",
    "voice.gather.dtmf": "",
    "voice.gather.speech": "",
    "voice.record.action": "",
    "voice.recording.record_verb": "voice.recording.completed",
    "voice.rt_transcription.started": "",
    "voice.rt_transcription.content": "",
    "voice.rt_transcription.stopped": "",
    "voice.enqueue.wait": "",
    "voice.enqueue.action.bridged": "",
    "voice.enqueue.action.hangup": "",
    "voice.queue.url": "",
    "voice.dial.action.completed": "",
    "voice.status.inbound_completed": "voice.status.completed",
    "voice.status.outbound_api.busy": "voice.status.busy",
    "voice.status.outbound_api.initiated": "voice.status.initiated",
    "conference.event.participant-join": "",
    "conference.event.conference-start": "",
    "conference.event.participant-leave": "",
    "conference.event.conference-end": "",
    "sms.inbound": "",
    "sms.status.sent": "",
    "sms.status.delivered": "",
    "sms.status.undelivered": "",
}
NOT_SENT = {"CallToken", "Name", "InboundTrackLabel", "OutboundTrackLabel"}  # optional there


@cache
def recorded() -> dict[str, set[str]]:
    if not RECORDED.exists():
        pytest.skip("../shared with the recorded webhooks is not here")
    fixtures = json.loads(RECORDED.read_text())["fixtures"]
    return {fixture["kind"]: set(fixture["params"]) - NOT_SENT for fixture in fixtures}


def _menu(app: ScriptedApp, carrier: Carrier) -> None:
    """Let one caller go through every kind of question and be put through."""
    app.pages["/phone/voice"] = '<Gather numDigits="1" action="/phone/two"/>'
    app.pages["/phone/two"] = '<Gather input="speech" action="/phone/three"/>'
    app.pages["/phone/three"] = (
        '<Start><Transcription statusCallbackUrl="/phone/words"/></Start>'
        '<Record action="/phone/four" recordingStatusCallback="/phone/rec"/>'
    )
    app.pages["/phone/four"] = '<Enqueue action="/phone/end" waitUrl="/phone/wait">main</Enqueue>'
    app.pages["/phone/wait"] = '<Pause length="50"/>'
    app.pages["/phone/desk"] = (
        '<Dial action="/phone/dialled"><Queue url="/phone/intro">main</Queue></Dial>'
    )
    app.pages["/phone/intro"] = ""
    call = carrier.call(WORKER, presses={1: "1"}, says=["一", "二"])
    carrier.advance(20)
    client_of(carrier).calls.create(to=DESK, from_=NUMBER, url=f"{APP}/phone/desk")
    carrier.advance(20)
    call.hang_up()
    carrier.call(WORKER, presses={1: "1"}, says=["一", "二"], patience=5)
    carrier.advance(60)


def _numbers(app: ScriptedApp, carrier: Carrier) -> None:
    """Call somebody who is busy, write to two phones, and be written to."""
    carrier.phone("+8613800000009").busy = True
    api = client_of(carrier)
    api.calls.create(
        to="+8613800000009",
        from_=NUMBER,
        url=f"{APP}/phone/x",
        status_callback=f"{APP}/phone/progress",
        status_callback_event=["initiated", "completed"],
    )
    carrier.phone("+8613800000008").reachable = False
    for to in (WORKER, "+8613800000008"):
        api.messages.create(
            to=to, from_=NUMBER, body="您好", status_callback=f"{APP}/phone/sms/status"
        )
    carrier.text(WORKER, "您好")
    carrier.advance(10)


def _conference(app: ScriptedApp, carrier: Carrier) -> None:
    app.pages["/phone/voice"] = (
        '<Dial><Conference statusCallback="/phone/room" statusCallbackEvent="start end join leave"'
        ">T-1</Conference></Dial>"
    )
    first, second = carrier.call(WORKER), carrier.call("+8613800000002")
    first.hang_up()
    second.hang_up()
    app.pages["/phone/voice"] = "not a document <"
    carrier.call(WORKER)


@pytest.fixture(scope="module")
def sent() -> dict[str, set[str]]:
    app = ScriptedApp()
    carrier = carrier_of(app)
    for story in (_menu, _numbers, _conference):
        story(app, carrier)
    return {entry.kind: set(entry.params) for entry in carrier.journal}


@pytest.mark.parametrize("kind", KINDS)
def test_no_recorded_parameter_is_missing(kind: str, sent: dict[str, set[str]]) -> None:
    missing = recorded()[kind] - sent[KINDS[kind] or kind]
    assert not missing
