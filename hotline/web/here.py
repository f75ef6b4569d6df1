"""Who else has a ticket open: the sign of life of its page, answered with the others."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.language import _, gettext
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.tickets import queries, viewers
from hotline.tickets.viewers import Present
from hotline.web.clashes import LABELS
from hotline.web.sides import BY_ID, CORRECTED
from hotline.web.words import WORDS

bp = Blueprint("here", __name__, url_prefix="/tickets/<number>")


@bp.post("/here")
@permits(Permission.TICKET_READ)
def look(number: str) -> ResponseReturnValue:
    """Note who has the page open and where they write; show who else has."""
    actor, now, field = current_actor(), utcnow(), request.form.get("field")

    def work(session: Session) -> list[tuple[str, str | None]]:
        ticket = queries.by_number(session, actor, number)
        viewers.look(session, ticket, field, actor=actor, now=now)
        return [_told(each) for each in viewers.others(session, ticket, actor=actor, now=now)]

    return render_template("tickets/here.html", others=transaction(work))


def _told(present: Present) -> tuple[str, str | None]:
    """Return a name, and what they write in the reader's words; None while they read."""
    field = present.field
    if field is None:
        return present.name, None
    label = LABELS.get(CORRECTED.get(field, field)) or WORDS.get(field)
    if field in BY_ID:
        label = BY_ID[field].label
    return present.name, gettext(label) if label else _("内容")
