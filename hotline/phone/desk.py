"""Lines of the staff and of those they call in, and how the caller meets them."""

from flask import Blueprint, Response

from hotline.core.doors import signed
from hotline.phone.errors import answer_errors
from hotline.phone.signature import check_signature
from hotline.phone.telling import answer, answer_or_keep, speak, told
from hotline.telephony import spoken

bp = Blueprint("phone_desk", __name__, url_prefix="/phone")
bp.before_request(check_signature)
answer_errors(bp, spoken.sorry)


@bp.post("/desk/<int:order>")
@signed
def desk(order: int) -> Response:
    """Bring a line that was taken up into the room of its call."""
    return answer(told("desk", order))


@bp.post("/desk/<int:order>/status")
@signed
def desk_status(order: int) -> Response:
    """Take how far the line has come."""
    return answer_or_keep(told("leg", order))


@bp.post("/desk/<int:order>/done")
@signed
def desk_done(order: int) -> Response:
    """End the line when its room is over."""
    return answer(told("desk_done", order))


@bp.post("/meet/<int:order>")
@signed
def meet(order: int) -> Response:
    """Bring the caller into the room where an operator is."""
    return answer(told("meet", order))


@bp.post("/meet/<int:order>/done")
@signed
def meet_done(order: int) -> Response:
    """Part from a caller whose room is over."""
    return answer(told("meet_done", order))


@bp.post("/requeue/<int:order>")
@signed
def requeue(order: int) -> Response:
    """Apologise to a caller whom nobody hears any more, and let them wait."""
    return answer(told("requeue", order))


@bp.post("/held/<int:call>")
@signed
def held(call: int) -> Response:
    """Play to a caller on hold."""
    return speak(spoken.held(call))


@bp.post("/operator/<int:order>")
@signed
def operator(order: int) -> Response:
    """Dial the operator on the caller's line, where there are no conferences."""
    return answer(told("operator", order))


@bp.post("/announce/<int:order>")
@signed
def announce(order: int) -> Response:
    """Note that an operator dialled so took up the telephone."""
    return answer(told("announce", order))


@bp.post("/operator/<int:order>/done")
@signed
def operator_done(order: int) -> Response:
    """Part from the caller, or let them wait on if nobody was there."""
    return answer(told("operator_done", order))
