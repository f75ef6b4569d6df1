"""What lies on somebody's desk to be read: reminders, escalations, proposals."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import reading, transaction
from hotline.core.doors import current_actor, public
from hotline.core.language import _
from hotline.core.time import utcnow
from hotline.messages import desk
from hotline.tickets import queries as tickets
from hotline.web import forms

bp = Blueprint("notices", __name__, url_prefix="/notices")

OWN = "asks by itself who is there: everybody reads their own notices"


@bp.get("")
@public(OWN)
def index() -> ResponseReturnValue:
    """Show the notices that are not read yet."""
    actor = current_actor()
    with reading() as session:
        notices = desk.unread(session, actor.id or 0)
        about = {row.ticket_id for row in notices if row.ticket_id}
        return render_template(
            "notices/index.html", notices=notices, tickets=tickets.by_ids(session, about)
        )


@bp.get("/bell")
@public(OWN)
def bell() -> ResponseReturnValue:
    """Show the bell with the number of unread notices."""
    current_actor()
    return render_template("notices/bell.html")


@bp.post("/<int:notice_id>/seen")
@public(OWN)
def seen(notice_id: int) -> ResponseReturnValue:
    """Put one notice away."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: desk.put_away(session, actor.id or 0, notice_id, now))
    return bell() if "HX-Request" in request.headers else forms.done(url_for(".index"))


@bp.post("/read")
@public(OWN)
def read() -> ResponseReturnValue:
    """Mark as read what was shown."""
    actor, now, up_to = current_actor(), utcnow(), request.form.get("up_to", 0, int)
    transaction(lambda session: desk.mark_read(session, actor.id or 0, up_to, now))
    return forms.done(url_for(".index"), _("已全部标为已读"))
