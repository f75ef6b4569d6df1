"""Which pieces of work are inspected: the same for the same seed, foreseen by nobody without it.

No framework here.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

SHARE: Final = 50  # one in so many: 2 % (domain, section 5)
LEAST: Final = 2  # of each kind, an operator and a month
DOUBLE: Final = 20  # one in so many is scored by two people: 5 %


def size(pool: int) -> int:
    """Return how many of a *pool* are drawn."""
    return min(pool, max(LEAST, -(-pool // SHARE)))


def draw(seed: str, pool: Iterable[int]) -> list[int]:
    """Return the ids drawn of *pool*, ascending, whatever order it comes in."""
    ordered = sorted(set(pool), key=lambda id_: _rank(seed, id_))
    return sorted(ordered[: size(len(ordered))])


def is_double(seed: str, id_: int) -> bool:
    """Return whether two people score it apart from each other."""
    return _rank(f"{seed}:double", id_) % DOUBLE == 0


def _rank(seed: str, id_: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{id_}".encode()).digest()[:8], "big")
