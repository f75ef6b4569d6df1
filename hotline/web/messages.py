"""The list of SMS, in and out, with what became of each."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading
from hotline.core.doors import current_actor, permits
from hotline.core.paging import Page
from hotline.core.roles import Permission
from hotline.messages import queries
from hotline.messages.models import Message
from hotline.messages.states import Direction, MessageState
from hotline.tickets import queries as tickets
from hotline.tickets.veils import all_seen
from hotline.web.forms import member

bp = Blueprint("messages", __name__, url_prefix="/messages")

PAGE = 50


@bp.get("")
@permits(Permission.MESSAGE_READ)
def index() -> ResponseReturnValue:
    """Show messages, newest first."""
    way = member(Direction, request.args.get("direction"))
    state = member(MessageState, request.args.get("state"))
    cursor = request.args.get("cursor")
    with reading() as session:
        page = queries.page(
            session, current_actor(), cursor=cursor, limit=PAGE, direction=way, state=state
        )
        return render_template(
            "messages/index.html", states=list(MessageState), **_shown(session, page)
        )


def _shown(session: Session, page: Page[Message]) -> dict[str, Any]:
    """Return a page of messages with their tickets, as the reader may see them."""
    about = {row.ticket_id for row in page.items if row.ticket_id}
    known = tickets.shown(session, current_actor(), about)
    sights = {key: each.sight for key, each in known.items()}
    return {"tickets": known, "page": Page(all_seen(page.items, sights), page.next)}
