"""What runs beside a document, and texts that take another way."""

import pytest

from simulator import Answer, Carrier
from simulator.webhook import Target
from tests.carrier.scripted_app import APP, WORKER, ScriptedApp, carrier_of, client_of

RECORD = '<Start><Recording recordingStatusCallback="{url}"/></Start>'


def test_a_background_recording_lasts_as_long_as_the_call() -> None:
    app = ScriptedApp(
        voice=RECORD.format(url=f"{APP}/phone/rec") + '<Say>您好</Say><Pause length="20"/>'
    )
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    carrier.advance(22)
    form = app.form("/phone/rec")
    assert (form["CallSid"], form["RecordingStatus"]) == (call.sid, "completed")
    assert (form["RecordingDuration"], form["RecordingChannels"]) == ("20", "2")
    assert form["RecordingUrl"].endswith(form["RecordingSid"])


def test_a_background_recording_needs_an_absolute_address() -> None:
    carrier = carrier_of(ScriptedApp(voice=RECORD.format(url="/phone/rec")))
    carrier.call(WORKER)
    carrier.advance(5)
    assert carrier.journal[0].warnings == ["11200 /phone/rec is not an absolute address."]
    assert carrier.journal.of("voice.recording") == []


def test_what_was_started_can_be_stopped() -> None:
    begin = (
        '<Start><Transcription name="t" statusCallbackUrl="/phone/words"/>'
        "<Recording/></Start><Say>您好</Say>"
    )
    stop = '<Pause length="9"/><Stop><Transcription name="t"/><Recording/></Stop>'
    app = ScriptedApp(voice=f'{begin}{stop}<Pause length="99"/>')
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    call.speak("一")
    carrier.advance(10)
    call.speak("二")
    (recording,) = client_of(carrier).recordings.list()
    assert (recording.status, recording.duration) == ("completed", "9")
    events = [form["TranscriptionEvent"] for form in app.forms("/phone/words")]
    assert events == ["transcription-started", "transcription-content", "transcription-stopped"]


def test_the_first_pause_does_not_pick_up() -> None:
    carrier = carrier_of(ScriptedApp(voice='<Pause length="4"/><Play>/a.mp3</Play>'))
    call = carrier.call(WORKER)
    assert call.status == "ringing"
    carrier.advance(4)
    assert call.heard == [f"{APP}/a.mp3"]


def test_a_caller_who_hangs_up_before_the_answer_was_never_connected() -> None:
    carrier = carrier_of(ScriptedApp(voice='<Pause length="4"/>'))
    call = carrier.call(WORKER)
    call.hang_up()
    assert call.status == "no-answer"
    call.hang_up()
    call.press("1")
    call.speak("喂")
    assert call.transcript == []


@pytest.mark.parametrize(
    ("type_", "heard"), [("audio/mpeg", f"{APP}/phone/voice"), ("text/plain", "您好")]
)
def test_sound_and_plain_text_are_played(type_: str, heard: str) -> None:
    app = ScriptedApp(voice=Answer(200, {"Content-Type": type_}, "您好"))
    assert carrier_of(app).call(WORKER).heard == [heard]


def with_fallback(app: ScriptedApp) -> Carrier:
    carrier = carrier_of(app)
    carrier.exchange.line.sms_fallback = Target(f"{APP}/phone/sms/fallback")
    return carrier


@pytest.mark.parametrize("bad", [Answer(500), Answer(200, {"Content-Type": "text/xml"}, "<x>")])
def test_a_text_that_fails_goes_to_the_fallback(bad: Answer) -> None:
    app = ScriptedApp(sms=bad, sms_fallback="<Message>已收到</Message>")
    sms = with_fallback(app).text(WORKER, "您好")
    assert app.form("/phone/sms/fallback")["ErrorUrl"] == f"{APP}/phone/sms"
    assert sms.replies == ["已收到"]


def test_a_fallback_that_fails_is_the_end() -> None:
    app = ScriptedApp(sms=Answer(500), sms_fallback=Answer(500))
    sms = with_fallback(app).text(WORKER, "您好")
    assert sms.replies == []
    assert len(app.requests) == 2


def test_a_text_can_be_answered_elsewhere() -> None:
    app = ScriptedApp(
        sms="<Redirect>/phone/other</Redirect>",
        other='<Message statusCallback="/phone/told">收到</Message>',
    )
    carrier = carrier_of(app)
    assert carrier.text(WORKER, "您好").replies == ["收到"]
    carrier.advance(5)
    assert [f["MessageStatus"] for f in app.forms("/phone/told")] == ["sent", "delivered"]


def test_texts_that_lead_in_a_circle_end() -> None:
    app = ScriptedApp(sms="<Redirect>/phone/sms</Redirect>")
    carrier_of(app).text(WORKER, "您好")
    assert len(app.requests) == 11
