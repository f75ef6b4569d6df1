"""What the API refuses before it does anything, the magic numbers among it."""

import re
from typing import Final

from simulator import twiml
from simulator.exchange import Exchange
from simulator.lifecycle import SHORT
from simulator.messages import LONGEST
from simulator.rest.request import ApiError, Request
from simulator.webhook import Target

MAGIC: Final = "+1500555"
_E164: Final = re.compile(r"\+[1-9]\d{4,14}\Z")
_SMS_FROM: Final = {"0001": 21212, "0007": 21606, "0008": 21611}
_SMS_TO: Final = {"0001": 21211, "0002": 21612, "0003": 21408, "0004": 21610, "0009": 21614}
_CALL_FROM: Final = {"0001": 21212}
_CALL_TO: Final = {"0001": 21217, "0002": 21214, "0003": 21215, "0004": 21216}
_LONGEST_TWIML: Final = 4000
_MESSAGES: Final = {
    21210: "The source phone number provided is not yet verified for your account",
    21211: "The 'To' number is not a valid phone number",
    21212: "The 'From' number is not a valid phone number",
    21214: "'To' phone number cannot be reached",
    21215: "Account not authorized to call this number",
    21216: "Account not allowed to call this number",
    21217: "Phone number does not appear to be valid",
    21408: "Permission to send an SMS has not been enabled for the region",
    21606: "The 'From' phone number provided is not a valid message-capable number",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21612: "The 'To' phone number is not currently reachable via SMS",
    21614: "'To' number is not a valid mobile number",
}


def refuse(code: int, message: str = "") -> ApiError:
    """Return the refusal with *code*."""
    return ApiError(400, code, message or _MESSAGES[code])


def sms(exchange: Exchange, request: Request) -> tuple[str, str]:
    """Return where an SMS goes and what it says; raises the refusal it deserves."""
    to, body = request.get("To"), request.get("Body")
    if not to:
        raise refuse(21604, "A 'To' phone number is required.")
    if not request.get("From") and not request.get("MessagingServiceSid"):
        raise refuse(21603, "A 'From' phone number is required.")
    if not body:
        raise refuse(21602, "Message body is required.")
    if len(body) > LONGEST:
        raise refuse(21617, "The concatenated message body exceeds the 1600 character limit")
    _check_sender(exchange, request.get("From"), _SMS_FROM, 21606)
    _check_magic(to, _SMS_TO)
    if not _E164.match(to):
        raise refuse(21211)
    phone = exchange.phones[to]
    if phone.landline:
        raise refuse(21614)
    if phone.opted_out:
        raise refuse(21610)
    return to, body


def call(exchange: Exchange, request: Request) -> tuple[str, str]:
    """Return whom a call goes to and from; raises the refusal it deserves."""
    to, from_ = request.get("To"), request.get("From")
    if not to:
        raise refuse(21201, "No 'To' number is specified")
    if not from_:
        raise refuse(21213, "No 'From' number is specified")
    _check_sender(exchange, from_, _CALL_FROM, 21210)
    _check_magic(to, _CALL_TO)
    elsewhere = ("sip:",) if exchange.basic else ("client:", "sip:")
    if not to.startswith(elsewhere) and not _E164.match(to) and not SHORT.match(to):
        raise refuse(21217)
    return to, from_


def document(request: Request) -> Target | str:
    """Return the document a call is to run: an address, or TwiML itself."""
    url, text = request.get("Url"), request.get("Twiml")
    if url:
        if not url.startswith(("http://", "https://")):
            raise refuse(21205, f"Url is not a valid URL: {url}")
        return Target(url, (request.get("Method") or "POST").upper())
    if not text:
        raise refuse(21205, "Url parameter is required.")
    if len(text) > _LONGEST_TWIML:
        raise refuse(21218, "Twiml is longer than 4000 characters")
    try:
        twiml.parse(text, Target(""))
    except twiml.BadDocument as bad:
        raise refuse(bad.code, str(bad)) from None
    return text


def _check_sender(exchange: Exchange, from_: str | None, magic: dict[str, int], code: int) -> None:
    if from_ is None or from_ in (exchange.line.number, f"{MAGIC}0006"):
        return
    _check_magic(from_, magic)
    raise refuse(code)


def _check_magic(number: str, codes: dict[str, int]) -> None:
    code = codes.get(number.removeprefix(MAGIC)) if number.startswith(MAGIC) else None
    if code:
        raise refuse(code)
