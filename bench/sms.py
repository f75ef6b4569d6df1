"""Signed inbound SMS as the carrier posts them, each of another sender, built beforehand."""

import itertools
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from hotline.telephony.signature import sign

ACCOUNT: Final = "AC" + "12351".zfill(32)
TOKEN: Final = "0123456789abcdef0123456789abcdef"
PUBLIC_URL: Final = "https://hotline.example"
NUMBER: Final = "+8647112351"
PATH: Final = "/phone/sms"
WORDS: Final = "您好，我在演示工地干了三个月，工资一直没有发，想请工会帮忙"

_counter = itertools.count(1)


def requests(count: int) -> list[bytes]:
    """Return *count* requests that nobody has sent before."""
    return list(itertools.islice(_requests(), count))


def _requests() -> Iterator[bytes]:
    while True:
        yield post(form(next(_counter)))


def form(ordinal: int) -> dict[str, str]:
    """Return the carrier's form for the SMS of that ordinal."""
    sid = f"SM{ordinal:032x}"
    return {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "Body": f"{WORDS}（{ordinal}）",
        "From": f"+86138{ordinal:08d}",
        "FromCity": "",
        "FromCountry": "CN",
        "FromState": "",
        "FromZip": "",
        "MessageSid": sid,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "To": NUMBER,
        "ToCity": "",
        "ToCountry": "CN",
        "ToState": "",
        "ToZip": "",
    }


def post(fields: dict[str, str], path: str = PATH) -> bytes:
    """Return the bytes of one signed request."""
    body = urlencode(fields).encode()
    signature = sign(TOKEN, PUBLIC_URL + path, fields.items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: hotline.example\r\nUser-Agent: TwilioProxy/1.1\r\n"
        "Accept: */*\r\nContent-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
        f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
