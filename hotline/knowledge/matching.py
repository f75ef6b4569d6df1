"""How well an article fits what is asked or told. No framework, no database."""

from collections.abc import Iterable
from typing import Final

from hotline.core import chinese

BODY: Final = "="  # before a key of the answer; keys of title and variants stand bare
HEAD_WEIGHT: Final = 2.0  # so that any whole hit in a title comes before one in an answer
FOUND: Final = 0.5  # the part of what is searched for that must be there
TOLD: Final = 0.5  # the part of a question that must be in what is told
SAME_CATEGORY: Final = 0.25
HEARD: Final = 240  # characters of a narrative that are looked at, the last ones


def keys(asked: Iterable[str], answer: str) -> frozenset[str]:
    """Return the keys under which an article is found."""
    return frozenset[str]().union(*(chinese.keys(each) for each in asked)) | body(answer)


def body(text: str) -> frozenset[str]:
    """Return the keys of *text* as part of an answer."""
    return frozenset(BODY + gram for gram in chinese.bigrams(text))


def rank(head: int, answer: int, needed: tuple[int, int]) -> float:
    """Return how well an article fits a search; 0 where it does not.

    Args:
        head: How many of the keys asked for stand in its title and variants.
        answer: How many stand in its answer.
        needed: How many of each kind one has that holds all that was asked.
    """
    in_head = min(head / needed[0], 1.0)
    in_answer = min(answer / needed[1], 1.0) if needed[1] else 0.0
    if max(in_head, in_answer) < FOUND:
        return 0.0
    return HEAD_WEIGHT * in_head + in_answer


def told(questions: Iterable[str], words: frozenset[str], *, same_category: bool) -> float:
    """Return how much of the closest of *questions* is in the *words* told; 0 for too little."""
    shares = (_share(chinese.bigrams(question), words) for question in questions)
    bonus = SAME_CATEGORY if same_category else 0.0
    best = max(shares, default=0.0)
    return best + bonus if best and best + bonus >= TOLD else 0.0


def holds_in(scope: str | None, region: str | None) -> bool:
    """Return whether what holds in *scope* holds in *region*; an unknown region excludes nothing.

    Codes are those of GB/T 2260: the autonomous region, a league and a banner by two digits each.
    """
    if scope is None or region is None:
        return True
    whole = scope
    while whole.endswith("00"):
        whole = whole[:-2]
    return region.startswith(whole) or scope.startswith(region.rstrip("0"))


def _share(question: frozenset[str], words: frozenset[str]) -> float:
    return len(question & words) / len(question) if question else 0.0
