"""Every fact there is.

The rollup, the recount and the list of rows behind a number all ask the same
function of the same fact, so they cannot disagree about what a word means.
"""

from hotline.rates import (
    answer_facts,
    call_facts,
    callback_facts,
    money_facts,
    order_facts,
    presence_facts,
    survey_facts,
    ticket_facts,
)
from hotline.rates.cohorts import Cohort
from hotline.rates.fact import FACTS, HISTOGRAMS, LIMITED, Fact, Histogram, Limited

__all__ = [
    "FACTS",
    "HISTOGRAMS",
    "LIMITED",
    "Fact",
    "Histogram",
    "Limited",
    "answer_facts",
    "call_facts",
    "callback_facts",
    "histograms",
    "money_facts",
    "of",
    "order_facts",
    "presence_facts",
    "survey_facts",
    "ticket_facts",
]


def of(cohort: Cohort) -> tuple[Fact, ...]:
    """Return the facts counted in *cohort*."""
    return tuple(fact for fact in FACTS.values() if fact.cohort is cohort)


def histograms(cohort: Cohort) -> tuple[Histogram, ...]:
    """Return the histograms counted in *cohort*."""
    return tuple(one for one in HISTOGRAMS.values() if one.cohort is cohort)
