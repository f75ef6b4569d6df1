"""Texts: what reaches a phone, what the hotline is told, what it answers."""

import pytest
from twilio.base.exceptions import TwilioRestException

from simulator import Answer, Phone, Sms
from simulator.messages import segments
from tests.carrier.scripted_app import (
    ACCOUNT,
    APP,
    NUMBER,
    WORKER,
    ScriptedApp,
    carrier_of,
    client_of,
)

CALLBACK = f"{APP}/phone/sms/status?attempt=7"


def send(carrier: object, to: str = WORKER) -> str:
    return (
        client_of(carrier)  # type: ignore[arg-type] - a carrier, as everywhere here
        .messages.create(to=to, from_=NUMBER, body="请评价", status_callback=CALLBACK)
        .sid
    )


def test_a_text_reaches_its_phone_and_receipts_follow() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app)
    sid = send(carrier)
    assert carrier.phone(WORKER).inbox == ["请评价"]
    (sms,) = carrier.ledger
    assert (sms.sid, sms.from_, sms.to, sms.status_callback) == (sid, NUMBER, WORKER, CALLBACK)
    assert app.requests == []
    carrier.advance(5)
    sent, delivered = app.forms("/phone/sms/status")
    assert [f["MessageStatus"] for f in (sent, delivered)] == ["sent", "delivered"]
    assert (sent["MessageSid"], sent["SmsSid"], sent["AccountSid"]) == (sid, sid, ACCOUNT)
    assert "RawDlrDoneDate" not in sent
    assert delivered["RawDlrDoneDate"] == "2611220200"
    assert app.requests[0].url == CALLBACK


def test_a_phone_that_is_off_gets_nothing() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app)
    carrier.phone(WORKER).reachable = False
    sid = send(carrier)
    carrier.advance(5)
    last = app.forms("/phone/sms/status")[-1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30003")
    assert carrier.ledger == []
    assert client_of(carrier).messages(sid).fetch().error_code == 30003


def test_a_landline_is_refused() -> None:
    carrier = carrier_of(ScriptedApp())
    carrier.phone(WORKER).landline = True
    with pytest.raises(TwilioRestException) as refused:
        send(carrier)
    assert refused.value.code == 21614


def test_stop_blocks_and_start_opens() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app)
    carrier.text(WORKER, " stop ")
    with pytest.raises(TwilioRestException) as refused:
        send(carrier)
    assert refused.value.code == 21610
    carrier.text(WORKER, "START")
    send(carrier)
    assert len(carrier.ledger) == 1
    assert [form["Body"] for form in app.forms("/phone/sms")] == [" stop ", "START"]


def test_a_text_to_the_hotline_is_answered_at_once() -> None:
    app = ScriptedApp(sms="<Message>已收到，编号001</Message><Message><Body>谢谢</Body></Message>")
    carrier = carrier_of(app)
    sms = carrier.text(WORKER, "老板欠薪")
    form = app.form("/phone/sms")
    assert (form["Body"], form["From"], form["To"]) == ("老板欠薪", WORKER, NUMBER)
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"] == sms.sid
    assert (form["NumMedia"], form["NumSegments"], form["SmsStatus"]) == ("0", "1", "received")
    assert sms.replies == ["已收到，编号001", "谢谢"]
    assert sms.answer is not None
    assert sms.answer.status == 200
    assert carrier.phone(WORKER).inbox == sms.replies
    first, second, asked = client_of(carrier).messages.list()[::-1]
    assert (first.direction, second.direction, asked.direction) == (
        "inbound",
        "outbound-reply",
        "outbound-reply",
    )


def test_a_text_may_be_answered_with_nothing() -> None:
    carrier = carrier_of(ScriptedApp(sms=Answer(204)))
    sms = carrier.text(WORKER, "您好")
    assert sms.answer == Answer(204)
    assert (sms.replies, carrier.journal.troubles()) == ([], [])


def test_the_same_text_comes_again_with_the_same_token() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app)
    first = carrier.text(WORKER, "您好")
    carrier.text(WORKER, "您好", sid=first.sid)
    one, two = app.requests
    assert one.body == two.body
    assert one.headers["I-Twilio-Idempotency-Token"] == two.headers["I-Twilio-Idempotency-Token"]
    assert len(client_of(carrier).messages.list()) == 1


def test_a_worker_answers_a_text() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app)

    def answer(phone: Phone, sms: Sms) -> None:
        carrier.text(phone.number, "１")

    carrier.phone(WORKER).on_text = answer
    send(carrier)
    assert app.forms("/phone/sms") == []
    carrier.advance()
    assert app.form("/phone/sms")["Body"] == "１"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("工" * 70, 1),
        ("工" * 71, 2),
        ("工" * 135, 3),
        ("工" * 201, 3),
        ("工" * 202, 4),
        ("工" * 500, 8),
        ("工" * 1600, 24),
        ("🙏" * 35, 1),
        ("🙏" * 36, 2),
        ("it’s", 1),
    ],
)
def test_segments_are_counted_as_the_carrier_bills_them(text: str, expected: int) -> None:
    assert segments(text) == expected
