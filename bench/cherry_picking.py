"""`python -m bench.cherry_picking`: how often the page names who asks only the contented.

Seeded months are simulated and judged by the rules of the page itself, `rates/outliers.py`. Each
month has some operators; one of them may skip a part of the dissatisfied, and write down that
they could not be reached. One survey in twenty is asked again by another person, who reaches
whom there is to reach no less than the first did.
"""

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hotline.rates import outliers
from hotline.rates.formulas import percent
from hotline.surveys.checks import ONE_IN

OPERATORS: Final = 12
REACHED: Final = 0.62  # of those who are rung, over all tries
UNHAPPY: Final = 0.25
MONTHS: Final = 100
TICKETS: Final = (50, 100, 200, 400)  # of each operator in a month
SKIPPED: Final = (0.0, 0.25, 0.5, 0.75, 1.0)  # of the dissatisfied


@dataclass
class Sheet:
    """What a month's page says of one operator."""

    asked: int = 0
    answered: int = 0
    satisfied: int = 0
    checked: int = 0
    reached: int = 0


def month(chance: random.Random, tickets: int, skipped: float) -> dict[str, Sheet]:
    """Simulate a month in which operator `0` skips *skipped* of the dissatisfied."""
    sheets = {str(n): Sheet() for n in range(OPERATORS)}
    for name, sheet in sheets.items():
        for _ in range(tickets):
            _survey(chance, sheet, skipped if name == "0" else 0.0)
    return sheets


def _survey(chance: random.Random, sheet: Sheet, skipped: float) -> None:
    sheet.asked += 1
    unhappy = chance.random() < UNHAPPY
    skips = unhappy and chance.random() < skipped
    if not skips and chance.random() < REACHED:
        sheet.answered += 1
        sheet.satisfied += not unhappy
    elif chance.random() < 1 / ONE_IN:
        sheet.checked += 1
        sheet.reached += chance.random() < (REACHED if skips else 1 - REACHED) / 2


def named(sheets: dict[str, Sheet]) -> set[str]:
    """Return whom the page marks."""
    responses = {name: (sheet.answered, sheet.asked) for name, sheet in sheets.items()}
    overturned = {name: (sheet.reached, sheet.checked) for name, sheet in sheets.items()}
    return outliers.low(responses) | outliers.high(overturned)


def line(seed: int, months: int, tickets: int, skipped: float) -> tuple[str, ...]:
    """Return how often the picker was named, how often anybody else, and what they would claim."""
    chance = random.Random(f"{seed}:{tickets}:{skipped}")
    found, false, answered, satisfied = 0, 0, 0, 0
    for _ in range(months):
        sheets = month(chance, tickets, skipped)
        marked = named(sheets)
        found += "0" in marked
        false += bool(marked - {"0"})
        answered += sheets["0"].answered
        satisfied += sheets["0"].satisfied
    return (
        f"{tickets}",
        f"{skipped:.0%}",
        percent(satisfied, answered),
        percent(found, months),
        percent(false, months),
    )


HEAD: Final = (
    "tickets each", "unhappy skipped", "satisfaction shown", "picker named", "others named",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="bench.cherry_picking", description=__doc__)
    parser.add_argument("--seed", type=int, default=12351)
    parser.add_argument("--months", type=int, default=MONTHS, help="simulated for each line")
    options = parser.parse_args(argv)
    print(f"{OPERATORS} operators, {UNHAPPY:.0%} dissatisfied, {REACHED:.0%} reached;", end=" ")
    print(f"{options.months} months a line, seed {options.seed}")
    for cells in (
        HEAD,
        *(line(options.seed, options.months, n, part) for n in TICKETS for part in SKIPPED),
    ):
        print("  ".join(cell.rjust(18) for cell in cells))
    return 0


if __name__ == "__main__":
    sys.exit(main())
