"""How a matter stands, in the words a caller is given. No framework here."""

from typing import Final

from hotline.tickets.states import OPEN, State

STANDS: Final = {
    State.RECEIVED: "received",
    State.DISPATCHED: "received",
    State.RETURN_REVIEW: "received",
    State.AWAITING_CALLER: "awaiting",
}


def standing(state: State) -> str:
    """Return `received`, `working`, `awaiting` or `settled`."""
    return STANDS.get(state, "working") if state in OPEN else "settled"
