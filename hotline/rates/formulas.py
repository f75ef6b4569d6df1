"""What a rate is made of, how it is written, and how sure it is. No database here.

A rate names two facts, a numerator and a denominator, and what was left out of both.
Sources: the metric tables of the hotline's own rules; E. B. Wilson, "Probable
inference" (1927), for the interval.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from hotline.money.amounts import yuan

NONE: Final = "–"  # the share of nothing in nothing is not 100 %
Z_95: Final = 1.959963984540054  # the normal deviate that leaves 2.5 % on each side
FEW: Final = 30  # of fewer answers nobody should judge a person by their share
ALL_OF_IT: Final = 10_000  # hundredths of a per cent
Sums = Literal["", "ms", "fen"]
TIME: Final = "ms"  # what is summed where rows are not counted
MONEY: Final = "fen"


@dataclass(frozen=True)
class Metric:
    """One rate's rule: which facts it divides and what it leaves out.

    Attributes:
        cohort: The moment whose local day decides to which period a row belongs.
        excluded: Facts that stand outside both numbers, by the reason that is shown.
        sampled: The numbers are answers of some for all, so an interval is printed.
        mean: The numerator is a sum of milliseconds, so the rate is a mean in seconds.
        histogram: Of a mean the histogram of the same lengths, for median and 90 %.
        sums: Both numbers are sums, of `TIME` or `MONEY`; empty where rows are counted.
    """

    code: str
    name: str
    cohort: str
    numerator: str
    denominator: str
    excluded: Mapping[str, str]
    definition: str
    sampled: bool = False
    mean: bool = False
    histogram: str = ""
    sums: Sums = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """Return every fact the rate needs."""
        return (self.numerator, self.denominator, *self.excluded.values())


@dataclass(frozen=True)
class Rate:
    """A metric filled with numbers.

    Attributes:
        limits: The limits it was asked for, in seconds, by name; empty where it has none.
        quantiles: Of a mean: within how many seconds 50 % and 90 % ended, by per cent.
    """

    metric: Metric
    numerator: int
    denominator: int
    excluded: Mapping[str, int]
    limits: Mapping[str, int] = field(default_factory=dict)
    quantiles: Mapping[int, int | None] = field(default_factory=dict)

    @property
    def value(self) -> float | None:
        """Return the share, 1.0 for all, or the seconds; None where the denominator is 0."""
        if not self.denominator:
            return None
        share = self.numerator / self.denominator
        return share / 1000 if self.metric.mean else share

    @property
    def printed(self) -> str:
        """Return it as people read it: `95.30%`, or `14.7 s`."""
        write = seconds if self.metric.mean else percent
        return write(self.numerator, self.denominator)

    @property
    def total(self) -> str:
        """Return the numerator as people read it: a count, seconds, hours or yuan."""
        return seconds(self.numerator, 1) if self.metric.mean else self._written(self.numerator)

    @property
    def whole(self) -> str:
        """Return the denominator as people read it: a count, hours or yuan."""
        return self._written(self.denominator)

    def _written(self, n: int) -> str:
        return {TIME: hours, MONEY: yuan}.get(self.metric.sums, str)(n)

    @property
    def few(self) -> bool:
        """Whether it is the share of so few answers that it says little."""
        return self.metric.sampled and 0 < self.denominator < FEW

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the 95 % interval of a sampled share."""
        return wilson(self.numerator, self.denominator) if self.metric.sampled else None


def fill(
    metric: Metric,
    counts: Mapping[str, int],
    limits: Mapping[str, int] | None = None,
    quantiles: Mapping[int, int | None] | None = None,
) -> Rate:
    """Make the rate of *metric* from *counts* by fact; a fact that is missing counted 0."""
    return Rate(
        metric,
        counts.get(metric.numerator, 0),
        counts.get(metric.denominator, 0),
        {reason: counts.get(fact, 0) for reason, fact in metric.excluded.items()},
        limits or {},
        quantiles or {},
    )


def percent(numerator: int, denominator: int) -> str:
    """Write a share in per cent to two decimals, and never round it into a claim.

    `100%` stands only for all of it and `0%` only for none of it: 99.996 % is
    written 99.99 %, and one in a million 0.01 %. Nothing of nothing is `–`.
    """
    if denominator == 0:
        return NONE
    if numerator == 0:
        return "0%"
    if numerator == denominator:
        return "100%"
    hundredths = (2 * numerator * ALL_OF_IT + denominator) // (2 * denominator)
    if numerator < denominator:
        hundredths = min(hundredths, ALL_OF_IT - 1)
    hundredths = max(hundredths, 1)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def hours(milliseconds: int) -> str:
    """Write a sum of time in hours to one decimal."""
    return f"{milliseconds / 3_600_000:.1f} h"


def seconds(milliseconds: int, n: int) -> str:
    """Write a mean in seconds to one decimal, half up; of nothing it is `–`."""
    if n == 0:
        return NONE
    tenths = (2 * milliseconds + 100 * n) // (200 * n)
    return f"{tenths // 10}.{tenths % 10} s"


def wilson(successes: int, n: int) -> tuple[float, float] | None:
    """Return the 95 % score interval of *successes* in *n*; None for an empty sample.

    It stays inside 0 to 1 and is honest for small samples and shares near 1, where
    the textbook's plus-minus claims a certainty that nobody has.
    """
    if n == 0:
        return None
    share, spread = successes / n, Z_95**2 / n
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == n else centre + half
    return low, high
