"""Operators' legs: the telephone that rings on a desk, and the browser a caller is led to."""

from flask import Blueprint, Response

from hotline.core.doors import signed
from hotline.phone.errors import answer_errors
from hotline.phone.signature import check_signature
from hotline.phone.telling import answer, answer_or_keep, told
from hotline.telephony import spoken

bp = Blueprint("phone_desk", __name__, url_prefix="/phone")
bp.before_request(check_signature)
answer_errors(bp, spoken.sorry)


@bp.post("/desk/<int:order>")
@signed
def desk(order: int) -> Response:
    """Connect an operator who took up the telephone."""
    return answer(told("desk", order))


@bp.post("/desk/<int:order>/status")
@signed
def desk_status(order: int) -> Response:
    """Take how far the operator's telephone has come."""
    return answer_or_keep(told("leg", order))


@bp.post("/desk/<int:order>/done")
@signed
def desk_done(order: int) -> Response:
    """End the operator's leg when the conversation is over."""
    return answer(told("desk_done", order))


@bp.post("/bridged/<int:order>")
@signed
def bridged(order: int) -> Response:
    """Note on the caller's leg that an operator takes over now."""
    return answer(told("bridged", order))


@bp.post("/operator/<int:order>")
@signed
def operator(order: int) -> Response:
    """Connect the caller with the browser of who took the call."""
    return answer(told("operator", order))


@bp.post("/operator/<int:order>/done")
@signed
def operator_done(order: int) -> Response:
    """Part from the caller, or let them wait on if nobody was there."""
    return answer(told("operator_done", order))
