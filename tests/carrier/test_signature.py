"""The carrier's signature: published vectors, the library's verdicts, and every known trap."""

import os
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from hotline.telephony.signature import public_url, sign, verify

TOKEN = "0123456789abcdef0123456789abcdef"
HOST = "https://hotline.example.cn"
CASES = 100_000 if os.environ.get("PROOFS") else 10_000
SMS = (
    "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01&Body=%E6%BB%A1%E6%84%8F"
    "%EF%BC%8C%E8%B0%A2%E8%B0%A2%E5%B7%A5%E4%BC%9A%EF%BC%81%E6%8B%96%E6%AC%A0%E5%B7%A5%E8%B5%84"
    "%E5%B7%B2%E5%88%B0%E8%B4%A6+%F0%9F%99%8F&From=%2B8613800138000"
    "&MessageSid=SM00000000000000000000000000000001&NumMedia=0&NumSegments=1"
    "&SmsMessageSid=SM00000000000000000000000000000001&SmsSid=SM00000000000000000000000000000001"
    "&SmsStatus=received&To=%2B8647112351&ToCity="
)
CALL = (
    "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01"
    "&CallSid=CA00000000000000000000000000000001&CallStatus=ringing&Called=%2B8647112351"
    "&Caller=%2B8613800138000&Direction=inbound&From=%2B8613800138000&To=%2B8647112351"
)
GATHER = "CallSid=CA00000000000000000000000000000001&Digits=5678&Digits=1234&Digits=1234"
STATUS = (
    "CallSid=CA00000000000000000000000000000001&CallStatus=completed&Note=++leading+and+trailing++"
)
ONE = "CallSid=CA00000000000000000000000000000001"
EIGHT = f"{HOST}:8443/twilio/voice/inbound"
DOCS = "CallSid=CA1234567890ABCDE&Caller={0}&Digits=1234&From={0}&To=%2B18005551212"

VECTORS = {
    "V1 call": (f"{HOST}/twilio/voice/inbound", CALL, "+4Y4l4902uLfZamlxxqQrfNdxzU="),
    "V2 Chinese": (f"{HOST}/twilio/sms/inbound", SMS, "TBdXC7s/c69AdnT2GUU3kScidrk="),
    "V3 duplicates": (
        f"{HOST}/twilio/voice/gather?step=2&lang=zh-CN",
        GATHER,
        "+95MOgDHoX9f7BcT/YNW/ujjKB8=",
    ),
    "V4 encoded query": (
        f"{HOST}/twilio/voice/status?z=1&a=%E6%B1%82%E5%8A%A9&b=x+y",
        STATUS,
        "Kjoa+7pf75G5g8CCBmla7dICdmc=",
    ),
    "V6a without port": (EIGHT, ONE, "OMFiLfJJ670b7/Y3KudvUwf0C+U="),
    "V6b with port": (EIGHT, ONE, "dm6MkXwF/YUxnb/1lTwEfdVMxIw="),
    "V7 get": (
        f"{HOST}/twilio/voice/inbound?{ONE}&CallStatus=ringing&From=%2B8613800138000",
        "",
        "pUK2awGE13Qkypa946ACt18cLZw=",
    ),
}


def form(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True)


@pytest.mark.parametrize(("url", "body", "signature"), VECTORS.values(), ids=VECTORS)
def test_a_published_vector_passes_and_one_bit_less_does_not(
    url: str, body: str, signature: str
) -> None:
    assert verify((TOKEN,), url, form(body), signature)
    assert not verify((TOKEN,), url, form(body), "A" + signature[1:])
    assert not verify((TOKEN,), url, [*form(body), ("Extra", "1")], signature)
    assert not verify((TOKEN,), url.replace("twilio", "Twilio"), form(body), signature)


