"""How alike two matters are: the same caller, employer, project, place, and like words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hotline.core import chinese


class Because(StrEnum):
    """Why a ticket may be about the same matter."""

    CALLER = "caller"
    EMPLOYER = "employer"
    PROJECT = "project"
    PLACE = "place"  # the same district and subject
    WORDS = "words"


#: What each agreement weighs; words weigh by how alike they are.
WEIGHTS: Final[Mapping[Because, float]] = {
    Because.CALLER: 40,
    Because.EMPLOYER: 30,
    Because.PROJECT: 30,
    Because.PLACE: 10,
    Because.WORDS: 40,
}
SPOKEN: Final = 0.3  # from here on words are alike enough to be named as a reason
ENOUGH: Final = 20.0  # a lower score is no likeness: a place alone is none


@dataclass(frozen=True)
class Matter:
    """What is compared of a matter, a ticket's or one that is being typed.

    Attributes:
        employers: The employers it may name: ids of the register and blind keys of names.
        words: The keys of its text, as `chinese.bigrams` makes them.
    """

    worker_id: int | None = None
    employers: frozenset[int | bytes] = frozenset()
    project_key: bytes | None = None
    region: str | None = None
    category: str | None = None
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """How alike two matters are, and why, the weightiest reason first."""

    score: float
    because: tuple[Because, ...]


def compare(typed: Matter, ticket: Matter) -> Likeness:
    """Return how alike *ticket* is to what is being *typed*."""
    words = chinese.likeness(typed.words, ticket.words)
    same = {
        Because.CALLER: typed.worker_id is not None and typed.worker_id == ticket.worker_id,
        Because.EMPLOYER: bool(typed.employers & ticket.employers),
        Because.PROJECT: typed.project_key is not None and typed.project_key == ticket.project_key,
        Because.PLACE: bool(typed.region and typed.category)
        and (typed.region, typed.category) == (ticket.region, ticket.category),
    }
    score = sum(WEIGHTS[why] for why, holds in same.items() if holds)
    because = [why for why, holds in same.items() if holds]
    if words >= SPOKEN:
        because.append(Because.WORDS)
    return Likeness(score + WEIGHTS[Because.WORDS] * words, tuple(because))
