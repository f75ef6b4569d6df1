"""The table at the end: what was measured, against which goal, and whether it was reached."""

from dataclasses import dataclass

from bench.rounds import Figure


@dataclass(frozen=True)
class Line:
    """One line of the table; without a *goal* it is there to be read along."""

    what: str
    figure: Figure
    unit: str = ""
    goal: float | None = None
    at_least: bool = False

    @property
    def reached(self) -> bool | None:
        """Whether the median is as the goal has it."""
        if self.goal is None:
            return None
        median = self.figure.median
        return median >= self.goal if self.at_least else median <= self.goal

    def cells(self) -> tuple[str, ...]:
        """Return what stands in the table."""
        form = ".2f" if not self.unit else ".1f"
        best = (max if self.at_least else min)(self.figure.values)
        spread = f"{min(self.figure.values):{form}}-{max(self.figure.values):{form}}"
        sign = "≥" if self.at_least else "≤"
        goal = "" if self.goal is None else f"{sign} {self.goal:g}"
        verdict = {None: "", True: "yes", False: "NO"}[self.reached]
        median = f"{self.figure.median:{form}} {self.unit}".rstrip()
        return self.what, median, f"{best:{form}}", spread, goal, verdict


HEAD = ("", "median", "best", "spread", "goal", "reached")


def show(lines: list[Line]) -> str:
    """Return the table as text."""
    rows = [HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
