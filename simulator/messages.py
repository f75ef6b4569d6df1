"""Text messages, in and out, and the receipts that follow them."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import partial
from typing import Final

from simulator import progress
from simulator.exchange import Exchange
from simulator.phones import Sms
from simulator.webhook import Target

LONGEST: Final = 1600
_SENT_AFTER: Final = 0.5
_DELIVERED_AFTER: Final = 2.0
_STOP: Final = frozenset(
    ["STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"]
)
_START: Final = frozenset(["START", "YES", "UNSTOP"])
_GSM: Final = re.compile(
    r"[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,\-./0-9:;<=>?¡"
    r"A-ZÄÖÑÜ§¿a-zäöñüà^{}\\\[~\]|€]*\Z"
)
UNREACHABLE: Final = 30003
FILTERED: Final = 30007
UNKNOWN_ERROR: Final = 30008


@dataclass(eq=False)
class Message:
    """One message as the API knows it."""

    sid: str
    from_: str
    to: str
    body: str
    direction: str
    created: dt.datetime
    status: str
    updated: dt.datetime
    sent: dt.datetime | None = None
    error_code: int | None = None
    callback: Target | None = None
    service_sid: str | None = None
    hidden_until: dt.datetime | None = None

    @property
    def segments(self) -> int:
        """How many parts the text is sent in."""
        return segments(self.body)


def segments(body: str) -> int:
    """Return how many SMS *body* takes: 160 (153) GSM characters or 70 (67) others."""
    single, part, length = (160, 153, len(body)) if _GSM.match(body) else (70, 67, _utf16(body))
    return 1 if length <= single else -(-length // part)


def _utf16(body: str) -> int:
    return len(body.encode("utf-16-le", "surrogatepass")) // 2


def send(
    exchange: Exchange,
    *,
    to: str,
    body: str,
    from_: str | None = None,
    callback: Target | None = None,
    service_sid: str | None = None,
    direction: str = "outbound-api",
) -> Message:
    """Accept a message and bring it to its phone; receipts follow.

    The text reaches the phone at this very moment, unless the phone cannot be
    reached or a fault has it: the ledger is written before anybody is told.
    """
    now = exchange.clock.now()
    message = Message(
        exchange.sids.new("SM"), from_ or exchange.line.number, to, body, direction, now,
        "accepted" if service_sid else "queued", now, callback=callback, service_sid=service_sid,
    )  # fmt: skip
    exchange.messages[message.sid] = message
    if exchange.faults.strikes("hide_from_list"):
        message.hidden_until = now + exchange.clock.span(exchange.faults.hidden_seconds)
    _receipts(exchange, message, _reach(exchange, message))
    return message


def _reach(exchange: Exchange, message: Message) -> int | None:
    """Bring *message* to its phone; return the error code if it does not get there."""
    phone = exchange.phones[message.to]
    if exchange.faults.strikes("failed"):
        return FILTERED
    if exchange.faults.strikes("undelivered"):
        return UNKNOWN_ERROR
    if not phone.reachable:
        return UNREACHABLE
    sms = Sms(
        exchange.clock.now(), message.sid, message.from_, message.to, message.body,
        message.callback.url if message.callback else "",
    )  # fmt: skip
    exchange.ledger.append(sms)
    phone.received.append(sms)
    if phone.on_text:
        exchange.agenda.soon(partial(phone.on_text, phone, sms))
    return None


def _receipts(exchange: Exchange, message: Message, error: int | None) -> None:
    """Arrange the statuses that follow acceptance."""
    if error == FILTERED:
        exchange.agenda.after(_SENT_AFTER, partial(_become, exchange, message, "failed", error))
        return
    if exchange.faults.strikes("callback_first"):
        _become(exchange, message, "sent", None, now=True)
    else:
        exchange.agenda.after(_SENT_AFTER, partial(_become, exchange, message, "sent", None))
    if exchange.faults.strikes("no_receipt"):
        return
    final = "undelivered" if error else "delivered"
    exchange.agenda.after(_DELIVERED_AFTER, partial(_become, exchange, message, final, error))
    if exchange.faults.strikes("stale_sent"):
        late = partial(_tell, exchange, message, "sent", None)
        exchange.agenda.after(_DELIVERED_AFTER + _SENT_AFTER, late)


def _become(
    exchange: Exchange, message: Message, status: str, error: int | None, *, now: bool = False
) -> None:
    if message.status == "canceled":
        return
    message.status = status
    message.updated = exchange.clock.now()
    message.sent = message.sent or message.updated
    message.error_code = error
    _tell(exchange, message, status, error, now=now)


def _tell(
    exchange: Exchange, message: Message, status: str, error: int | None, *, now: bool = False
) -> None:
    if message.callback is None:
        return
    params = {
        "AccountSid": exchange.account.sid,
        "ApiVersion": progress.API_VERSION,
        "From": message.from_,
        "To": message.to,
        "MessageSid": message.sid,
        "MessageStatus": status,
        "SmsSid": message.sid,
        "SmsStatus": status,
    }
    if error:
        params["ErrorCode"] = str(error)
    if status in ("delivered", "undelivered"):
        params["RawDlrDoneDate"] = exchange.clock.now().strftime("%y%m%d%H%M")
    kind = f"sms.status.{status}"
    if now:
        exchange.post.send_now(kind, message.callback, params)
    else:
        exchange.post.send(kind, message.callback, params, voice=False)


def cancel(exchange: Exchange, message: Message) -> None:
    """Cancel a message that has not left yet."""
    _become(exchange, message, "canceled", None)


def note_opt_out(exchange: Exchange, number: str, body: str) -> None:
    """Block or open *number* when its text is one of the carrier's own keywords."""
    word = body.strip().upper()
    if word in _STOP:
        exchange.phones[number].opted_out = True
    elif word in _START:
        exchange.phones[number].opted_out = False
