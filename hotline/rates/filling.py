"""From counts to rates: what a metric needs of the rollup, and its rate for a question."""

from collections.abc import Iterable, Mapping
from typing import Final

from hotline.rates import formulas
from hotline.rates.facts import HISTOGRAMS, LIMITED
from hotline.rates.formulas import Metric, Rate
from hotline.rates.questions import Question

SHOWN: Final = (50, 90)  # of the quantiles, in per cent


def needed(metrics: Iterable[Metric]) -> frozenset[str]:
    """Return the names of the counts that *metrics* are made of."""
    found: set[str] = set()
    for metric in metrics:
        if metric.histogram:
            found.update(HISTOGRAMS[metric.histogram].names())
        for name in metric.facts:
            found.update(LIMITED[name].needs if name in LIMITED else [name])
    return frozenset(found)


def fill(metric: Metric, counts: Mapping[str, int], question: Question) -> Rate:
    """Make the rate of *metric* from *counts*, with the limits that *question* chose."""
    limited = [LIMITED[name] for name in metric.facts if name in LIMITED]
    limits = {one.limit: question.limits[one.limit] for one in limited}
    made = {one.name: one.made(counts, limits[one.limit]) for one in limited}
    quantiles = {}
    if metric.histogram:
        lengths = HISTOGRAMS[metric.histogram]
        quantiles = {share: lengths.quantile(share / 100, counts) for share in SHOWN}
    return formulas.fill(metric, {**counts, **made}, limits, quantiles)
