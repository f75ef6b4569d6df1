"""Writes docs/reference/metrics.md from the metrics themselves: `python -m bin.metrics_page`."""

from collections.abc import Sequence
from pathlib import Path

from hotline.rates import evidence
from hotline.rates.call_metrics import CALLS
from hotline.rates.fact import LIMITS
from hotline.rates.formulas import Metric
from hotline.rates.money_metrics import MONEY
from hotline.rates.presence_metrics import PRESENCE
from hotline.rates.survey_metrics import SURVEYS
from hotline.rates.ticket_metrics import TICKETS

PAGE = Path(__file__).parents[1] / "docs/reference/metrics.md"

OPENING = f"""\
# Metrics

Written from `hotline/rates/` by `make docs`; a test compares the two. Each rate is given with
numerator, denominator, exclusions, cohort, as-of time and the rows behind both numbers. Days are
days of the hotline's zone. Why these: [How rates are true](../explanation/how-rates-are-true.md).

Two limits are chosen when it is asked, `soon` (a good answer, 15 s unless said otherwise) and
`short` (a short abandon, 5 s), any whole second from {LIMITS[0]} to {LIMITS[-1]}: waits are kept in
milliseconds and counted by steps, so nothing is counted anew. Sums are milliseconds; a mean prints
in seconds, with the steps within which 50 % and 90 % ended.

The cohort says by which moment a row belongs to a day: `call_received`, `callback_owed` (the call
that was missed), `received`, `due_original`, `due` (the present deadline), `resolved` (the last
settlement), `ordered` (each time a ticket was given to a unit; its unit is that one),
`presence_began` (a stretch of presence counts wholly on the day it began), `claimed` (a claimant
counts on the day the ticket came), `paid` (the day the money came). `flow` divides two cohorts.

Of the desk's time both numbers are sums of milliseconds, printed in hours; of money sums of fen,
printed in yuan. Recovered is what was paid, and says on whose word.
"""

CLOSING = """\
## Beside the rates

- **Worst 24 hours**: the lowest C1 of any 24 consecutive hours of the period, from full hour to
  full hour, beside the standard of 95 %.
- **T5 by age**: what is open of all that came up to the last day of the period, suspended
  tickets among it, in bands of 7, 30 and 90 days.
- **V9**: the 95 % Wilson interval stands beside each sampled rate.

## First contact

`T7-contact` is what units record, `T7-told` what workers say. The time of the class runs from the
signature; a contact counts from the moment it is recorded, and a result that tells of one counts
as such a record. Signatures from before these times were kept stand apart.

## Printing

Denominator 0: `–`. 100 % only when both numbers are equal; otherwise the figure is cut, not rounded
up.
"""


def page() -> str:
    """Return the whole page."""
    parts = [OPENING]
    for title, metrics in (
        ("Calls", CALLS),
        ("Time at the desk", PRESENCE),
        ("Tickets", TICKETS),
        ("Money recovered", MONEY),
        ("Surveys", SURVEYS),
    ):
        parts += [f"## {title}\n", _table(metrics)]
    return "\n".join([*parts, CLOSING])


def _table(metrics: Sequence[Metric]) -> str:
    rows = [
        "| code | 中文 | cohort | numerator | denominator | apart |",
        "|---|---|---|---|---|---|",
        *(_row(metric) for metric in metrics),
    ]
    return "\n".join(rows) + "\n"


def _row(metric: Metric) -> str:
    apart = ", ".join(metric.excluded) or "–"
    parts = (_meaning(metric.numerator), _meaning(metric.denominator), apart)
    return f"| `{metric.code}` | {metric.name} | `{metric.cohort}` | " + " | ".join(parts) + " |"


def _meaning(name: str) -> str:
    """Return the first line of what the fact says of itself."""
    return (evidence.fact(name).meaning).split("\n")[0].rstrip(".")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
