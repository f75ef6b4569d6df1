"""How each party enters the room of a call: heard by whom, under which name, greeted how."""

from sqlalchemy.orm import Session

from hotline.calls import legs
from hotline.calls.models import Call, CallLeg
from hotline.calls.states import LegRole, Mode
from hotline.telephony import spoken

#: What a line hears before it enters; those who asked for it themselves need no word.
GREETINGS = {
    LegRole.OPERATOR: "incoming",
    LegRole.PARTNER: "asked_for",
    LegRole.EMERGENCY: "asked_for",
}


def enter(session: Session, order_id: int, call: Call, leg: CallLeg) -> str:
    """Return the document that brings *leg* into the room of *call*."""
    return spoken.enter(
        order_id,
        call.id,
        label(leg),
        greeting=GREETINGS.get(leg.role),
        muted=leg.muted or leg.mode is Mode.LISTEN,
        coach=operator_sid(session, call) if leg.mode is Mode.WHISPER else None,
    )


def label(leg: CallLeg) -> str:
    """Return the name of *leg* in the room."""
    return f"staff-{leg.staff_id}" if leg.staff_id is not None else f"leg-{leg.id}"


def operator_sid(session: Session, call: Call) -> str | None:
    """Return the carrier's id of the line of who answers for *call*, if it is known."""
    leg = legs.of_staff(session, call.id, call.staff_id)
    return legs.sid_of(session, leg) if leg is not None else None
