"""A text from the public to the hotline, and the texts it is answered with."""

from functools import partial
from xml.etree.ElementTree import Element

from simulator import messages, progress, twiml
from simulator.exchange import Exchange
from simulator.messages import Message
from simulator.post import Outcome
from simulator.webhook import Answer, Target

_MOST_REDIRECTS = 10


class SimMessage:
    """A text somebody sent to the hotline.

    `answer` is what the hotline answered, None until it did or if the text was
    lost; `replies` are the texts it was answered with.
    """

    def __init__(self, sid: str, from_: str, body: str) -> None:
        self.sid = sid
        self.from_ = from_
        self.body = body
        self.answer: Answer | None = None
        self.replies: list[str] = []


def receive(
    exchange: Exchange, from_: str, body: str, sid: str | None, tokens: dict[str, str]
) -> SimMessage:
    """Take a text from *from_* and send it on; a *sid* seen before is sent again."""
    sms = SimMessage(sid or exchange.sids.new("SM"), from_, body)
    line = exchange.line
    now = exchange.clock.now()
    exchange.messages.setdefault(
        sms.sid,
        Message(sms.sid, from_, line.number, body, "inbound", now, "received", now, now),
    )
    messages.note_opt_out(exchange, from_, body)
    token = tokens.setdefault(sms.sid, exchange.sids.token())
    exchange.post.send(
        "sms.inbound",
        line.sms,
        _form(exchange, sms),
        partial(_answered, exchange, sms, line.sms, 0),
        voice=False,
        token=token,
    )
    return sms


def _form(exchange: Exchange, sms: SimMessage) -> dict[str, str]:
    number = exchange.line.number
    return {
        "AccountSid": exchange.account.sid,
        "ApiVersion": progress.API_VERSION,
        "Body": sms.body,
        "From": sms.from_,
        "To": number,
        "MessageSid": sms.sid,
        "SmsSid": sms.sid,
        "SmsMessageSid": sms.sid,
        "SmsStatus": "received",
        "NumMedia": "0",
        "NumSegments": str(messages.segments(sms.body)),
        **progress.geography("From", sms.from_),
        **progress.geography("To", number),
    }


def _answered(
    exchange: Exchange, sms: SimMessage, source: Target, hops: int, outcome: Outcome
) -> None:
    sms.answer = outcome.answer
    fallback = exchange.line.sms_fallback
    if outcome.error is None and outcome.answer is not None:
        try:
            document = twiml.read_messaging(outcome.answer, source)
        except twiml.BadDocument as bad:
            outcome.entry.error = bad.code
            outcome.entry.warnings.append(f"{bad.code} {bad}")
        else:
            outcome.entry.warnings.extend(document.warnings)
            _carry_out(exchange, sms, document, hops)
            return
    if fallback is not None and source != fallback:
        error = {"ErrorCode": str(outcome.entry.error), "ErrorUrl": source.address}
        _ask(exchange, sms, fallback, "sms.fallback", hops, error)


def _carry_out(exchange: Exchange, sms: SimMessage, document: twiml.Document, hops: int) -> None:
    for verb in document.verbs:
        if verb.tag == "Redirect" and hops < _MOST_REDIRECTS:
            target = document.source.relative((verb.text or "").strip(), verb.get("method"))
            _ask(exchange, sms, target, "sms.redirect", hops + 1, {})
            return
        if verb.tag == "Message":
            _reply(exchange, sms, verb, document.source)


def _ask(
    exchange: Exchange, sms: SimMessage, target: Target, kind: str, hops: int, extra: dict[str, str]
) -> None:
    then = partial(_answered, exchange, sms, target, hops)
    exchange.post.send(kind, target, _form(exchange, sms) | extra, then, voice=False)


def _reply(exchange: Exchange, sms: SimMessage, verb: Element, source: Target) -> None:
    body = (verb.findtext("Body") or verb.text or "").strip()
    to = verb.get("to", sms.from_)
    sms.replies.append(body)
    url = verb.get("statusCallback") or verb.get("action")
    if exchange.phones[to].opted_out or exchange.phones[to].landline:
        return
    callback = source.relative(url, verb.get("method")) if url else None
    messages.send(exchange, to=to, body=body, callback=callback, direction="outbound-reply")
