"""What a sheet of points comes to, and how far two scorers agree. No framework here."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final


class Grade(StrEnum):
    """What a score is called."""

    EXCELLENT = "excellent"
    GOOD = "good"
    PASS = "pass"  # noqa: S105 - a grade
    FAIL = "fail"


FROM: Final = {Grade.EXCELLENT: 90, Grade.GOOD: 75, Grade.PASS: 60, Grade.FAIL: 0}


class Unscored(ValueError):
    """An item of the sheet is missing or out of its range; the argument names it."""


def score(definition: Mapping[str, Any], points: Mapping[str, int], fatal: Collection[str]) -> int:
    """Return what *points* come to, 0 to 100; one fatal item makes it 0.

    Raises:
        Unscored: An item has no points, too many, or there is no such item.
    """
    most = {item["code"]: item["points"] for item in definition["items"]}
    known = {item["code"] for item in definition["fatal"]}
    wrong = [code for code in most if not 0 <= points.get(code, -1) <= most[code]]
    wrong += [*(set(points) - set(most)), *(set(fatal) - known)]
    if wrong:
        raise Unscored(wrong[0])
    return 0 if fatal else sum(points.values())


def grade(value: int) -> Grade:
    """Return what a score of 0 to 100 is called."""
    return next(each for each, least in FROM.items() if value >= least)


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa of what two scorers said of the same things.

    (observed − expected) ÷ (1 − expected), where expected is the agreement of two who draw
    their words by chance in the shares they really used (Cohen 1960). None where there is
    nothing to compare, or where both only ever said the same one thing.
    """
    n = len(pairs)
    firsts, seconds = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(firsts[word] * seconds[word] for word in firsts)  # times n squared
    if n == 0 or expected == n * n:
        return None
    observed = sum(one == other for one, other in pairs)
    return (observed * n - expected) / (n * n - expected)
