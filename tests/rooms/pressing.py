"""A caller who presses keys, for the rooms' tests: each step as the door takes it."""

from sqlalchemy.orm import Session

from hotline.intake import keypad
from hotline.intake.keypad import Pressed
from tests.rooms.telling import CALLER, SID, at


def press(
    session: Session,
    step: str,
    seconds: float,
    digits: str = "",
    *,
    about: str = "",
    go: int = 1,
    caller: str = CALLER,
    sid: str = SID,
) -> str:
    """Take one step and return what the caller hears."""
    form = {"CallSid": sid, "From": caller, "To": "+8647112351", "Direction": "inbound"}
    if digits:
        form["Digits"] = digits
    answer = keypad.take(session, Pressed(step, form, at(seconds), about, go))
    session.flush()
    return answer
