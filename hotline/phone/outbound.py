"""Calls that we place: to a worker who meets an operator, or who is asked by keypad."""

from flask import Blueprint, Response

from hotline.core.doors import signed
from hotline.phone.errors import answer_errors
from hotline.phone.signature import check_signature
from hotline.phone.telling import answer, answer_or_keep, told
from hotline.telephony import spoken

bp = Blueprint("phone_outbound", __name__, url_prefix="/phone")
bp.before_request(check_signature)
answer_errors(bp, spoken.sorry)


@bp.post("/callee/<int:order>")
@signed
def callee(order: int) -> Response:
    """Bring a worker who answered into the room of the operator who called."""
    return answer(told("callee", order))


@bp.post("/callee/<int:order>/status")
@bp.post("/survey/<int:order>/status", endpoint="survey_status")
@signed
def callee_status(order: int) -> Response:
    """Take how far the worker's line has come."""
    return answer_or_keep(told("callee_status", order))


@bp.post("/connect/<int:order>")
@signed
def connect(order: int) -> Response:
    """Let an operator's telephone dial the worker, where there are no conferences."""
    return answer(told("connect", order))


@bp.post("/connect/<int:order>/status")
@signed
def connect_status(order: int) -> Response:
    """Take how far that telephone has come."""
    return answer_or_keep(told("connect_status", order))


@bp.post("/connect/<int:order>/answered")
@signed
def connected(order: int) -> Response:
    """Tell a worker dialled so who calls."""
    return answer(told("connected", order))


@bp.post("/connect/<int:order>/done")
@signed
def connect_done(order: int) -> Response:
    """End the operator's line when the worker's is over."""
    return answer(told("connect_done", order))
