"""Queues and their members in the REST API."""

from functools import partial
from typing import Any, Final

from simulator import queues
from simulator.exchange import Exchange
from simulator.progress import rfc2822
from simulator.queues import Queue
from simulator.rest import checks
from simulator.rest.paging import page
from simulator.rest.request import ApiError, Request, Response, reply, route
from simulator.verbs.enqueue import Waiting
from simulator.webhook import Target

_LONGEST_NAME: Final = 64
_LARGEST: Final = 5000


def show(exchange: Exchange, queue: Queue) -> dict[str, Any]:
    """Return *queue* as the API writes it."""
    uri = f"/2010-04-01/Accounts/{exchange.account.sid}/Queues/{queue.sid}"
    return {
        "account_sid": exchange.account.sid,
        "average_wait_time": queue.average_wait,
        "current_size": len(queue.members),
        "date_created": rfc2822(queue.created),
        "date_updated": rfc2822(queue.created),
        "friendly_name": queue.name,
        "max_size": queue.max_size,
        "sid": queue.sid,
        "subresource_uris": {"members": f"{uri}/Members.json"},
        "uri": f"{uri}.json",
    }


def show_member(exchange: Exchange, queue: Queue, waiting: Waiting) -> dict[str, Any]:
    """Return a waiting caller as the API writes it."""
    base = f"/2010-04-01/Accounts/{exchange.account.sid}/Queues/{queue.sid}"
    return {
        "call_sid": waiting.leg.sid,
        "date_enqueued": rfc2822(waiting.since),
        "position": queue.members.index(waiting) + 1,
        "queue_sid": queue.sid,
        "uri": f"{base}/Members/{waiting.leg.sid}.json",
        "wait_time": waiting.seconds,
    }


def listing(exchange: Exchange, request: Request) -> Response:
    """List queues."""
    return page(request, "queues", list(exchange.queues.values()), partial(show, exchange))


def create(exchange: Exchange, request: Request) -> Response:
    """Make a queue; a name used already is refused."""
    name = request.get("FriendlyName") or ""
    size = int(request.number("MaxSize", queues.DEFAULT_SIZE))
    if not 0 < len(name) <= _LONGEST_NAME or not 0 < size <= _LARGEST:
        raise checks.refuse(20001, "FriendlyName or MaxSize is not valid")
    if any(q.name == name for q in exchange.queues.values()):
        raise checks.refuse(22003, f"A queue called {name} exists already")
    return reply(show(exchange, queues.named(exchange, name, size)), 201)


def fetch(exchange: Exchange, request: Request, sid: str) -> Response:
    """Show one queue."""
    return reply(show(exchange, _queue(exchange, request, sid)))


def update(exchange: Exchange, request: Request, sid: str) -> Response:
    """Rename or resize a queue."""
    queue = _queue(exchange, request, sid)
    queue.name = request.get("FriendlyName") or queue.name
    queue.max_size = int(request.number("MaxSize", queue.max_size))
    return reply(show(exchange, queue))


def delete(exchange: Exchange, request: Request, sid: str) -> Response:
    """Delete a queue in which nobody waits."""
    queue = _queue(exchange, request, sid)
    if queue.members:
        raise checks.refuse(22002, "The queue is not empty")
    del exchange.queues[queue.sid]
    return Response(204)


def members(exchange: Exchange, request: Request, sid: str) -> Response:
    """List who waits, the first first."""
    queue = _queue(exchange, request, sid)
    return page(request, "queue_members", queue.members, partial(show_member, exchange, queue))


def member(exchange: Exchange, request: Request, sid: str, call_sid: str) -> Response:
    """Show one who waits."""
    queue = _queue(exchange, request, sid)
    return reply(show_member(exchange, queue, _member(queue, request, call_sid)))


def dequeue(exchange: Exchange, request: Request, sid: str, call_sid: str) -> Response:
    """Lead one who waits, or the first, to another document."""
    queue = _queue(exchange, request, sid)
    waiting = _member(queue, request, call_sid)
    document = checks.document(request)
    shown = show_member(exchange, queue, waiting)
    if isinstance(document, Target):
        waiting.redirect(document)
    return reply(shown)


def _queue(exchange: Exchange, request: Request, sid: str) -> Queue:
    if sid not in exchange.queues:
        raise ApiError(404, 20404, f"The requested resource {request.path} was not found")
    return exchange.queues[sid]


def _member(queue: Queue, request: Request, call_sid: str) -> Waiting:
    for waiting in queue.members:
        if call_sid in ("Front", waiting.leg.sid):
            return waiting
    raise ApiError(404, 20404, f"The requested resource {request.path} was not found")


ROUTES: Final = (
    route("GET", "Queues.json", listing),
    route("POST", "Queues.json", create),
    route("GET", "Queues/{}.json", fetch),
    route("POST", "Queues/{}.json", update),
    route("DELETE", "Queues/{}.json", delete),
    route("GET", "Queues/{}/Members.json", members),
    route("GET", "Queues/{}/Members/{}.json", member),
    route("POST", "Queues/{}/Members/{}.json", dequeue),
)
