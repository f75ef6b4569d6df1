"""A caller's way through announcements, questions, recordings and the queue."""

import pytest

from simulator import Carrier
from tests.carrier.scripted_app import (
    ACCOUNT,
    DESK,
    NUMBER,
    WORKER,
    ScriptedApp,
    carrier_of,
    client_of,
)

QUEUE = '<Enqueue action="/phone/end" waitUrl="/phone/wait">main</Enqueue>'
WAIT = '<Say>请稍候</Say><Pause length="10"/>'


def kinds(carrier: Carrier) -> list[str]:
    return [entry.kind for entry in carrier.journal]


def test_the_first_request_has_the_parameters_of_the_reference() -> None:
    app = ScriptedApp(voice="<Say>您好</Say>")
    call = carrier_of(app).call(WORKER)
    form = app.form("/phone/voice")
    assert form["CallSid"] == call.sid
    assert form["AccountSid"] == ACCOUNT
    assert (form["From"], form["Caller"]) == (WORKER, WORKER)
    assert (form["To"], form["Called"]) == (NUMBER, NUMBER)
    assert (form["CallStatus"], form["Direction"]) == ("ringing", "inbound")
    assert (form["FromCountry"], form["FromCity"]) == ("CN", "")
    assert form["ApiVersion"] == "2010-04-01"


def test_the_end_of_the_document_ends_the_call_and_tells_its_status() -> None:
    app = ScriptedApp(voice='<Say>您好</Say><Pause length="61"/><Say>再见</Say>')
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    assert (call.state, call.heard) == ("listening", ["您好"])
    carrier.advance(61)
    assert (call.state, call.end_reason) == ("ended", "hotline hung up")
    assert call.heard == ["您好", "再见"]
    form = app.form("/phone/status")
    assert (form["CallStatus"], form["SequenceNumber"]) == ("completed", "0")
    assert (form["CallDuration"], form["Duration"]) == ("61", "2")
    assert form["Timestamp"] == "Sun, 22 Nov 2026 02:01:01 +0000"
    assert form["CallbackSource"] == "call-progress-events"


def test_an_anonymous_caller_has_no_number() -> None:
    app = ScriptedApp(voice="<Say>您好</Say>")
    carrier_of(app).call("anonymous")
    form = app.form("/phone/voice")
    assert (form["From"], form["FromCountry"]) == ("anonymous", "")


@pytest.mark.parametrize(
    ("attributes", "keys", "digits", "finished_on"),
    [
        ('numDigits="1"', "1", "1", ""),
        ('numDigits="4"', "12345", "1234", ""),
        ("", "12351#", "12351", "#"),
        ('finishOnKey="*"', "5*9", "5", "*"),
    ],
)
def test_keys_are_gathered(attributes: str, keys: str, digits: str, finished_on: str) -> None:
    app = ScriptedApp(
        voice=f'<Gather action="/phone/menu" {attributes}><Say>请按键</Say></Gather>',
        menu="<Hangup/>",
    )
    call = carrier_of(app).call(WORKER)
    assert call.state == "gathering"
    call.press(keys)
    form = app.form("/phone/menu")
    assert (form["Digits"], form["FinishedOnKey"]) == (digits, finished_on)
    assert form["CallStatus"] == "in-progress"


def test_keys_without_an_end_are_handed_in_after_the_timeout() -> None:
    app = ScriptedApp(voice='<Gather action="/phone/menu" timeout="4"/>', menu="<Hangup/>")
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    call.press("12")
    carrier.advance(3)
    call.press("3")
    carrier.advance(3.9)
    assert app.forms("/phone/menu") == []
    carrier.advance(0.2)
    assert app.form("/phone/menu")["Digits"] == "123"


def test_silence_goes_on_with_the_next_verb_and_asks_nothing() -> None:
    app = ScriptedApp(voice='<Gather action="/phone/menu" timeout="3"/><Say>没有听到</Say>')
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    carrier.advance(2.9)
    assert call.heard == []
    carrier.advance(0.1)
    assert call.heard == ["没有听到"]
    assert app.forms("/phone/menu") == []


