"""The list of calls: who rang, how it ended, what it led to."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from hotline.calls import legs, queries
from hotline.calls.models import Call
from hotline.calls.states import EndState
from hotline.core.db import Session, reading
from hotline.core.doors import current_actor, permits
from hotline.core.roles import Permission
from hotline.intake import aftercare
from hotline.recordings import queries as recorded
from hotline.staff import queries as staff
from hotline.tickets import queries as tickets
from hotline.tickets import sight
from hotline.tickets.secrecy import CLEAR, Part
from hotline.tickets.veils import seen
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
    sight.require_central(current_actor())
    with reading() as session:
        page = queries.page(session, cursor=cursor, limit=PAGE, end_state=end)
        return render_template(
            "calls/index.html", page=page, ends=list(EndState), **_named(session, page.items)
        )


def _named(session: Session, rows: Sequence[Call]) -> dict[str, Any]:
    """Return what a list of calls refers to; who called only where the reader may know."""
    linked = {row.ticket_id for row in rows if row.ticket_id}
    about = tickets.shown(session, current_actor(), linked)
    nameless = {key for key, ticket in about.items() if ticket.sight.hides(Part.NAME)}
    named = (row.worker_id for row in rows if row.worker_id and row.ticket_id not in nameless)
    return {
        "tickets": about,
        "workers": workers.by_ids(session, named),
        "staff": staff.staff_by_ids(session, (row.staff_id for row in rows if row.staff_id)),
    }


@bp.get("/<int:call_id>")
@permits(Permission.CALL_READ)
def show(call_id: int) -> ResponseReturnValue:
    """Show one call: what happened, and what was said."""
    sight.require_central(current_actor())
    with reading() as session:
        call = queries.call(session, call_id)
        return render_template(
            "calls/show.html",
            call=call,
            outside=legs.outside(session, call_id=call_id),
            events=queries.story(session, call_id),
            staff=staff.staff_by_ids(session, queries.involved(session, call_id)),
            **_said(session, call),
        )


def _said(session: Session, call: Call) -> dict[str, Any]:
    """Return who called and what was said, as far as the call's ticket lets the reader know."""
    ticket_id = call.ticket_id or 0
    ticket = tickets.shown(session, current_actor(), {ticket_id}).get(ticket_id)
    known = ticket.sight if ticket else CLEAR
    worker = workers.by_id(session, call.worker_id) if call.worker_id else None
    sound = () if known.hides(Part.FILES) else recorded.of_call(session, call.id)
    return {
        "ticket": ticket,
        "worker": seen(worker, known) if worker else None,
        "words": [seen(each, known) for each in queries.words(session, call.id)],
        "players": recordings.players(session, sound),
        "crises": [seen(owed, known)] if (owed := aftercare.of_call(session, call.id)) else (),
    }
