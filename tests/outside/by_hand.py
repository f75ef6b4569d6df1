"""The rates of the day by hand: for each metric, who is in both numbers and who is in neither.

The sets are read off the story in `test_another_carrier.py`, by the definitions of the
domain; nothing is asked of the hotline's own formulas.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

ANSWERED: Final = {"at the desk", "out of order", "told little", "in the browser"}
LEFT: Final = {"gave up", "hung up at once"}
QUEUED: Final = ANSWERED | LEFT | {"left a message", "asked to be called"}
NEVER_QUEUED: Final = {"a mistake", "a message in vain", "in vain"}
CALLS: Final = QUEUED | NEVER_QUEUED

SATISFIED: Final = {"very", "fairly"}
ASKED_OR_NOT: Final = SATISFIED | {"registered", "worked on twice", "said stop"}
SETTLED: Final = ASKED_OR_NOT | {"anonymous", "in danger"}
STANDING: Final = SETTLED | {"called back", "wrote in trouble"}
NOT_POSSIBLE: Final = {"said stop", "anonymous", "in danger"}


@dataclass(frozen=True)
class Expected:
    """Who is counted above and below the line, and how many are left out, by reason."""

    numerator: Collection[str]
    denominator: Collection[str]
    excluded: dict[str, int] = field(default_factory=dict)


def expected(waited: dict[str, float], *, listed: bool) -> dict[str, Expected]:
    """Return what every rate must be.

    *waited* is each caller's wait by the carrier's watch. What was never announced is
    known only where the carrier has *listed* it.
    """
    standing = STANDING | {"never announced"} if listed else STANDING
    soon = {name for name in ANSWERED if waited[name] < 15}
    left_soon = {name for name in LEFT if waited[name] < 15}
    calling = {"in_progress": 0}
    outside = {**calling, "not_queued": len(NEVER_QUEUED)}
    ended_apart = {"voided": 1, "merged": 1, "imported": 0}
    no_answer = {"unreachable": 0, "not_possible": len(NOT_POSSIBLE), "waiting": 1}
    not_asked = {"anonymous": 1, "risk_exempt": 1, "imported": 0}
    scored = SATISFIED | {"worked on twice"}
    return {
        "C1": Expected(ANSWERED, QUEUED, outside),
        "C2": Expected(ANSWERED, QUEUED - {"hung up at once"}, {**outside, "abandoned_short": 1}),
        "C3": Expected(ANSWERED, CALLS, {**calling, "blocked": 0, "self_served": 0}),
        "C4": Expected(ANSWERED, CALLS, calling),
        "C5a": Expected(soon, ANSWERED, calling),
        "C5b": Expected(soon, QUEUED, outside),
        "C5c": Expected(soon, QUEUED - left_soon, {**outside, "left_soon": len(left_soon)}),
        "C6": Expected(LEFT, QUEUED, outside),
        "C12": Expected(set(), ANSWERED),
        "C12-three": Expected(set(), ANSWERED),
        "T1": Expected(SETTLED, standing, ended_apart),
        "T2": Expected(SETTLED, standing, ended_apart),
        "T4": Expected(SETTLED, standing, ended_apart),
        "T4-extended": Expected(SETTLED, standing, {**ended_apart, "suspended": 0}),
        "T9": Expected({"worked on twice"}, SETTLED, {"imported": 0}),
        "V3": Expected(scored, ASKED_OR_NOT, not_asked),
        "V4": Expected(SATISFIED, scored, no_answer),
        "V5": Expected({"very"}, scored, no_answer),
        "V6": Expected(SATISFIED, ASKED_OR_NOT, not_asked),
    }
