"""Drafts: what is typed into a form is kept on the server within a second, and comes back."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.staff import drafts

bp = Blueprint("drafts", __name__, url_prefix="/drafts")

FIELD = "draft"  # the hidden field that names the draft a form was typed as


@bp.get("/<key>")
@permits(Permission.TICKET_READ)
def show(key: str) -> ResponseReturnValue:
    """Return what its writer left in a form, and when."""
    with reading() as session:
        kept = drafts.find(session, current_actor().id or 0, key)
    return jsonify(fields=kept[0], at=kept[1].isoformat()) if kept else jsonify(fields=None)


@bp.post("/<key>")
@permits(Permission.TICKET_READ)
def save(key: str) -> ResponseReturnValue:
    """Keep what stands in a form; nothing in it throws the draft away."""
    fields, now = request.get_json(silent=True), utcnow()
    if not isinstance(fields, dict) or len(key) > drafts.KEY_LENGTH:
        raise Invalid({FIELD: N_("内容不合要求")})
    staff_id = current_actor().id or 0

    def work(session: Session) -> None:
        if fields:
            drafts.save(session, staff_id, key, fields, now=now)
        else:
            drafts.drop(session, staff_id, key)

    transaction(work)
    return jsonify(at=now.isoformat())


def spent(session: Session) -> None:
    """Forget the draft of the form that was just taken, in the same transaction."""
    if key := request.form.get(FIELD):
        drafts.drop(session, current_actor().id or 0, key)
