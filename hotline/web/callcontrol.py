"""What an operator does with a live call besides answering it, and a supervisor with others'."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Blueprint, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.calls import aid, control, directory, supervise
from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import NotFound
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.staff import queries as staff
from hotline.web import forms, softphone

bp = Blueprint("callcontrol", __name__)

NEAREST: Final = (directory.Kind.STAFF, directory.Kind.UNIT, directory.Kind.HELPLINE)

Deed = Callable[..., Any]

#: What needs nothing but the call.
ACTS: Final[Mapping[str, Deed]] = {
    "hold": control.hold,
    "resume": control.resume,
    "mute": control.mute,
    "unmute": control.unmute,
    "join": control.three_way,
    "complete": control.complete_transfer,
    "help": aid.ask,
}
#: What reaches somebody of the directory.
REACHES: Final[Mapping[str, Deed]] = {
    "consult": control.consult,
    "transfer": control.transfer_cold,
    "three-way": control.three_way,
}
#: What a supervisor does in a call that others are in.
HELPS: Final[Mapping[str, Deed]] = {
    "whisper": supervise.whisper,
    "barge": supervise.barge,
    "take-over": supervise.take_over,
    "release": supervise.release,
}


def known(deeds: Mapping[str, Deed], name: str) -> Deed:
    """Return the deed of that name.

    Raises:
        NotFound: There is none.
    """
    if name not in deeds:
        raise NotFound
    return deeds[name]


@bp.post("/desk/calls/<int:call_id>/do/<act>")
@permits(Permission.CALL_WORK)
def control_call(call_id: int, act: str) -> ResponseReturnValue:
    """Hold, mute, join or leave one's own call."""
    actor, now, do = current_actor(), utcnow(), known(ACTS, act)
    transaction(lambda session: do(session, actor, call_id, now=now))
    return softphone.after()


@bp.get("/desk/calls/<int:call_id>/reach")
@permits(Permission.CALL_WORK)
def directory_of(call_id: int) -> ResponseReturnValue:
    """Show whom a caller can be joined with."""
    page = "desk/reach.html" if "HX-Request" in request.headers else "desk/reach_page.html"
    with reading() as session:
        ready = {f"{directory.Kind.STAFF}:{seat.staff_id}" for seat in staff.ready(session)}
        found = sorted(
            directory.targets(session, besides=current_actor().id),
            key=lambda each: (NEAREST.index(each.kind), each.key not in ready),
        )
        return render_template(page, targets=found, ready=ready, call_id=call_id)


@bp.post("/desk/calls/<int:call_id>/reach/<act>")
@permits(Permission.CALL_WORK)
def reach(call_id: int, act: str) -> ResponseReturnValue:
    """Ring somebody of the directory for one's own call."""
    actor, now, ring = current_actor(), utcnow(), known(REACHES, act)
    target = request.form.get("target", "")
    transaction(lambda session: ring(session, actor, call_id, target, now=now) and None)
    return softphone.after()


@bp.post("/desk/calls/<int:call_id>/legs/<int:leg_id>/drop")
@permits(Permission.CALL_WORK)
def drop(call_id: int, leg_id: int) -> ResponseReturnValue:
    """Put one party out of one's own call."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: control.drop(session, actor, call_id, leg_id, now=now))
    return softphone.after()


@bp.post("/desk/legs/<int:leg_id>/outcome")
@permits(Permission.CALL_WORK)
def outcome(leg_id: int) -> ResponseReturnValue:
    """Say what a body outside did in the matter."""
    actor, now, text = current_actor(), utcnow(), request.form.get("text", "")
    call_id = transaction(
        lambda session: control.note_outcome(session, actor, leg_id, text, now=now)
    )
    said = _("已记录第三方处理结果")
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    if here == url_for("web.desk.show"):
        return softphone.after(said)
    return forms.done(here or url_for("web.calls.show", call_id=call_id), said)


@bp.post("/board/calls/<int:call_id>/listen")
@permits(Permission.CALL_SUPERVISE)
def listen(call_id: int) -> ResponseReturnValue:
    """Let the supervisor's own line ring, to hear a call unheard."""
    actor, now = current_actor(), utcnow()

    def work(session: Session) -> None:
        seat = staff.presence(session, actor.id or 0)
        line = seat.line if seat else softphone.lines()[0]
        supervise.listen(session, actor, call_id, line, now=now)

    transaction(work)
    return at_board()


@bp.post("/board/calls/<int:call_id>/do/<act>")
@permits(Permission.CALL_SUPERVISE)
def help_in(call_id: int, act: str) -> ResponseReturnValue:
    """Change how the supervisor is in a call, or leave it."""
    actor, now, do = current_actor(), utcnow(), known(HELPS, act)
    transaction(lambda session: do(session, actor, call_id, now=now))
    return at_board()


@bp.post("/board/broadcast")
@permits(Permission.BOARD)
def broadcast() -> ResponseReturnValue:
    """Put a line on the desk of everybody who is signed in."""
    actor, now, text = current_actor(), utcnow(), request.form.get("text", "")
    heard = transaction(lambda session: aid.broadcast(session, actor, text, now=now))
    return at_board(_("已通知 %(n)s 个座席", n=heard))


def at_board(message: str | None = None) -> ResponseReturnValue:
    """Let what waits for the carrier go at once; the page stays and shows what changed."""
    current_app.extensions["hotline"].nudge()
    if "HX-Request" not in request.headers:
        return forms.done(url_for("web.board.show"), message)
    stays = make_response(render_template("desk/done.html", message=message))
    stays.headers["HX-Trigger"] = "board, desk"
    return stays
