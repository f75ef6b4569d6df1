"""The key that takes one's last action on a ticket back."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.tickets import undo
from hotline.tickets.states import Action
from hotline.web.words import word
from hotline.web.work import back, ticket_of

bp = Blueprint("undo", __name__, url_prefix="/tickets/<number>")


@bp.post("/undo")
@permits(Permission.TICKET_ACT)
def take_back(number: str) -> ResponseReturnValue:
    """Take it back, as long as ten seconds have not passed."""
    actor, now = current_actor(), utcnow()

    def work(session: Session) -> Action:
        return undo.undo(session, ticket_of(session, number), actor=actor, now=now)

    return back(number, _("已撤销：%(what)s", what=word(transaction(work))))
