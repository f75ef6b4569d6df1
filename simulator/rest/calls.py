"""Calls in the REST API."""

from functools import partial
from typing import Any, Final

from simulator import calls, lifecycle
from simulator.exchange import Exchange
from simulator.leg import IN_PROGRESS, Callback, Leg
from simulator.progress import API_VERSION, rfc2822
from simulator.rest import checks
from simulator.rest.paging import equal, page, within
from simulator.rest.request import ApiError, Request, Response, reply, route
from simulator.webhook import Target

_SUBRESOURCES: Final = ("notifications", "recordings", "transcriptions")


def show(exchange: Exchange, leg: Leg) -> dict[str, Any]:
    """Return *leg* as the API writes it."""
    uri = f"/2010-04-01/Accounts/{exchange.account.sid}/Calls/{leg.sid}"
    return {
        "account_sid": exchange.account.sid,
        "annotation": None,
        "answered_by": leg.answered_by,
        "api_version": API_VERSION,
        "caller_name": None,
        "date_created": rfc2822(leg.created),
        "date_updated": rfc2822(leg.ended_at or leg.answered_at or leg.created),
        "direction": leg.direction,
        "duration": str(leg.seconds) if leg.ended else None,
        "end_time": rfc2822(leg.ended_at) if leg.ended_at else None,
        "forwarded_from": None,
        "from": leg.from_,
        "from_formatted": leg.from_,
        "group_sid": None,
        "parent_call_sid": leg.parent.sid if leg.parent else None,
        "phone_number_sid": exchange.line.sid if leg.direction == "inbound" else None,
        "price": None,
        "price_unit": "USD",
        "queue_time": str(leg.queue_time * 1000),
        "sid": leg.sid,
        "start_time": rfc2822(leg.answered_at) if leg.answered_at else None,
        "status": leg.status,
        "subresource_uris": {n: f"{uri}/{n.capitalize()}.json" for n in _SUBRESOURCES},
        "to": leg.to,
        "to_formatted": leg.to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }


def create(exchange: Exchange, request: Request) -> Response:
    """Place a call."""
    to, from_ = checks.call(exchange, request)
    fallback = request.get("FallbackUrl")
    limit = request.number("TimeLimit", 0)
    leg = calls.place(
        exchange,
        to=to,
        from_=from_,
        document=checks.document(request),
        fallback=Target(fallback, request.get("FallbackMethod") or "POST") if fallback else None,
        callback=callback(request),
        timeout=request.number("Timeout", calls.DEFAULT_RING),
        time_limit=limit or None,
    )
    return reply(show(exchange, leg), 201)


def callback(request: Request) -> Callback | None:
    """Return where the request wants call progress told, and which events."""
    url = request.get("StatusCallback")
    if not url:
        return None
    target = Target(url, (request.get("StatusCallbackMethod") or "POST").upper())
    return Callback(target, calls.statuses(request.all("StatusCallbackEvent")))


def listing(exchange: Exchange, request: Request) -> Response:
    """List calls, newest first."""
    same = equal(request, to="To", from_="From", status="Status")
    started, ended = within(request, "StartTime"), within(request, "EndTime")
    parent = request.get("ParentCallSid")
    found = [
        leg
        for leg in reversed(exchange.legs.values())
        if same(leg)
        and started(leg.answered_at or leg.created)
        and ended(leg.ended_at)
        and (parent is None or (leg.parent is not None and leg.parent.sid == parent))
    ]
    return page(request, "calls", found, partial(show, exchange))


def fetch(exchange: Exchange, request: Request, sid: str) -> Response:
    """Show one call."""
    return reply(show(exchange, find(exchange, request, sid)))


def update(exchange: Exchange, request: Request, sid: str) -> Response:
    """End a call, or lead it to another document."""
    leg = find(exchange, request, sid)
    if leg.ended:
        raise checks.refuse(21220, "Call is not in-progress. Cannot redirect.")
    status = request.get("Status")
    if status:
        _end(exchange, leg, status)
        return reply(show(exchange, leg))
    if leg.status != IN_PROGRESS:
        raise checks.refuse(21220, "Call is not in-progress. Cannot redirect.")
    document = checks.document(request)
    fallback, progress = request.get("FallbackUrl"), callback(request)
    if fallback:
        leg.fallback = Target(fallback, request.get("FallbackMethod") or "POST")
    leg.callback = progress or leg.callback
    exchange.agenda.soon(partial(_redirect, exchange, leg, document))
    return reply(show(exchange, leg))


def _redirect(exchange: Exchange, leg: Leg, document: Target | str) -> None:
    if not leg.ended:
        calls.redirect(exchange, leg, document)


def _end(exchange: Exchange, leg: Leg, status: str) -> None:
    if status not in ("completed", "canceled"):
        raise checks.refuse(20001, f"Status {status} is not valid")
    if status == "canceled" and leg.status == IN_PROGRESS:
        raise checks.refuse(21220, "Call is in-progress. Cannot cancel.")
    if leg.status == "queued":
        leg.callback = None  # a call cancelled before it rang tells nobody
    over = "completed" if leg.answered_at else "canceled"
    lifecycle.finish(exchange, leg, over, reason="ended by the API")


def delete(exchange: Exchange, request: Request, sid: str) -> Response:
    """Delete the record of a call that is over."""
    leg = find(exchange, request, sid)
    if not leg.ended:
        raise ApiError(409, 20009, "Call is still in progress")
    del exchange.legs[sid]
    return Response(204)


def find(exchange: Exchange, request: Request, sid: str) -> Leg:
    """Return the call *sid*; raises 404."""
    if sid not in exchange.legs:
        raise ApiError(404, 20404, f"The requested resource {request.path} was not found")
    return exchange.legs[sid]


ROUTES: Final = (
    route("POST", "Calls.json", create),
    route("GET", "Calls.json", listing),
    route("GET", "Calls/{}.json", fetch),
    route("POST", "Calls/{}.json", update),
    route("DELETE", "Calls/{}.json", delete),
)
