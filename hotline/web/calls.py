"""The list of calls: who rang, how it ended, what it led to."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from hotline.calls import queries
from hotline.calls.states import EndState
from hotline.core.db import reading
from hotline.core.doors import permits
from hotline.core.roles import Permission
from hotline.recordings import queries as recorded
from hotline.staff import queries as staff
from hotline.tickets import queries as tickets
from hotline.web import recordings
from hotline.web.forms import member
from hotline.workers import queries as workers

bp = Blueprint("calls", __name__, url_prefix="/calls")

PAGE = 50


@bp.get("")
@permits(Permission.CALL_READ)
def index() -> ResponseReturnValue:
    """Show calls, newest first."""
    end, cursor = member(EndState, request.args.get("end")), request.args.get("cursor")
    with reading() as session:
        page = queries.page(session, cursor=cursor, limit=PAGE, end_state=end)
        rows = page.items
        return render_template(
            "calls/index.html",
            page=page,
            ends=list(EndState),
            workers=workers.by_ids(session, (row.worker_id for row in rows if row.worker_id)),
            staff=staff.staff_by_ids(session, (row.staff_id for row in rows if row.staff_id)),
            tickets=tickets.by_ids(session, {row.ticket_id for row in rows if row.ticket_id}),
        )


@bp.get("/<int:call_id>")
@permits(Permission.CALL_READ)
def show(call_id: int) -> ResponseReturnValue:
    """Show one call: what happened, and what was said."""
    with reading() as session:
        call = queries.call(session, call_id)
        return render_template(
            "calls/show.html",
            call=call,
            worker=workers.by_id(session, call.worker_id) if call.worker_id else None,
            events=queries.story(session, call_id),
            words=queries.words(session, call_id),
            players=recordings.players(session, recorded.of_call(session, call_id)),
            ticket=tickets.by_id(session, call.ticket_id) if call.ticket_id else None,
            staff=staff.staff_by_ids(session, queries.involved(session, call_id)),
        )
