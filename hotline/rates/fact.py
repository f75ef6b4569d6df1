"""What a fact is, and the list that every fact enters itself into."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement

from hotline.rates.cohorts import Cohort

Condition = ColumnElement[bool]
Rule = Callable[[], Condition]


@dataclass(frozen=True)
class Fact:
    """A named condition on the rows of a cohort."""

    label: str
    cohort: Cohort
    rule: Rule

    @property
    def name(self) -> str:
        """Return the name under which the fact is counted."""
        return self.rule.__name__

    @property
    def where(self) -> Condition:
        """Return the condition in SQL."""
        return self.rule()


FACTS: Final[dict[str, Fact]] = {}


def fact(cohort: Cohort, label: str) -> Callable[[Rule], Rule]:
    """Enter a function into the list of facts under its own name."""

    def enter(rule: Rule) -> Rule:
        FACTS[rule.__name__] = Fact(label, cohort, rule)
        return rule

    return enter
