"""Calls that go out: by the API, and by Dial to phones that answer or do not."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.carrier.scripted_app import (
    APP,
    DESK,
    NUMBER,
    WORKER,
    ScriptedApp,
    carrier_of,
    client_of,
)

EVENTS = ["initiated", "ringing", "answered", "completed"]


def test_progress_of_a_call_is_told_in_order() -> None:
    app = ScriptedApp(out="<Say>您好</Say>")
    carrier = carrier_of(app)
    client_of(carrier).calls.create(
        to=WORKER,
        from_=NUMBER,
        url=f"{APP}/phone/out",
        status_callback=f"{APP}/phone/progress",
        status_callback_event=EVENTS,
    )
    assert app.requests == []
    carrier.advance(5)
    told = app.forms("/phone/progress")
    assert [form["CallStatus"] for form in told] == [
        "initiated",
        "ringing",
        "in-progress",
        "completed",
    ]
    assert [form["SequenceNumber"] for form in told] == ["0", "1", "2", "3"]
    assert told[-1]["SipResponseCode"] == "200"
    assert carrier.phone(WORKER).calls[-1].heard == ["您好"]


@pytest.mark.parametrize(
    ("habits", "status", "code"),
    [
        ({"busy": True}, "busy", "486"),
        ({"answers": False}, "no-answer", "487"),
        ({"answers_after": 100.0}, "no-answer", "487"),
    ],
)
def test_a_call_that_is_not_answered(habits: dict[str, object], status: str, code: str) -> None:
    app = ScriptedApp()
    carrier = carrier_of(app)
    for name, value in habits.items():
        setattr(carrier.phone(WORKER), name, value)
    sid = _place(carrier)
    carrier.advance(60)
    form = app.form("/phone/progress")
    assert (form["CallStatus"], form["SipResponseCode"]) == (status, code)
    assert client_of(carrier).calls(sid).fetch().status == status
    assert app.forms("/phone/out") == []


def _place(carrier: object) -> str:
    return (
        client_of(carrier)  # type: ignore[arg-type] - a carrier, as everywhere here
        .calls.create(
            to=WORKER,
            from_=NUMBER,
            url=f"{APP}/phone/out",
            status_callback=f"{APP}/phone/progress",
        )
        .sid
    )


def test_a_machine_answers_after_a_while() -> None:
    app = ScriptedApp(out="<Say>请回电</Say>")
    carrier = carrier_of(app)
    carrier.phone(WORKER).answers = False
    carrier.phone(WORKER).voicemail = True
    _place(carrier)
    carrier.advance(30)
    assert app.form("/phone/out")["AnsweredBy"] == "machine_start"


def test_a_call_cancelled_before_it_rings_tells_nobody() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app)
    sid = _place(carrier)
    client_of(carrier).calls(sid).update(status="canceled")
    carrier.advance(60)
    assert app.requests == []
    assert client_of(carrier).calls(sid).fetch().status == "canceled"


def test_a_ringing_call_can_be_cancelled() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app)
    sid = _place(carrier)
    carrier.advance(1)
    client_of(carrier).calls(sid).update(status="canceled")
    carrier.advance(60)
    assert app.form("/phone/progress")["CallStatus"] == "canceled"
    assert app.forms("/phone/out") == []


def test_a_call_that_is_over_cannot_be_led_anywhere() -> None:
    app = ScriptedApp(voice="<Hangup/>")
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    with pytest.raises(TwilioRestException) as refused:
        client_of(carrier).calls(call.sid).update(url=f"{APP}/phone/out")
    assert (refused.value.status, refused.value.code) == (400, 21220)


def test_a_live_call_is_ended_by_the_api() -> None:
    app = ScriptedApp(voice='<Pause length="1"/><Pause length="600"/>')
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    carrier.advance(31)
    client_of(carrier).calls(call.sid).update(status="completed")
    carrier.advance()
    assert call.end_reason == "ended by the API"
    assert app.form("/phone/status")["CallDuration"] == "30"


def test_a_call_runs_the_document_it_was_made_with() -> None:
    carrier = carrier_of(ScriptedApp())
    client_of(carrier).calls.create(
        to=WORKER, from_=NUMBER, twiml="<Response><Say>提醒您</Say></Response>"
    )
    carrier.advance(3)
    assert carrier.phone(WORKER).calls[-1].heard == ["提醒您"]


def test_a_person_who_is_called_presses_and_speaks_their_part() -> None:
    app = ScriptedApp(
        out='<Gather numDigits="1" action="/phone/score"><Say>请评价，1到5</Say></Gather>',
        score="<Hangup/>",
    )
    carrier = carrier_of(app)
    carrier.phone(WORKER).presses = {"评价": "2"}
    _place(carrier)
    carrier.advance(3)
    assert app.form("/phone/score")["Digits"] == "2"


def test_the_first_phone_that_answers_is_connected_and_the_others_stop() -> None:
    app = ScriptedApp(
        voice='<Dial action="/phone/dialled" callerId="+8647112351">'
        '<Number statusCallback="/phone/leg">+8613900000001</Number>'
        '<Number statusCallback="/phone/leg">+8613900000002</Number></Dial>',
        dialled="<Hangup/>",
    )
    carrier = carrier_of(app)
    carrier.phone(DESK).answers_after = 9
    carrier.phone("+8613900000002").answers_after = 4
    call = carrier.call(WORKER)
    assert call.state == "dialling"
    carrier.advance(4)
    assert (call.state, call.bridged_to) == ("bridged", "+8613900000002")
    lost = app.form("/phone/leg")
    assert (lost["To"], lost["CallStatus"]) == (DESK, "canceled")
    assert (lost["Direction"], lost["ParentCallSid"]) == ("outbound-dial", call.sid)
    carrier.advance(10)
    call.hang_up()
    form = app.form("/phone/dialled")
    assert (form["DialCallStatus"], form["CallStatus"]) == ("completed", "completed")
    assert carrier.phone("+8613900000002").calls[-1].state == "ended"


def test_a_dial_nobody_answers_goes_on_with_its_action() -> None:
    app = ScriptedApp(
        voice=f'<Dial action="/phone/dialled" timeout="15">{DESK}</Dial>', dialled="<Say>无人</Say>"
    )
    carrier = carrier_of(app)
    carrier.phone(DESK).answers = False
    call = carrier.call(WORKER)
    carrier.advance(15)
    form = app.form("/phone/dialled")
    assert (form["DialCallStatus"], form["DialBridged"]) == ("no-answer", "false")
    assert "DialCallDuration" not in form
    assert call.heard == ["无人"]


def test_a_caller_who_hangs_up_while_it_rings_cancels_the_dial() -> None:
    app = ScriptedApp(voice=f'<Dial action="/phone/dialled">{DESK}</Dial>')
    carrier = carrier_of(app)
    carrier.phone(DESK).answers_after = 20
    call = carrier.call(WORKER)
    carrier.advance(5)
    call.hang_up()
    carrier.advance(30)
    assert app.form("/phone/dialled")["DialCallStatus"] == "canceled"
    assert carrier.phone(DESK).calls == []


def test_a_whisper_can_be_declined() -> None:
    app = ScriptedApp(
        voice=f'<Dial action="/phone/dialled"><Number url="/phone/ask">{DESK}</Number></Dial>',
        ask='<Gather numDigits="1" action="/phone/yes"><Say>按1接听</Say></Gather><Hangup/>',
        dialled="<Say>对不起</Say>",
    )
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    carrier.advance(2)
    assert call.state == "dialling"
    assert app.form("/phone/ask")["ParentCallSid"] == call.sid
    carrier.advance(5)
    form = app.form("/phone/dialled")
    assert (form["DialCallStatus"], form["DialBridged"]) == ("completed", "false")
    assert call.heard == ["对不起"]


def test_a_whisper_that_is_accepted_connects() -> None:
    app = ScriptedApp(
        voice=f'<Dial><Number url="/phone/ask">{DESK}</Number></Dial>',
        ask='<Gather numDigits="1" action="/phone/yes"/><Hangup/>',
        yes="<Say>接通</Say>",
    )
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    carrier.advance(2)
    carrier.phone(DESK).calls[-1].press("1")
    assert call.state == "bridged"


def test_the_caller_is_not_answered_before_the_bridge_stands() -> None:
    app = ScriptedApp(voice=f'<Dial answerOnBridge="true" timeLimit="60">{DESK}</Dial>')
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    assert call.status == "ringing"
    carrier.advance(2)
    assert (call.status, call.state) == ("in-progress", "bridged")
    carrier.advance(60)
    assert call.state == "ended"


def test_a_recorded_dial_tells_of_its_recording() -> None:
    app = ScriptedApp(
        voice='<Dial record="record-from-answer-dual" recordingStatusCallback="/phone/rec" '
        f'action="/phone/dialled">{DESK}</Dial>',
        dialled="<Hangup/>",
    )
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    carrier.advance(12)
    carrier.phone(DESK).calls[-1].hang_up()
    carrier.advance(2)
    form, recording = app.form("/phone/dialled"), app.form("/phone/rec")
    assert form["RecordingSid"] == recording["RecordingSid"]
    assert (recording["RecordingChannels"], recording["RecordingDuration"]) == ("2", "10")
    assert recording["CallSid"] == call.sid


def test_somebody_joins_a_conference_with_the_first_participant() -> None:
    room = (
        '<Dial action="/phone/dialled"><Conference statusCallback="/phone/room" '
        'statusCallbackEvent="start end join leave" endConferenceOnExit="{ends}" '
        'participantLabel="{who}">T-1</Conference></Dial>'
    )
    app = ScriptedApp(voice=room.format(ends="true", who="worker"), dialled="<Say>结束</Say>")
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    api = client_of(carrier)
    (conference,) = api.conferences.list(friendly_name="T-1")
    assert conference.status == "init"
    api.conferences("T-1").participants.create(to=DESK, from_=NUMBER, label="operator")
    carrier.advance(3)
    assert (call.state, call.bridged_to) == ("conference", DESK)
    assert [p.label for p in api.conferences(conference.sid).participants.list()] == [
        "worker",
        "operator",
    ]
    api.conferences(conference.sid).participants("operator").update(muted=True)
    call.hang_up()
    carrier.advance()
    events = app.forms("/phone/room")
    assert [e["StatusCallbackEvent"] for e in events] == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    assert [e["SequenceNumber"] for e in events] == ["1", "2", "3", "4", "5", "6"]
    ended = api.conferences(conference.sid).fetch()
    assert ended.reason_conference_ended == "participant-with-end-conference-on-exit-left"
    assert carrier.phone(DESK).calls[-1].state == "ended"
