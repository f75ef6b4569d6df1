"""The live stream of a browser: server-sent events that name topics, never contents."""

import time
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from hotline.core.doors import current_actor, public
from hotline.core.roles import Actor, Permission
from hotline.web.bell import Bell
from hotline.web.news import News
from hotline.web.streams import Hub, Stream

bp = Blueprint("live", __name__)

HEARTBEAT: Final = 15.0
LONGEST: Final = 600.0
RETRY_MS: Final = 1000
MOST_WATCHED: Final = 5
BY_PERMISSION: Final = {
    Permission.TICKET_READ: "tickets",
    Permission.CALL_READ: "calls",
    Permission.BOARD: "board",
    Permission.DESK: "words:*",  # which of the calls is one's own, the page knows
}


def register(app: Flask, *, most: int, redis_url: str | None = None) -> Bell:
    """Give the app its hub; *most* streams a process, so that threads remain for pages."""

    def open_news() -> News:
        bell.listen()
        return News(app)

    hub = app.extensions["hotline_live"] = Hub(open_news, most=most)
    bell = Bell(hub.look, redis_url)
    return bell


def close_streams(app: Flask) -> None:
    """End the streams of this process, so that it can stop at once."""
    hub: Hub = app.extensions["hotline_live"]
    hub.close()


@bp.get("/live")
@public("asks by itself who is there: everybody who is logged in may listen")
def stream() -> ResponseReturnValue:
    """Stream the topics this page may hear of."""
    hub: Hub = current_app.extensions["hotline_live"]
    wanted = topics_of(current_actor(), request.args.get("watch", ""))
    listener = hub.join(wanted, request.headers.get("Last-Event-ID"))
    return Response(
        events(hub, listener),
        content_type="text/event-stream; charset=utf-8",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


def topics_of(actor: Actor, watched: str) -> frozenset[str]:
    """Return what *actor* hears of: their own line and notices, and the tickets on the page."""
    general = {topic for permission, topic in BY_PERMISSION.items() if actor.may(permission)}
    own = {f"presence:{actor.id}", f"notices:{actor.id}"}
    numbers = watched.split(",")[:MOST_WATCHED] if actor.may(Permission.TICKET_READ) else []
    return frozenset(general | own | {f"ticket:{number}" for number in numbers if number})


def events(hub: Hub, listener: Stream) -> Iterator[str]:
    """Write the events of one stream until it has lasted long enough or is closed.

    No database connection is held: the hub's own thread reads for all streams.
    """
    ends = time.monotonic() + LONGEST
    try:
        yield f"retry: {RETRY_MS}\nid: {hub.place}\n\n"
        while time.monotonic() < ends:
            topics = listener.take(HEARTBEAT)
            if topics is None:
                return
            if not topics:
                yield ": still here\n\n"
            for topic in topics:
                yield f"id: {hub.place}\nevent: {topic}\ndata: {{}}\n\n"
    finally:
        hub.leave(listener)
