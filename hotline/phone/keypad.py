"""What callers press: after a matter of theirs, and how satisfied they are."""

import re
from typing import Final

from flask import Blueprint, Response, current_app, request

from hotline.core.db import transaction
from hotline.core.doors import signed
from hotline.core.errors import Invalid
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.intake import keypad
from hotline.intake.keypad import Pressed
from hotline.phone.errors import answer_errors
from hotline.phone.signature import check_signature
from hotline.phone.telling import SID, speak
from hotline.telephony import spoken

TICKET: Final = re.compile(r"[0-9]{10,12}")

bp = Blueprint("phone_keypad", __name__, url_prefix="/phone")
bp.before_request(check_signature)
answer_errors(bp, spoken.sorry)


@bp.post("/matter")
@signed
def matter() -> Response:
    """Ask a waiting caller for the number of their ticket."""
    return _take("matter")


@bp.post("/matter/<int:go>")
@signed
def number(go: int) -> Response:
    """Take the number, and ask for the PIN."""
    return _take("number", go=go)


@bp.post("/pin/<ticket>/<int:go>")
@signed
def pin(ticket: str, go: int) -> Response:
    """Take the PIN, and tell how the matter stands."""
    if not TICKET.fullmatch(ticket):
        raise Invalid({"ticket": N_("不是有效的编号")})
    return _take("pin", about=ticket, go=go)


@bp.post("/heard")
@signed
def heard() -> Response:
    """Note that all of it was heard."""
    return _take("heard")


@bp.post("/farewell")
@signed
def farewell() -> Response:
    """Part from a caller whose conversation is over; ask before how satisfied they are."""
    return _take("farewell")


@bp.post("/survey/<int:order>")
@signed
def survey(order: int) -> Response:
    """Ask a worker whom we called how satisfied they are."""
    return _take("survey", about=str(order))


@bp.post("/score/<int:survey>")
@signed
def score(survey: int) -> Response:
    """Take the key."""
    return _take("score", about=str(survey))


@bp.post("/score/<int:survey>/again")
@signed
def score_again(survey: int) -> Response:
    """Take the key that was asked for once more."""
    return _take("score", about=str(survey), go=2)


def _take(step: str, *, about: str = "", go: int = 1) -> Response:
    if not SID.fullmatch(request.form.get("CallSid", "")):
        raise Invalid({"CallSid": N_("不是有效的编号")})
    pressed = Pressed(step, request.form.to_dict(), utcnow(), about, go)
    document = transaction(lambda session: keypad.take(session, pressed))
    current_app.extensions["hotline"].nudge()
    return speak(document)
