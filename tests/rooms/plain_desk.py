"""What each fact of presences, money and the inside of a call means, in plain Python."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from tests.rooms.plain_calls import milliseconds

IMPOSED = {
    *("missed", "declined", "unreachable", "line_lost", "unfinished", "browser_lost", "forgotten"),
}
BREAKS = (
    *("short", "meal", "recovery", "casework", "callback", "meeting", "training", "fault", "lead"),
)
OUTSIDE = {"partner", "emergency"}
PROOFS = ("bank", "worker", "unit")


def _away(change: Any) -> bool:
    return change.to_state == "away"


def _away_for(code: str) -> Callable[[Any], bool]:
    return lambda change: _away(change) and change.reason == code


#: Of a stretch that is over: how the count is called, how the sum, and when it is true.
STRETCHES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "presence_over": ("time_signed_in", lambda _change: True),
    "presence_at_hand": ("time_at_hand", lambda change: not _away(change)),
    "presence_busy": (
        "time_busy",
        lambda change: change.to_state in {"ringing", "talking", "wrap_up"},
    ),
    "presence_away": ("time_away", lambda c: _away(c) and c.reason not in IMPOSED),
    "presence_missed": ("time_missed", lambda c: _away(c) and c.reason in IMPOSED),
    **{f"presence_{code}": (f"time_{code}", _away_for(code)) for code in BREAKS},
}

Found = Iterator[tuple[Any, str, int]]


def presences(changes: Iterable[Any]) -> Found:
    """Yield for each stretch what is true of it: its change, the fact, how much."""
    people: dict[int, list[Any]] = defaultdict(list)
    for change in sorted(changes, key=lambda one: (one.at, one.id)):
        people[change.staff_id].append(change)
    for mine in people.values():
        for change, then in pairwise([*mine, None]):
            if change.to_state == "offline":
                continue
            if then is None:
                yield change, "presence_running", 1
                continue
            for fact, (total, holds) in STRETCHES.items():
                if holds(change):
                    yield change, fact, 1
                    yield change, total, milliseconds(change.at, then.at)


def inside(events: Iterable[Any]) -> set[str]:
    """Return what the record of an answered call says of its inside."""
    told = {event.kind for event in events}
    joined = any(e.kind == "joined" and e.detail.get("role") in OUTSIDE for e in events)
    return {
        *(["calls_transferred"] if "transferred" in told else []),
        *(["calls_broken"] if "line_lost" in told else []),
        *(["calls_three_way"] if joined else []),
    }


INSIDE = {"calls_transferred", "calls_broken", "calls_three_way"}


def money(
    tickets: Mapping[int, Any], claims: Iterable[Any], payments: Iterable[Any]
) -> Iterator[tuple[Any, Any, str, int]]:
    """Yield for each claim and payment its ticket, its day, the fact and how much."""
    known = {claim.id: claim for claim in claims}
    paid: dict[int, int] = defaultdict(int)
    for payment in payments:
        paid[payment.claim_id] += payment.amount
        ticket = tickets[known[payment.claim_id].ticket_id]
        for fact, n in (
            ("payments", 1),
            ("sum_paid", payment.amount),
            (f"payments_by_{payment.proof}", 1),
            (f"sum_paid_by_{payment.proof}", payment.amount),
        ):
            yield ticket, payment.paid_on, fact, n
    for claim in known.values():
        ticket = tickets[claim.ticket_id]
        for fact, n in _claim(claim, paid.get(claim.id)):
            yield ticket, ticket.received_at, fact, n


def _claim(claim: Any, paid: int | None) -> Iterator[tuple[str, int]]:
    agreed = claim.agreed is not None
    yield "claims", 1
    yield "sum_claimed", claim.claimed
    yield "sum_verified", claim.verified or 0
    yield ("claims_agreed" if agreed else "claims_not_agreed"), 1
    if agreed:
        yield "sum_agreed", claim.agreed
    if paid:
        yield "claims_paid", 1
        yield "sum_claim_paid", paid
    if paid and agreed:
        yield "claims_agreed_paid", 1
        yield "sum_agreed_paid", paid


MONEY = {
    *("claims", "claims_agreed", "claims_not_agreed", "claims_paid", "claims_agreed_paid"),
    *("sum_claimed", "sum_verified", "sum_agreed", "sum_claim_paid", "sum_agreed_paid"),
    *("payments", "sum_paid"),
    *(f"{what}_by_{proof}" for what in ("payments", "sum_paid") for proof in PROOFS),
}
PRESENCES = {
    "presence_running",
    *STRETCHES,
    *(total for total, _holds in STRETCHES.values()),
}
