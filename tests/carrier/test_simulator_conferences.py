"""Conferences: waiting, holding, putting out, recording."""

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

ROOM = (
    '<Dial action="/phone/dialled"><Conference waitUrl="/phone/music" record="record-from-start" '
    'recordingStatusCallback="/phone/rec" statusCallback="/phone/room" '
    'statusCallbackEvent="start end leave hold mute modify">T-1</Conference></Dial>'
)


@pytest.fixture
def app() -> ScriptedApp:
    return ScriptedApp(
        voice=ROOM,
        music='<Play>/music.mp3</Play><Pause length="600"/>',
        dialled="<Say>会议结束</Say>",
        note="<Say>通知</Say>",
    )


@pytest.fixture
def carrier(app: ScriptedApp) -> Carrier:
    return carrier_of(app)


def join(carrier: Carrier) -> str:
    people = client_of(carrier).conferences("T-1").participants
    sid: str = people.create(to=DESK, from_=NUMBER, label="desk").call_sid
    carrier.advance(3)
    return sid


def test_the_first_waits_with_music_until_the_second_comes(
    app: ScriptedApp, carrier: Carrier
) -> None:
    call = carrier.call(WORKER)
    assert call.heard == [f"{APP}/music.mp3"]
    assert app.form("/phone/music")["FriendlyName"] == "T-1"
    join(carrier)
    assert call.bridged_to == DESK
    assert [f["StatusCallbackEvent"] for f in app.forms("/phone/room")] == ["conference-start"]


def test_what_is_said_is_transcribed_for_all_but_the_muted(
    app: ScriptedApp, carrier: Carrier
) -> None:
    app.pages["/phone/voice"] = (
        f'<Start><Transcription statusCallbackUrl="/phone/words"/></Start>{ROOM}'
    )
    carrier.call(WORKER)
    join(carrier)
    carrier.phone(DESK).calls[-1].speak("您好")
    client_of(carrier).conferences("T-1").participants("desk").update(muted=True)
    carrier.phone(DESK).calls[-1].speak("听不见")
    said = [f.get("TranscriptionData", "") for f in app.forms("/phone/words")]
    assert sum("您好" in words for words in said) == 1
    assert not any("听不见" in words for words in said)


def test_one_is_held_told_something_coached_and_put_out(app: ScriptedApp, carrier: Carrier) -> None:
    call = carrier.call(WORKER)
    desk = join(carrier)
    people = client_of(carrier).conferences("T-1").participants
    people(call.sid).update(hold=True, hold_url=f"{APP}/phone/music", hold_method="POST")
    carrier.advance()
    assert call.heard.count(f"{APP}/music.mp3") == 2
    people(call.sid).update(hold=False)
    people(call.sid).update(announce_url=f"{APP}/phone/note")
    carrier.advance()
    assert call.heard[-1] == "通知"
    people("desk").update(coaching=True, call_sid_to_coach=call.sid)
    assert people("desk").fetch().coaching is True
    people(desk).delete()
    carrier.advance()
    assert carrier.phone(DESK).calls[-1].state == "ended"
    assert call.state == "conference"
    events = [f["StatusCallbackEvent"] for f in app.forms("/phone/room")]
    assert events == [
        "conference-start",
        "participant-hold",
        "participant-unhold",
        "participant-modify",
        "participant-leave",
    ]


def test_the_end_of_a_conference_lets_everybody_go_on(app: ScriptedApp, carrier: Carrier) -> None:
    call = carrier.call(WORKER)
    join(carrier)
    carrier.advance(30)
    room = client_of(carrier).conferences("T-1").update(status="completed")
    carrier.advance(2)
    assert room.reason_conference_ended == "conference-ended-via-api"
    assert call.heard[-1] == "会议结束"
    form = app.form("/phone/dialled")
    assert (form["DialCallStatus"], form["CallSid"]) == ("answered", call.sid)
    assert "DialCallSid" not in form
    recording = app.form("/phone/rec")
    assert recording["ConferenceSid"] == room.sid
    assert (recording["RecordingSource"], recording["RecordingDuration"]) == ("Conference", "31")
    assert client_of(carrier).conferences.list(status="in-progress") == []


def test_a_conference_of_the_same_name_is_new_after_the_first_ended(carrier: Carrier) -> None:
    carrier.call(WORKER).hang_up()
    carrier.call(WORKER)
    rooms = client_of(carrier).conferences.list(friendly_name="T-1")
    assert [room.status for room in rooms] == ["init", "completed"]
