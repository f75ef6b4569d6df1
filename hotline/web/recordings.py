"""Hearing recordings: a reason first, then the sound in parts, unsealed as it is sent."""

from collections.abc import Sequence
from io import BufferedReader
from pathlib import Path
from typing import Final, NamedTuple

import structlog
from cryptography.exceptions import InvalidTag
from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wsgi import FileWrapper

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Forbidden, Unavailable
from hotline.core.roles import Permission
from hotline.core.sealed_file import SealedFile
from hotline.core.time import utcnow
from hotline.recordings import queries, service, storage
from hotline.recordings.models import Recording
from hotline.staff.tokens import hashed

bp = Blueprint("recordings", __name__, url_prefix="/recordings/<int:recording_id>")
log = structlog.get_logger()

PART: Final = 64 * 1024
PROBE: Final = 64  # a player asks for so few bytes only to learn whether it may ask for parts
PAGES: Final = frozenset({"document", "iframe", "embed", "object"})  # what is no player


class Player(NamedTuple):
    """One recording on a page, and whether this session has said why it hears it."""

    recording: Recording
    opened: bool


def session_id() -> str:
    """Return the name of the reader's session: what a reason holds for."""
    return hashed(current_user.token)


def players(session: Session, recordings: Sequence[Recording]) -> list[Player]:
    """Return *recordings* as a page shows them to the reader."""
    opened = queries.opened(session, session_id(), recordings)
    return [Player(each, each.id in opened) for each in recordings]


@bp.post("/listen")
@permits(Permission.RECORDING_PLAY)
def listen(recording_id: int) -> ResponseReturnValue:
    """Take the reason and show the player."""
    actor, now, reason = current_actor(), utcnow(), request.form.get("reason", "")
    transaction(
        lambda session: service.listen(
            session, actor, recording_id, reason, session_id=session_id(), now=now
        )
    )
    return _player(recording_id)


@bp.get("/sound")
@permits(Permission.RECORDING_PLAY)
def sound(recording_id: int) -> Response:
    """Send the sound, or the part of it that the player asks for."""
    if request.headers.get("Sec-Fetch-Dest") in PAGES:
        raise Forbidden
    actor, now, begins = current_actor(), utcnow(), _begins()

    def work(session: Session) -> str:
        found = service.play(
            session, actor, recording_id, session_id=session_id(), begins=begins, now=now
        )
        return found.file or ""

    return _in_parts(_opened(transaction(work), recording_id))


@bp.post("/words")
@permits(Permission.RECORDING_PLAY)
def words(recording_id: int) -> ResponseReturnValue:
    """Keep the words of a message."""
    actor, now, text = current_actor(), utcnow(), request.form.get("text", "")
    transaction(
        lambda session: service.write_down(
            session, actor, recording_id, text, session_id=session_id(), now=now
        )
    )
    return _player(recording_id)


@bp.post("/hold")
@permits(Permission.RECORDING_HOLD)
def hold(recording_id: int) -> ResponseReturnValue:
    """Keep a recording beyond its time, or no longer."""
    actor, now, reason = current_actor(), utcnow(), request.form.get("reason", "")
    held = request.form.get("held") == "1"
    transaction(
        lambda session: service.hold(session, actor, recording_id, reason, held=held, now=now)
    )
    return _player(recording_id)


def _player(recording_id: int) -> ResponseReturnValue:
    with reading() as session:
        found = queries.recording(session, recording_id)
        if "HX-Request" not in request.headers:
            return redirect(url_for("web.calls.show", call_id=found.call_id), 303)
        (player,) = players(session, [found])
        response = make_response(render_template("recordings/player.html", player=player))
    response.headers["HX-Retarget"] = f"#recording-{recording_id}"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def _begins() -> bool:
    """Return whether the request is for the beginning: that is a play, what follows is not."""
    asked = request.range
    if asked is None:
        return True
    start, stop = asked.ranges[0]
    return start == 0 and (stop is None or stop > PROBE)


def _opened(file: str, recording_id: int) -> SealedFile:
    folder: Path = current_app.extensions["hotline"].recordings
    try:
        return storage.open_sound(folder, file, recording_id)
    except (OSError, InvalidTag, KeyError) as error:
        log.exception("recording.unreadable", recording=recording_id)
        raise Unavailable from error


def _in_parts(file: SealedFile) -> Response:
    """Answer with *file*, or with the one range asked for (RFC 9110, section 14)."""
    response = Response(
        FileWrapper(BufferedReader(file, PART), PART), mimetype="audio/wav", direct_passthrough=True
    )
    response.content_length = file.size
    response.headers["Content-Disposition"] = "inline"
    response.make_conditional(request, accept_ranges=True, complete_length=file.size)
    return response