def test_silence_is_handed_in_when_the_document_asks_for_it() -> None:
    page = '<Gather action="/phone/menu" actionOnEmptyResult="true" timeout="3"/>'
    app = ScriptedApp(voice=page, menu="<Hangup/>")
    carrier = carrier_of(app)
    carrier.call(WORKER)
    carrier.advance(3)
    assert app.form("/phone/menu")["Digits"] == ""


def test_a_gather_without_action_asks_its_own_document_again() -> None:
    app = ScriptedApp(voice=['<Gather numDigits="1"/>', "<Say>谢谢</Say>"])
    call = carrier_of(app).call(WORKER, presses={1: "9"})
    assert call.heard == ["谢谢"]
    assert [form.get("Digits") for form in app.forms("/phone/voice")] == [None, "9"]


def test_words_answer_a_question_that_takes_speech() -> None:
    page = '<Gather input="dtmf speech" language="cmn-Hans-CN" action="/phone/said"/>'
    app = ScriptedApp(voice=page, said="<Hangup/>")
    call = carrier_of(app).call(WORKER, says=["老板欠薪"])
    form = app.form("/phone/said")
    assert (form["SpeechResult"], form["Language"]) == ("老板欠薪", "cmn-Hans-CN")
    assert 0 < float(form["Confidence"]) <= 1
    assert call.transcript == ["老板欠薪"]


def test_scripted_keys_find_their_question_by_its_words() -> None:
    app = ScriptedApp(
        voice='<Gather numDigits="1" action="/phone/two"><Say>普通话请按1</Say></Gather>',
        two='<Gather numDigits="1" action="/phone/three"><Say>投诉请按2</Say></Gather>',
        three="<Hangup/>",
    )
    carrier_of(app).call(WORKER, presses={"投诉": "2", "普通话": "1"})
    assert app.form("/phone/two")["Digits"] == "1"
    assert app.form("/phone/three")["Digits"] == "2"


def test_keys_nobody_waits_for_are_lost() -> None:
    app = ScriptedApp(voice='<Say>您好</Say><Pause length="5"/><Gather action="/phone/menu"/>')
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    call.press("1")
    carrier.advance(10)
    assert app.forms("/phone/menu") == []


def test_a_message_is_recorded_until_the_caller_falls_silent() -> None:
    app = ScriptedApp(
        voice='<Record action="/phone/taped" recordingStatusCallback="/phone/rec" timeout="4"/>',
        taped="<Say>已记录</Say>",
    )
    carrier = carrier_of(app)
    call = carrier.call(WORKER, says=["请回电话", "谢谢"])
    assert call.state == "recording"
    carrier.advance(10)
    form = app.form("/phone/taped")
    assert form["RecordingSid"].startswith("RE")
    assert form["Digits"] == ""
    assert int(form["RecordingDuration"]) == 6
    assert call.heard == ["已记录"]
    status = app.form("/phone/rec")
    assert (status["RecordingStatus"], status["RecordingSource"]) == ("completed", "RecordVerb")
    assert "From" not in status


def test_hanging_up_in_a_recording_still_leaves_a_message() -> None:
    app = ScriptedApp(voice='<Record action="/phone/taped"/>')
    carrier = carrier_of(app)
    call = carrier.call(WORKER, says=["请回电话，我的事很急"])
    carrier.advance(2)
    call.hang_up()
    form = app.form("/phone/taped")
    assert (form["Digits"], form["CallStatus"]) == ("hangup", "completed")
    assert form["RecordingDuration"] == "2"


def test_an_empty_recording_asks_nothing() -> None:
    app = ScriptedApp(voice='<Record action="/phone/taped"/><Say>没有留言</Say>')
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    carrier.advance(5)
    assert call.heard == ["没有留言"]
    assert app.forms("/phone/taped") == []


def test_a_rejected_call_is_never_answered() -> None:
    app = ScriptedApp(voice='<Reject reason="busy"/>')
    call = carrier_of(app).call(WORKER)
    assert (call.status, call.end_reason) == ("busy", "rejected")
    assert app.form("/phone/status")["CallDuration"] == "0"


