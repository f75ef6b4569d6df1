"""The live calls as a supervisor sees them: who speaks, since when, who else is there."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.calls import legs
from hotline.calls import queries as calls
from hotline.calls.models import Call
from hotline.calls.states import CallState, LegRole, Mode
from hotline.core.db import Session
from hotline.core.roles import Actor
from hotline.intake import rescue
from hotline.staff import queries as staff
from hotline.staff.models import Staff
from hotline.telephony import profile


@dataclass(frozen=True)
class Live:
    """One conversation.

    Attributes:
        others: Who takes part in it besides caller and operator.
        mode: How the reader does.
        can: What the carrier can do: let somebody listen, for one.
    """

    call: Call
    operator: Staff | None
    crisis: bool
    others: Sequence[str]
    mode: Mode | None
    can: profile.Profile


def of(session: Session, actor: Actor) -> list[Live]:
    """Return the conversations that go on now, a crisis first, then the longest."""
    talking = [call for call in calls.live(session) if call.state is CallState.TALKING]
    people = staff.staff_by_ids(session, (call.staff_id for call in talking if call.staff_id))
    found = [_live(session, call, people.get(call.staff_id or 0), actor) for call in talking]
    return sorted(found, key=lambda one: (not one.crisis, one.call.answered_at))


def _live(session: Session, call: Call, operator: Staff | None, actor: Actor) -> Live:
    here = legs.present(session, call.id)
    return Live(
        call=call,
        operator=operator,
        crisis=rescue.raised(session, call.id) is not None,
        others=[leg.name for leg in here if leg.name and leg.role is not LegRole.OPERATOR],
        can=profile.current(),
        mode=next((leg.mode for leg in here if leg.mode and leg.staff_id == actor.id), None),
    )
