"""A caller's way through the hotline: greeting, queue, choice, message, and the fallback."""

from flask import Blueprint, Response, request

from hotline.core.doors import signed
from hotline.phone.errors import answer_errors
from hotline.phone.signature import check_signature
from hotline.phone.telling import answer, answer_or_keep, keep, speak, told
from hotline.telephony import spoken

bp = Blueprint("phone_voice", __name__, url_prefix="/phone")
bp.before_request(check_signature)
answer_errors(bp, spoken.sorry)


@bp.post("/voice")
@signed
def voice() -> Response:
    """Greet a caller and let them wait, or take a message out of hours."""
    return answer(told("voice"))


@bp.post("/voice/fallback")
@signed
def fallback() -> Response:
    """Apologise and take a message while nothing else works; asks no database.

    The same address is the action of its own recording.
    """
    keep(told("fallback"))
    spoke = "RecordingSid" in request.form
    return speak(spoken.message_taken() if spoke else spoken.apologise())


@bp.post("/language")
@signed
def language() -> Response:
    """Take the key that chose a language, and let the caller wait."""
    return answer(told("language"))


@bp.post("/wait")
@signed
def wait() -> Response:
    """Tell a waiting caller their place, again and again."""
    return answer(told("wait"))


@bp.post("/choice")
@signed
def choice() -> Response:
    """Take the key a waiting caller pressed."""
    return answer(told("choice"))


@bp.post("/queue")
@signed
def queue() -> Response:
    """Go on with a caller who came out of the queue."""
    return answer(told("queue"))


@bp.post("/voicemail")
@signed
def voicemail() -> Response:
    """Thank for a message; it is kept even without a database."""
    return answer_or_keep(told("voicemail"), spoken.message_taken())