def test_a_waiting_caller_hears_the_wait_document_again_and_again() -> None:
    app = ScriptedApp(voice=QUEUE, wait=WAIT)
    carrier = carrier_of(app)
    call = carrier.call(WORKER, patience=None)
    other = carrier.call("+8613800000002", patience=None)
    carrier.advance(25)
    assert (call.state, other.state) == ("queued", "queued")
    assert call.heard.count("请稍候") == 3
    first, second = app.forms("/phone/wait")[:2]
    assert (first["QueuePosition"], second["QueuePosition"]) == ("1", "2")
    assert (second["CurrentQueueSize"], second["MaxQueueSize"]) == ("2", "1000")


def test_a_wait_document_without_length_is_no_whirl() -> None:
    app = ScriptedApp(voice=QUEUE, wait="")
    carrier = carrier_of(app)
    carrier.call(WORKER, patience=None)
    carrier.advance(10)
    assert len(app.forms("/phone/wait")) == 11


def test_a_caller_who_loses_patience_is_reported_as_hung_up() -> None:
    app = ScriptedApp(voice=QUEUE, wait=WAIT)
    carrier = carrier_of(app)
    call = carrier.call(WORKER, patience=42)
    carrier.advance(41)
    assert call.state == "queued"
    carrier.advance(1)
    assert call.end_reason == "lost patience"
    form = app.form("/phone/end")
    assert (form["QueueResult"], form["QueueTime"]) == ("hangup", "42")
    assert form["CallStatus"] == "completed"
    assert kinds(carrier)[-2:] == ["voice.enqueue.action.hangup", "voice.status.completed"]


def test_leave_takes_the_caller_out_of_the_queue() -> None:
    app = ScriptedApp(
        voice=QUEUE,
        wait='<Gather numDigits="1" action="/phone/choice" timeout="20"/>',
        choice="<Leave/>",
        end="<Say>我们会给您回电</Say>",
    )
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    carrier.advance(7)
    call.press("9")
    assert app.form("/phone/end")["QueueResult"] == "leave"
    assert app.form("/phone/end")["QueueTime"] == "7"
    assert call.heard == ["我们会给您回电"]


def test_a_full_queue_turns_callers_away() -> None:
    page = '<Enqueue action="/phone/end" maxQueueSize="1">small</Enqueue>'
    app = ScriptedApp(voice=page, end="<Say>占线</Say>")
    carrier = carrier_of(app)
    carrier.call(WORKER)
    second = carrier.call("+8613800000002")
    assert app.form("/phone/end")["QueueResult"] == "queue-full"
    assert "QueueSid" not in app.form("/phone/end")
    assert second.heard == ["占线"]


def test_an_operator_takes_the_first_caller_of_the_queue() -> None:
    app = ScriptedApp(
        voice=QUEUE,
        wait=WAIT,
        desk='<Dial action="/phone/dialled"><Queue url="/phone/whisper">main</Queue></Dial>',
        whisper="<Say>正在接通</Say>",
        end="<Say>感谢来电</Say>",
    )
    carrier = carrier_of(app)
    first = carrier.call(WORKER)
    second = carrier.call("+8613800000002")
    carrier.advance(8)
    desk = client_of(carrier).calls.create(
        to=DESK, from_=NUMBER, url="http://hotline.test/phone/desk"
    )
    carrier.advance(3)
    assert (first.state, second.state) == ("bridged", "queued")
    assert first.bridged_to == DESK
    whisper = app.form("/phone/whisper")
    assert whisper["CallSid"] == first.sid
    assert (whisper["DequeingCallSid"], whisper["QueueTime"]) == (desk.sid, "10")
    assert first.heard[-1] == "正在接通"
    assert app.forms("/phone/end") == []
    carrier.advance(30)
    carrier.phone(DESK).calls[-1].hang_up()
    form = app.form("/phone/end")
    assert (form["QueueResult"], form["CallStatus"]) == ("bridged", "in-progress")
    assert first.heard[-1] == "感谢来电"
    dialled = app.form("/phone/dialled")
    assert (dialled["DialCallStatus"], dialled["DialBridged"]) == ("completed", "true")
    assert (dialled["CallSid"], dialled["CallStatus"]) == (desk.sid, "completed")