@pytest.mark.parametrize(
    ("url", "number", "signature"),
    [
        ("https://example.com/", "%2B14158675310", "L/OH5YylLD5NRKLltdqwSvS0BnU="),
        ("https://mycompany.com/", "%2B14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ],
)  # fmt: skip
def test_the_documentation_and_the_library_agree(url: str, number: str, signature: str) -> None:
    url += "myapp.php?foo=1&bar=2"
    assert verify(("12345",), url, form(DOCS.format(number)), signature)


def test_v5_a_json_body_counts_by_its_hash() -> None:
    digest = "e23e82534c73f94a2d282d046c1bdc22b60ecd6bb1b77e7f3da4870b44a9bc95"
    url = f"{HOST}/twilio/events?bodySHA256={digest}"
    body, signature = '{"event":"投诉","n":1}'.encode(), "leW19m4b1/8VzrYXbabLWpPFo44="
    json = {"content_type": "application/json"}
    assert verify((TOKEN,), url, (), signature, body=body, **json)
    assert not verify((TOKEN,), url, (), signature, body=body + b" ", **json)


def test_v8_a_shared_key_signs_with_sha_256() -> None:
    made = sign(TOKEN, f"{HOST}/twilio/voice/inbound", form(ONE), digest="sha256")
    assert made == "2hAQeG5Brrk46yI1iHBD4xjou87PMhrwI3i7Zwu1qyE="


def test_a_port_that_was_signed_is_not_dropped_for_an_address_without_it() -> None:
    signature = VECTORS["V6b with port"][2]
    assert not verify((TOKEN,), EIGHT.replace(":8443", ""), form(ONE), signature)


@pytest.mark.parametrize("signature", [None, "", "é", "=", "\udcff", "x" * 10_000])
def test_no_signature_or_nonsense_is_refused_without_an_error(signature: str | None) -> None:
    assert not verify((TOKEN,), HOST, form(ONE), signature)


@pytest.mark.parametrize("tokens", [(), ("",), (TOKEN, "")])
def test_nothing_passes_without_a_token(tokens: tuple[str, ...]) -> None:
    signature = sign("", f"{HOST}/x", form(ONE))
    assert not verify(tokens, f"{HOST}/x", form(ONE), signature)


def test_two_tokens_are_accepted_while_they_rotate() -> None:
    for used in ("old", "new"):
        assert verify(("new", "old"), f"{HOST}/x", form(ONE), sign(used, f"{HOST}/x", form(ONE)))
    assert not verify(("new", "old"), f"{HOST}/x", form(ONE), sign("third", f"{HOST}/x", form(ONE)))


def test_a_body_that_is_no_form_needs_its_hash_even_with_a_good_signature() -> None:
    url = f"{HOST}/phone/voice?{ONE}"
    signature = sign(TOKEN, url)
    assert verify((TOKEN,), url, (), signature)
    assert not verify((TOKEN,), url, (), signature, body=b"{}", content_type="application/json")
    assert not verify((TOKEN,), url, (), signature, body=b"x", content_type="text/plain")


@pytest.mark.parametrize(
    ("configured", "signed"),
    [
        ("https://user:pw@hotline.example.cn:8443/x", "https://hotline.example.cn:8443/x"),
        ("https://user:pw@hotline.example.cn/x", "https://hotline.example.cn/x"),
        ("https://[::1]:8443/x", "https://[::1]/x"),
        ("https://[::1]/x", "https://[::1]:443/x"),
        ("https://hotline.example.cn/x?", "https://hotline.example.cn/x?"),
        ("https://hotline.example.cn/x#rc=2&rp=all", "https://hotline.example.cn/x"),
        ("https://hotline.example.cn?a=1", "https://hotline.example.cn:443?a=1"),
    ],
)
def test_where_the_library_goes_wrong_we_do_not(configured: str, signed: str) -> None:
    assert verify((TOKEN,), configured, form(ONE), sign(TOKEN, signed, form(ONE)))


ALPHABET = "aZ09 ~'\"()*!%+&=/?#é满意，🙏\t\n"
HOSTS = ("hotline.example.cn", "a.b", "127.0.0.1", "hotline.example.cn:8443", "a.b:80", "a.b:443")


def requests(seed: int, count: int) -> Iterator[tuple[str, MultiDict[str, str]]]:
    """Invent requests: Chinese, duplicates, empty values, ports, encoded and raw queries."""
    chance = random.Random(seed)

    def text(longest: int) -> str:
        return "".join(chance.choices(ALPHABET, k=chance.randint(0, longest)))

    for _ in range(count):
        names = ["Body", "From", "To", text(6) or "x", text(3) or "y"]
        items = [(chance.choice(names), text(12)) for _ in range(chance.randint(0, 20))]
        query = urlencode([(text(4) or "q", text(6)) for _ in range(chance.randint(0, 3))])
        place = f"{chance.choice(('https', 'http'))}://{chance.choice(HOSTS)}"
        path = f"/phone/{chance.choice(('sms', 'voice', '%E6%B1%82', 'a%2Fb', ''))}"
        yield place + path + (f"?{query}" if query else ""), MultiDict(items)


@pytest.mark.proof
def test_thousands_of_invented_requests_are_judged_as_the_library_judges_them() -> None:
    seed = 20261122
    chance, library = random.Random(seed), RequestValidator(TOKEN)
    verdicts = {True: 0, False: 0}
    for url, params in requests(seed, CASES):
        signature = _presented(chance, library, url, params)
        expected = library.validate(url, params, signature)
        assert verify((TOKEN,), url, params.items(multi=True), signature) is expected, (seed, url)
        verdicts[expected] += 1
    assert min(verdicts.values()) > CASES // 5, verdicts


def _presented(chance: random.Random, library: Any, url: str, params: MultiDict[str, str]) -> str:
    """Sign truly, for the address with another port, or for a request that was changed."""
    kind = chance.randrange(5)
    if kind == 0:
        params = MultiDict([*params.items(multi=True), ("Injected", "1")])
    if kind == 1:
        url = url.replace("://", "://evil.", 1)
    if kind == 2:
        url = url.replace(":8443", "", 1).replace(":443", "", 1).replace(":80", "", 1)
    return str(library.compute_signature(url, params))


@pytest.mark.parametrize(
    ("base", "environ", "expected"),
    [
        ("https://h", {"RAW_URI": "/phone/sms?a=%E6%B1%82&z='q'"}, "https://h/phone/sms?a=%E6%B1%82&z='q'"),
        ("https://h", {"REQUEST_URI": "/a%2Fb?x=1&y=2"}, "https://h/a%2Fb?x=1&y=2"),
        ("https://h", {"RAW_URI": "http://evil/phone/sms?u=http://x"}, "https://h/phone/sms?u=http://x"),
        ("https://h", {"RAW_URI": "/phone/sms?u=http://x"}, "https://h/phone/sms?u=http://x"),
        ("https://h/line", {"RAW_URI": "/phone/sms"}, "https://h/line/phone/sms"),
        ("https://h/line", {"RAW_URI": "/line/phone/sms"}, "https://h/line/phone/sms"),
        ("https://h", {"PATH_INFO": "/a b", "QUERY_STRING": "x=%20"}, "https://h/a%20b?x=%20"),
        ("https://h", {"PATH_INFO": "/phone/sms", "QUERY_STRING": ""}, "https://h/phone/sms"),
    ],
)  # fmt: skip
def test_the_address_is_the_raw_one_below_our_own_host(
    base: str, environ: dict[str, str], expected: str
) -> None:
    assert public_url(base, environ) == expected
