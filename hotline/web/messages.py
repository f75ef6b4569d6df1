"""The list of SMS, in and out, with what became of each."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from hotline.core.db import reading
from hotline.core.doors import current_actor, permits
from hotline.core.roles import Permission
from hotline.messages import queries
from hotline.messages.states import Direction, MessageState
from hotline.tickets import queries as tickets
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
        about = {row.ticket_id for row in page.items if row.ticket_id}
        return render_template(
            "messages/index.html",
            page=page,
            states=list(MessageState),
            tickets=tickets.by_ids(session, about),
        )