def test_an_operator_waits_for_a_caller_when_the_queue_is_empty() -> None:
    app = ScriptedApp(voice=QUEUE, desk='<Dial timeout="20"><Queue>main</Queue></Dial>')
    carrier = carrier_of(app)
    client_of(carrier).calls.create(to=DESK, from_=NUMBER, url="http://hotline.test/phone/desk")
    carrier.advance(10)
    call = carrier.call(WORKER)
    assert call.state == "bridged"


def test_a_waiting_caller_is_led_to_an_operators_browser() -> None:
    app = ScriptedApp(
        voice=QUEUE,
        wait=WAIT,
        take='<Dial action="/phone/dialled"><Client>operator-7</Client></Dial>',
        dialled="<Say>请评价</Say>",
    )
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    carrier.advance(5)
    client_of(carrier).calls(call.sid).update(url="http://hotline.test/phone/take", method="POST")
    assert call.state == "queued", "what the API sets off waits for the next turn"
    carrier.advance()
    assert (call.state, call.bridged_to) == ("bridged", "client:operator-7")
    assert app.form("/phone/end")["QueueResult"] == "redirected"
    carrier.advance(12)
    carrier.phone("client:operator-7").calls[-1].hang_up()
    form = app.form("/phone/dialled")
    assert (form["DialCallStatus"], form["DialBridged"]) == ("completed", "true")
    assert form["DialCallDuration"] == "12"
    assert form["DialCallSid"] == carrier.phone("client:operator-7").calls[-1].sid
    assert call.heard[-1] == "请评价"


def test_a_caller_led_out_of_a_conversation_is_redirected_from_bridged() -> None:
    app = ScriptedApp(
        voice=QUEUE,
        desk='<Dial action="/phone/dialled"><Queue>main</Queue></Dial>',
        other='<Say>转接中</Say><Pause length="60"/>',
    )
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    api = client_of(carrier)
    api.calls.create(to=DESK, from_=NUMBER, url="http://hotline.test/phone/desk")
    carrier.advance(5)
    api.calls(call.sid).update(url="http://hotline.test/phone/other")
    carrier.advance()
    assert app.form("/phone/end")["QueueResult"] == "redirected-from-bridged"
    assert app.form("/phone/dialled")["DialCallStatus"] == "completed"
    assert call.heard == ["转接中"]
    assert call.state == "listening"


def test_what_the_caller_says_in_a_conversation_is_transcribed() -> None:
    start = '<Start><Transcription statusCallbackUrl="/phone/words" languageCode="zh-CN"/></Start>'
    app = ScriptedApp(voice=f"{start}<Dial><Client>operator-7</Client></Dial>")
    carrier = carrier_of(app)
    call = carrier.call(WORKER, says=["欠薪三个月", "一共两万"])
    carrier.advance(20)
    carrier.phone("client:operator-7").calls[-1].speak("您在哪里上班？")
    call.hang_up()
    events = app.forms("/phone/words")
    assert [e["TranscriptionEvent"].removeprefix("transcription-") for e in events] == [
        "started",
        "content",
        "content",
        "content",
        "stopped",
    ]
    assert '"transcript": "欠薪三个月"' in events[1]["TranscriptionData"]
    assert [e["Track"] for e in events[1:4]] == ["inbound_track"] * 2 + ["outbound_track"]
    assert [e["SequenceId"] for e in events] == ["1", "2", "3", "4", "5"]
    assert call.transcript == ["欠薪三个月", "一共两万"]


def test_a_caller_stays_after_the_last_word_and_then_hangs_up() -> None:
    app = ScriptedApp(voice="<Dial><Client>operator-7</Client></Dial>")
    carrier = carrier_of(app)
    call = carrier.call(WORKER, says=["谢谢"], stays=30)
    carrier.advance(35)
    assert call.state == "bridged"
    carrier.advance(2)
    assert call.end_reason == "caller hung up"


def test_the_whole_call_lasts_no_longer_than_the_caller_does() -> None:
    app = ScriptedApp(voice='<Pause length="500"/>')
    carrier = carrier_of(app)
    call = carrier.call(WORKER, hangs_up_after=100)
    carrier.advance(99)
    assert call.state != "ended"
    carrier.advance(1)
    assert call.end_reason == "caller hung up"
