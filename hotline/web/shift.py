"""How an operator's time runs: the sign of life of a page, and more time for a record."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from hotline.core.db import transaction
from hotline.core.doors import current_actor, permits
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.staff import service
from hotline.web import softphone

bp = Blueprint("shift", __name__, url_prefix="/shift")


@bp.post("/beat")
@permits(Permission.DESK)
def beat() -> ResponseReturnValue:
    """Note that a page is open; asked every few seconds by every page of an operator."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: service.beat(session, actor.id or 0, now=now))
    return "", 204


@bp.post("/extend")
@permits(Permission.DESK)
def extend() -> ResponseReturnValue:
    """Give more time for the record of the call that just ended."""
    actor, now = current_actor(), utcnow()
    reason = request.form.get("reason") or None
    transaction(
        lambda session: service.extend(session, actor.id or 0, reason=reason, now=now).until
    )
    return softphone.after()
