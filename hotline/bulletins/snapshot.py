"""Every number of some days at one moment: live from the rollup, or as it was published.

Whoever shows or prints figures takes a `Snapshot`; it does not matter which of the two it is.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from hotline.core.roles import Actor
from hotline.deadlines.versions import Versions
from hotline.rates import queries
from hotline.rates.formulas import Rate
from hotline.rates.groups import Group, grouped
from hotline.rates.hourly import Window
from hotline.rates.queries import Stock
from hotline.rates.questions import CUTS, Question

WAYS: Final = ("unit", "region", "category", "channel", "hour", "day")


@dataclass(frozen=True)
class Snapshot:
    """All rates of some days, in whole and in parts.

    Attributes:
        as_of: When the rollup was last level with the rows; None before the first time.
        whole: Every rate and every count of the whole.
        parts: The same by each of `WAYS`, the parts that have anything to count. What was
            published before a way was thought of has none of it.
        worst: The 24 hours with the lowest answer rate; None without a call.
        stock: What is open, by age.
        versions: The calendar and the limits in force at that moment.
    """

    question: Question
    as_of: dt.datetime | None
    whole: Group
    parts: Mapping[str, Sequence[Group]]
    worst: Window | None
    stock: Sequence[Stock]
    versions: Versions

    @property
    def rates(self) -> Mapping[str, Rate]:
        """Return the rates of the whole, by code."""
        return {rate.metric.code: rate for rate in self.whole.rates}

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how often each fact was true in the whole; one that is absent never was."""
        return self.whole.counts


def snapshot(session: Session, actor: Actor, question: Question, *, now: dt.datetime) -> Snapshot:
    """Return every number of *question* as the rollup has it now.

    Raises:
        NotFound: The unit is outside the actor's part of the tree.
    """
    report = queries.rates(session, actor, question)
    return Snapshot(
        question=question,
        as_of=report.as_of,
        whole=report.groups[0],
        parts={way: grouped(session, actor, question, way) for way in WAYS if _cut(question, way)},
        worst=queries.worst_window(session, actor, question, now=now),
        stock=queries.stock(session, actor, question),
        versions=report.versions,
    )


def _cut(question: Question, way: str) -> bool:
    """Return whether *question* was counted in this way, too: hours stand by themselves."""
    return way not in CUTS or not question.chosen()
