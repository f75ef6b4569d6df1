"""Bad answers fail over to the fallback, exactly as with the carrier itself."""

import pytest

from simulator import Answer, Carrier, Webhook, twiml
from simulator.webhook import Target
from tests.carrier.scripted_app import APP, WORKER, ScriptedApp, carrier_of, client_of, xml

XML = {"Content-Type": "text/xml"}
BAD = {
    "a server error": (Answer(500, XML, "<Response/>"), 11200),
    "a refusal": (Answer(403, XML, "no"), 11200),
    "no content type": (Answer(200, {}, "<Response/>"), 11200),
    "no well-formed document": (Answer(200, XML, "<Response><Say>"), 12100),
    "a blank before the document": (Answer(200, XML, " <?xml version='1.0'?><Response/>"), 12100),
    "another root": (Answer(200, XML, "<Say>您好</Say>"), 12100),
    "a document type": (Answer(200, XML, "<!DOCTYPE x><Response/>"), 12100),
    "nothing": (Answer(200, XML, ""), 12100),
    "JSON": (Answer(200, {"Content-Type": "application/json"}, "{}"), 12300),
    "too much": (Answer(200, XML, f"<Response><Say>{'工' * 22000}</Say></Response>"), 11750),
    "silence": (TimeoutError(), 11200),
    "nobody": (ConnectionError(), 11205),
    "redirects for ever": (Answer(302, {"Location": "/phone/voice"}), 11215),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_leads_to_the_fallback(name: str) -> None:
    page, code = BAD[name]
    app = ScriptedApp(voice=page, voice_fallback="<Say>系统忙</Say>")
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    carrier.advance(15)
    form = app.form("/phone/voice/fallback")
    assert form["ErrorCode"] == str(code)
    assert form["ErrorUrl"] == f"{APP}/phone/voice"
    assert form["CallSid"] == call.sid
    assert call.heard == ["系统忙"]


def test_a_timeout_takes_fifteen_seconds() -> None:
    app = ScriptedApp(voice=TimeoutError(), voice_fallback="<Say>系统忙</Say>")
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    carrier.advance(14.9)
    assert call.heard == []
    carrier.advance(0.1)
    assert call.heard == ["系统忙"]


def test_a_failing_fallback_ends_the_call_with_an_apology() -> None:
    app = ScriptedApp(voice=Answer(500), voice_fallback=Answer(500))
    carrier = carrier_of(app)
    call = carrier.call(WORKER)
    assert call.end_reason == "application error"
    assert "application error" in call.heard[-1]
    assert app.form("/phone/status")["CallStatus"] == "failed"


def test_documents_that_lead_in_a_circle_are_cut() -> None:
    app = ScriptedApp(voice="<Redirect/>", voice_fallback="<Say>系统忙</Say>")
    call = carrier_of(app).call(WORKER)
    assert call.heard == ["系统忙"]
    assert len(app.forms("/phone/voice")) == 25


def test_the_carrier_follows_http_redirects() -> None:
    moved = Answer(307, {"Location": "/phone/moved?x=1"})
    call = carrier_of(ScriptedApp(voice=moved, moved="<Say>您好</Say>")).call(WORKER)
    assert call.heard == ["您好"]


@pytest.mark.parametrize(
    ("fragment", "page", "tries"),
    [
        ("", ConnectionError(), 2),
        ("", Answer(500), 1),
        ("", TimeoutError(), 1),
        ("#rc=3&rp=5xx", Answer(503), 4),
        ("#rc=2&rp=all", TimeoutError(), 3),
        ("#rc=0", ConnectionError(), 1),
        ("#rc=9&rp=4xx", Answer(404), 6),
    ],
)
def test_retries_follow_the_overrides(fragment: str, page: object, tries: int) -> None:
    app = ScriptedApp(voice=page)
    carrier = carrier_of(app)
    line = carrier.exchange.line
    line.voice = Target(line.voice.url + fragment)
    carrier.call(WORKER)
    carrier.advance(60)
    sent = carrier.journal.of("voice.inbound")
    assert len(sent) == tries
    assert len({entry.token for entry in sent}) == 1
    assert [entry.attempt for entry in sent] == list(range(1, tries + 1))


def test_what_the_schema_does_not_know_is_noted_and_passed_over() -> None:
    page = '<Say vioce="x">您好</Say><Dance/><Gather numdigits="1"><Record/></Gather><Say>好</Say>'
    carrier = carrier_of(ScriptedApp(voice=page))
    call = carrier.call(WORKER)
    carrier.advance(5)
    assert call.heard == ["您好", "好"]
    assert carrier.journal[0].warnings == [
        "12200 Say has no attribute vioce.",
        "12200 Dance is not allowed in Response.",
        "12200 Gather has no attribute numdigits.",
        "12200 Record is not allowed in Gather.",
    ]
    assert carrier.journal.troubles() == carrier.journal[:1]


def test_a_callback_is_to_be_answered_with_204_or_with_a_type() -> None:
    app = ScriptedApp(voice="<Hangup/>", status=Answer(200))
    carrier = carrier_of(app)
    carrier.call(WORKER)
    assert _complaint(carrier).startswith("11200")
    app.pages["/phone/status"] = Answer(500)
    carrier.call(WORKER)
    assert _complaint(carrier).startswith("15003")
    app.pages["/phone/status"] = xml("")
    carrier.call(WORKER)
    assert carrier.journal[-1].warnings == []


def _complaint(carrier: Carrier) -> str:
    (complaint,) = carrier.journal[-1].warnings
    return complaint


def test_a_bad_wait_document_puts_the_caller_out_of_the_queue() -> None:
    app = ScriptedApp(
        voice='<Enqueue action="/phone/end" waitUrl="/phone/wait">main</Enqueue>',
        wait=Answer(500),
        end="<Say>对不起</Say>",
    )
    call = carrier_of(app).call(WORKER)
    assert app.form("/phone/end")["QueueResult"] == "error"
    assert call.heard == ["对不起"]


def test_a_document_without_a_declaration_is_read() -> None:
    document = twiml.parse("<Response><Say>您好</Say></Response>", Target(APP))
    assert [verb.tag for verb in document.verbs] == ["Say"]


def test_a_call_ended_while_the_hotline_answers_falls_back_to_nothing() -> None:
    app = ScriptedApp(voice='<Gather numDigits="1" action="/phone/menu"/>')
    carrier = carrier_of(app)
    call = carrier.call(WORKER)

    def ended_meanwhile(webhook: Webhook) -> Answer:
        if webhook.url.endswith("/phone/menu"):
            client_of(carrier).calls(call.sid).update(status="completed")
        return Answer(500)

    carrier.exchange.post.transport = ended_meanwhile
    call.press("1")
    carrier.advance(5)
    assert call.end_reason == "ended by the API"
    assert carrier.journal.of("voice.fallback") == []
