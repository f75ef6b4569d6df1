"""What the carrier reports: progress, recordings, words. Kept on disk when it must be."""

from flask import Blueprint, Response, request

from hotline.core.doors import signed
from hotline.phone.errors import answer_errors
from hotline.phone.signature import check_signature
from hotline.phone.telling import answer_or_keep, speak, told
from hotline.telephony import spoken

bp = Blueprint("phone_status", __name__, url_prefix="/phone")
bp.before_request(check_signature)
answer_errors(bp, spoken.sorry)


@bp.post("/status")
@signed
def status() -> Response:
    """Take how far a caller's line has come; news of no call, a conference's, is none to us."""
    if "CallSid" not in request.form:
        return speak(None)
    return answer_or_keep(told("status"))


@bp.post("/recording")
@signed
def message_recorded() -> Response:
    """Take the recording of a message."""
    return answer_or_keep(told("recorded"))


@bp.post("/recording/<int:order>")
@signed
def recording(order: int) -> Response:
    """Take the recording of a conversation that an order of ours joined."""
    return answer_or_keep(told("recording", order))


@bp.post("/conference/<int:call>")
@signed
def conference(call: int) -> Response:
    """Take what happened in the room of a call."""
    return answer_or_keep(told("conference", call))


@bp.post("/words/<int:call>")
@signed
def words(call: int) -> Response:
    """Take what was just said."""
    return answer_or_keep(told("words", call))
