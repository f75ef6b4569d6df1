"""The crisis key: one press, the card that follows it, and its course to the second."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from hotline.calls import directory
from hotline.calls.models import Call
from hotline.core.db import Session, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.language import _, gettext
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.intake import aftercare, rescue
from hotline.web import forms, softphone

#: Who can come: police, ambulance, the national line of mental health (domain, section 1.7).
NEEDED: Final = ("helpline:110", "helpline:120", "helpline:12356")

bp = Blueprint("crisis", __name__, url_prefix="/desk/calls/<int:call_id>/crisis")


def card(session: Session, call: Call) -> dict[str, Any] | None:
    """Return what the crisis card of *call* shows, or None where no crisis was raised."""
    begun = rescue.raised(session, call.id)
    if begun is None:
        return None
    return {
        "begun": begun,
        "course": rescue.course(session, begun),
        "owed": aftercare.of_call(session, call.id),
        "asked": rescue.ASKED,
        "helplines": [each for each in directory.targets(session) if each.key in NEEDED],
    }


@bp.post("")
@permits(Permission.CALL_WORK)
def begin(call_id: int) -> ResponseReturnValue:
    """Raise the alarm for one's own call."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: rescue.raise_alarm(session, actor, call_id, now=now))
    return softphone.after()


@bp.post("/notes")
@permits(Permission.CALL_WORK)
def write(call_id: int) -> ResponseReturnValue:
    """Keep a line of what the caller says or somebody does."""
    actor, now, about = (
        current_actor(),
        utcnow(),
        rescue.ASKED.get(request.form.get("about", ""), ""),
    )
    text = request.form.get("text", "").strip()
    said = text and f"{gettext(about)}：{text}"
    transaction(lambda session: rescue.write_down(session, actor, call_id, said, now=now))
    return softphone.after()


@bp.post("/brief")
@permits(Permission.CALL_WORK)
def brief(call_id: int) -> ResponseReturnValue:
    """Write down what the leader was told."""
    return _written(call_id, aftercare.brief, "brief", _("已登记呈报"))


@bp.post("/follow-up")
@permits(Permission.CALL_WORK)
def follow_up(call_id: int) -> ResponseReturnValue:
    """Write down what the second call found."""
    return _written(call_id, aftercare.follow_up, "follow_up", _("已登记跟进"))


def _written(
    call_id: int, verb: Callable[..., None], name: str, message: str
) -> ResponseReturnValue:
    actor, now, words = current_actor(), utcnow(), request.form.get(name, "")
    transaction(lambda session: verb(session, call_id, words, actor=actor, now=now))
    return forms.done(url_for("web.calls.show", call_id=call_id), message)
