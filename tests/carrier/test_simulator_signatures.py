"""The simulator signs as the carrier does, by the reference's own vectors and library."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from simulator.signing import signature, voice_address
from tests.carrier.scripted_app import TOKEN, WORKER, ScriptedApp, carrier_of

HOST = "https://hotline.example.cn"
VOICE = f"{HOST}/twilio/voice"
SID = "CallSid=CA00000000000000000000000000000001"
RINGING = f"{SID}&CallStatus=ringing"
PLAIN = (
    f"AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01&{RINGING}"
    "&Called=%2B8647112351&Caller=%2B8613800138000&Direction=inbound"
    "&From=%2B8613800138000&To=%2B8647112351"
)
VECTORS = {
    "plain form": (f"{VOICE}/inbound", PLAIN, "+4Y4l4902uLfZamlxxqQrfNdxzU="),
    "the same name twice": (
        f"{VOICE}/gather?step=2&lang=zh-CN",
        f"{SID}&Digits=5678&Digits=1234&Digits=1234",
        "+95MOgDHoX9f7BcT/YNW/ujjKB8=",
    ),
    "encoded query and white space": (
        f"{VOICE}/status?z=1&a=%E6%B1%82%E5%8A%A9&b=x+y",
        f"{SID}&CallStatus=completed&Note=++leading+and+trailing++",
        "Kjoa+7pf75G5g8CCBmla7dICdmc=",
    ),
    "GET": (
        f"{VOICE}/inbound?{RINGING}&From=%2B8613800138000",
        "",
        "pUK2awGE13Qkypa946ACt18cLZw=",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_known_requests_have_known_signatures(name: str) -> None:
    url, body, expected = VECTORS[name]
    form = parse_qsl(body, keep_blank_values=True)
    assert signature(TOKEN, url, form) == expected
    assert RequestValidator(TOKEN).compute_signature(url, MultiDict(form)) == expected


def test_every_webhook_of_a_call_and_a_text_passes_the_library() -> None:
    app = ScriptedApp(
        voice='<Gather numDigits="1" action="/phone/menu?a=%E6%B1%82&amp;b=x+y"/>',
        menu='<Redirect method="GET">/phone/last?q=1</Redirect>',
        last="<Say>再见，谢谢🙏</Say>",
        sms="<Message>收到</Message>",
    )
    carrier = carrier_of(app)
    carrier.call(WORKER, presses={1: "7"})
    carrier.text(WORKER, " 满意，谢谢工会！🙏 ")
    carrier.advance(10)
    assert len(app.requests) >= 5
    for webhook in app.requests:
        form = dict(parse_qsl(webhook.body, keep_blank_values=True))
        sent = webhook.headers["X-Twilio-Signature"]
        assert RequestValidator(TOKEN).validate(webhook.url, form, sent), webhook.url


def test_the_fragment_is_neither_sent_nor_signed() -> None:
    app = ScriptedApp()
    carrier = carrier_of(app)
    line = carrier.exchange.line
    line.sms = line.sms.relative(f"{line.sms.url}#rc=2&rp=5xx")
    carrier.text(WORKER, "您好")
    (webhook,) = app.requests
    assert urlsplit(webhook.url).fragment == ""
    form = dict(parse_qsl(webhook.body, keep_blank_values=True))
    expected = RequestValidator(TOKEN).compute_signature(webhook.url, form)
    assert webhook.headers["X-Twilio-Signature"] == expected


def test_voice_over_https_is_signed_without_its_port() -> None:
    assert voice_address("https://h.cn:8443/x?a=1") == "https://h.cn/x?a=1"
    assert voice_address("http://h.cn:8000/x") == "http://h.cn:8000/x"
    assert voice_address("https://h.cn/x") == "https://h.cn/x"
