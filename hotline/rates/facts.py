"""Every fact there is.

The rollup, the recount and the list of rows behind a number all ask the same
function of the same fact, so they cannot disagree about what a word means.
"""

from hotline.rates import call_facts, survey_facts, ticket_facts
from hotline.rates.cohorts import Cohort
from hotline.rates.fact import FACTS, Fact

__all__ = ["FACTS", "Fact", "call_facts", "of", "survey_facts", "ticket_facts"]


def of(cohort: Cohort) -> tuple[Fact, ...]:
    """Return the facts counted in *cohort*."""
    return tuple(fact for fact in FACTS.values() if fact.cohort is cohort)
