"""Whether one of several people stands out, beyond what chance explains. No database here.

Each is held against all the others together by R. A. Fisher's exact test, which knows that the
others' share is itself of so many only: few numbers name nobody.
"""

from collections.abc import Mapping
from math import comb
from typing import Final

RARE: Final = 0.001  # among twelve people and two signs an honest month names one in forty
Counts = Mapping[str, tuple[int, int]]  # of each the share: so many of so many


def tail(successes: int, n: int, others: tuple[int, int]) -> float:
    """Return how likely at most *successes* of *n* are, were they and the others all alike."""
    good, size = successes + others[0], n + others[1]
    ways = sum(comb(good, k) * comb(size - good, n - k) for k in range(successes + 1))
    return ways / comb(size, n)


def low(counts: Counts) -> set[str]:
    """Return whose share is lower than chance explains, beside that of all others."""
    good, size = (sum(one[at] for one in counts.values()) for at in (0, 1))
    return {
        who
        for who, (successes, n) in counts.items()
        if tail(successes, n, (good - successes, size - n)) < RARE
    }


def high(counts: Counts) -> set[str]:
    """Return whose share is higher than chance explains, beside that of all others."""
    return low({who: (n - successes, n) for who, (successes, n) in counts.items()})
