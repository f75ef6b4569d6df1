"""A timeline played again through the state table: does it lead to where the ticket stands?

Codes are texts here, as they rest: what somebody wrote past the application may be no code.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from hotline.tickets.states import TRANSITIONS, State

STEPS: Final[dict[tuple[str, str | None], str]] = {
    (source.value, row.action.value): row.target.value
    for row in TRANSITIONS
    for source in row.sources
}


class Step(NamedTuple):
    """One entry that moved the ticket; the first has no action and no source."""

    action: str | None
    source: str | None
    target: str


BEGINNING: Final = Step(None, None, State.RECEIVED.value)
TAKEN_OVER: Final = Step(None, None, State.SURVEYED.value)  # settled elsewhere


def fault(steps: Sequence[Step], state: str, *, imported: bool = False) -> str | None:
    """Return the code of what is wrong with *steps* that should end in *state*, if anything."""
    if not steps or steps[0] not in ((BEGINNING, TAKEN_OVER) if imported else (BEGINNING,)):
        return "no_beginning"
    here = steps[0].target
    for step in steps[1:]:
        if step.source != here:
            return "gap"
        if STEPS.get((here, step.action)) != step.target:
            return "no_such_step"
        here = step.target
    return None if here == state else "ends_elsewhere"
