"""What a fact is, and the lists that every fact enters itself into.

Three kinds: a condition on rows, counted or summed; how long something lasted, counted by
steps of time, so that a limit can be chosen later; and a condition with such a limit, which
is made of the first two and is counted from the rows only when its rows are asked for.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, not_

from hotline.rates.cohorts import Cohort

Condition = ColumnElement[bool]
Number = ColumnElement[Any]
Rule = Callable[[], Condition]
SECOND: Final = 1000  # ms

#: The steps of every histogram, in seconds: fine where limits lie, coarse where nobody looks.
STEPS: Final[tuple[int, ...]] = (
    *range(31),
    *range(35, 121, 5),
    *range(150, 601, 30),
    *range(900, 3601, 300),
    7200,
    14_400,
)
LIMITS: Final = STEPS[1:31]  # what may be chosen as a limit, in seconds


@dataclass(frozen=True)
class Fact:
    """A named condition on the rows of a cohort.

    Attributes:
        measure: What is summed over these rows, in whole milliseconds or fen; None where they
            are counted.
        apart: Whether it is about the rows that stand outside the cohort's other facts.
    """

    name: str
    label: str
    cohort: Cohort
    rule: Rule
    measure: Callable[[], Number] | None = None
    apart: bool = False

    @property
    def meaning(self) -> str:
        """Return the definition, in English, as the function says it."""
        return (self.measure or self.rule).__doc__ or ""

    @cached_property
    def where(self) -> Condition:
        """Return the condition in SQL."""
        outside = self.cohort.apart
        if outside is None:
            return self.rule()
        return and_(self.rule(), outside if self.apart else not_(outside))

    @cached_property
    def counted(self) -> Number:
        """Return the count, or the sum, in SQL."""
        what = func.count() if self.measure is None else func.sum(self.measure())
        return what.filter(self.where)


@dataclass(frozen=True)
class Histogram:
    """How long something lasted for the rows of a condition; NULL where nobody knows it.

    A row that lasted longer than the longest step stands in the last one, `over`.
    """

    name: str
    label: str
    cohort: Cohort
    rule: Rule
    length: Callable[[], Number]

    @cached_property
    def where(self) -> Condition:
        """Return the condition in SQL: that of the rows whose length is known."""
        return and_(self.rule(), self.length().is_not(None))

    @cached_property
    def seconds(self) -> Number:
        """Return the length in whole seconds, rounded up: at most 15 s is 15."""
        return (self.length() + (SECOND - 1)) // SECOND

    def upto(self, seconds: int) -> Sequence[str]:
        """Return the names of the counts that together say: at most *seconds*."""
        return [f"{self.name}:{step}" for step in STEPS if step <= seconds]

    def names(self) -> Sequence[str]:
        """Return the names of all its counts, in order."""
        return [*self.upto(STEPS[-1]), f"{self.name}:over"]

    def name_of(self, seconds: int) -> str:
        """Return the name of the count to which a row of *seconds* belongs."""
        at = bisect_left(STEPS, seconds)
        return f"{self.name}:{STEPS[at]}" if at < len(STEPS) else f"{self.name}:over"

    def quantile(self, share: float, counts: Mapping[str, int]) -> int | None:
        """Return within how many seconds *share* of the rows ended, rounded up to a step.

        None where there are none, or where it is longer than the longest step.
        """
        needed = share * sum(counts.get(name, 0) for name in self.names())
        sofar = 0
        for step, name in zip(STEPS, self.names(), strict=False):
            sofar += counts.get(name, 0)
            if sofar and sofar >= needed:
                return step
        return None


@dataclass(frozen=True)
class Limited:
    """A condition with a limit of time that is chosen when it is asked.

    Attributes:
        limit: Which limit: an attribute of the question, in seconds.
        whole: A fact from which the rows within the limit are taken away; "" for none.
        within: The histograms whose rows within the limit count, or are taken away.
    """

    name: str
    label: str
    cohort: Cohort
    rule: Callable[[int], Condition]
    limit: str
    whole: str
    within: Sequence[str]

    @property
    def meaning(self) -> str:
        """Return the definition, in English, as the function says it."""
        return self.rule.__doc__ or ""

    @property
    def needs(self) -> Sequence[str]:
        """Return the counts it can be made of, whatever the limit."""
        steps = [name for one in self.within for name in HISTOGRAMS[one].upto(LIMITS[-1])]
        return [self.whole, *steps] if self.whole else steps

    def made(self, counts: Mapping[str, int], seconds: int) -> int:
        """Return its count for a limit of *seconds*."""
        found = sum(
            counts.get(name, 0) for one in self.within for name in HISTOGRAMS[one].upto(seconds)
        )
        return counts.get(self.whole, 0) - found if self.whole else found


FACTS: Final[dict[str, Fact]] = {}
HISTOGRAMS: Final[dict[str, Histogram]] = {}
LIMITED: Final[dict[str, Limited]] = {}


def fact(cohort: Cohort, label: str, *, apart: bool = False) -> Callable[[Rule], Rule]:
    """Enter a condition into the list of facts under the name of its function."""

    def enter(rule: Rule) -> Rule:
        FACTS[rule.__name__] = Fact(rule.__name__, label, cohort, rule, apart=apart)
        return rule

    return enter


def total(
    cohort: Cohort, label: str, of: Rule
) -> Callable[[Callable[[], Number]], Callable[[], Number]]:
    """Enter a sum of milliseconds, or of fen, over the rows of a condition."""

    def enter(measure: Callable[[], Number]) -> Callable[[], Number]:
        FACTS[measure.__name__] = Fact(measure.__name__, label, cohort, of, measure)
        return measure

    return enter


def histogram(
    cohort: Cohort, label: str, of: Rule
) -> Callable[[Callable[[], Number]], Callable[[], Number]]:
    """Enter the lengths, in milliseconds, of the rows of a condition."""

    def enter(length: Callable[[], Number]) -> Callable[[], Number]:
        HISTOGRAMS[length.__name__] = Histogram(length.__name__, label, cohort, of, length)
        return length

    return enter


def limited(
    cohort: Cohort, label: str, limit: str, *within: str, whole: str = ""
) -> Callable[[Callable[[int], Condition]], Callable[[int], Condition]]:
    """Enter a condition with a limit, and what its count is made of."""

    def enter(rule: Callable[[int], Condition]) -> Callable[[int], Condition]:
        name = rule.__name__
        LIMITED[name] = Limited(name, label, cohort, rule, limit, whole, within)
        return rule

    return enter
