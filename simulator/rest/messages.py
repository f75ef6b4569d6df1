"""Messages in the REST API."""

from functools import partial
from typing import Any, Final

from simulator import messages
from simulator.exchange import Exchange
from simulator.messages import Message
from simulator.progress import API_VERSION, rfc2822
from simulator.rest import checks
from simulator.rest.paging import equal, page, within
from simulator.rest.request import ApiError, Request, Response, reply, route
from simulator.webhook import Target

_TEXTS: Final = {
    messages.UNREACHABLE: "Unreachable destination handset",
    messages.FILTERED: "Message filtered",
    messages.UNKNOWN_ERROR: "Unknown error",
}


def show(exchange: Exchange, message: Message) -> dict[str, Any]:
    """Return *message* as the API writes it."""
    uri = f"/2010-04-01/Accounts/{exchange.account.sid}/Messages/{message.sid}"
    return {
        "account_sid": exchange.account.sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created),
        "date_sent": rfc2822(message.sent) if message.sent else None,
        "date_updated": rfc2822(message.updated),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": _TEXTS.get(message.error_code or 0),
        "from": message.from_,
        "messaging_service_sid": message.service_sid,
        "num_media": "0",
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "tags": None,
        "to": message.to,
        "uri": f"{uri}.json",
    }


def create(exchange: Exchange, request: Request) -> Response:
    """Send a message."""
    to, body = checks.sms(exchange, request)
    callback = request.get("StatusCallback")
    message = messages.send(
        exchange,
        to=to,
        body=body,
        from_=request.get("From"),
        callback=Target(callback) if callback else None,
        service_sid=request.get("MessagingServiceSid"),
    )
    # The answer shows the message as it was accepted, even if its first
    # status has been sent meanwhile.
    accepted = "accepted" if message.service_sid else "queued"
    return reply(show(exchange, message) | {"status": accepted, "date_sent": None}, 201)


def listing(exchange: Exchange, request: Request) -> Response:
    """List messages, newest first, without those a fault hides."""
    now = exchange.clock.now()
    same, sent = equal(request, to="To", from_="From"), within(request, "DateSent")
    found = [
        m
        for m in reversed(exchange.messages.values())
        if same(m) and sent(m.sent or m.created) and not (m.hidden_until and m.hidden_until > now)
    ]
    return page(request, "messages", found, partial(show, exchange))


def fetch(exchange: Exchange, request: Request, sid: str) -> Response:
    """Show one message."""
    return reply(show(exchange, _message(exchange, request, sid)))


def update(exchange: Exchange, request: Request, sid: str) -> Response:
    """Redact a message, or cancel one that has not left."""
    message = _message(exchange, request, sid)
    if request.get("Status") == "canceled":
        if message.status not in ("queued", "accepted", "scheduled"):
            raise ApiError(400, 30409, "Message cannot be canceled")
        messages.cancel(exchange, message)
    if request.get("Body") == "":
        message.body = ""
    return reply(show(exchange, message))


def delete(exchange: Exchange, request: Request, sid: str) -> Response:
    """Delete a message for good."""
    del exchange.messages[_message(exchange, request, sid).sid]
    return Response(204)


def _message(exchange: Exchange, request: Request, sid: str) -> Message:
    if sid not in exchange.messages:
        raise ApiError(404, 20404, f"The requested resource {request.path} was not found")
    return exchange.messages[sid]


ROUTES: Final = (
    route("POST", "Messages.json", create),
    route("GET", "Messages.json", listing),
    route("GET", "Messages/{}.json", fetch),
    route("POST", "Messages/{}.json", update),
    route("DELETE", "Messages/{}.json", delete),
)
