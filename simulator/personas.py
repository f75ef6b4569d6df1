"""The people of the stories: what they say, write and answer."""

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("stories.json")
_SCALE: Final = re.compile(r"[1-5１-５]")
_NUMBERS: Final = 400  # how many workers there are; some of them call again
MONGOLIAN: Final = "mn"
_IMPATIENT: Final = 80.0  # seconds


@dataclass(frozen=True)
class Persona:
    """Somebody who calls."""

    topic: str
    words: tuple[str, ...]
    patience: float
    language: str = "zh"
    anonymous: bool = False

    def presses(self) -> dict[str | int, str]:
        """Return what this caller presses: their language where it is offered.

        To whatever else is asked, such as whether to wait, only the impatient press 1.
        """
        keys: dict[str | int, str] = {"评价": "1"}
        if self.language == MONGOLIAN:
            keys["蒙"] = "2"
        return keys | ({"*": "1"} if self.patience < _IMPATIENT else {})


@dataclass(frozen=True)
class Reply:
    """An answer to a survey, None for silence, and how usual it is."""

    body: str | None
    weight: int


class Stories:
    """All stories, and a seeded choice among them."""

    def __init__(self, seed: int) -> None:
        content = json.loads(_FILE.read_text(encoding="utf-8"))
        self.callers = [
            Persona(**row | {"words": tuple(row["words"])}) for row in content["callers"]
        ]
        self.texts: list[str] = content["texts"]
        self.replies = [Reply(**row) for row in content["survey_replies"]]
        self._chance = random.Random(f"stories-{seed}")

    def caller(self) -> Persona:
        """Return somebody who calls now."""
        return self._chance.choice(self.callers)

    def text(self) -> str:
        """Return a text that somebody writes now."""
        return self._chance.choice(self.texts)

    def survey_reply(self) -> str | None:
        """Return what somebody answers a survey with, None for nothing."""
        weights = [reply.weight for reply in self.replies]
        return self._chance.choices(self.replies, weights)[0].body

    def number(self) -> str:
        """Return the number of a worker, obviously invented."""
        return f"+861380000{self._chance.randrange(_NUMBERS):04d}"

    def wait(self, per_hour: float) -> float:
        """Return the seconds until the next of what happens *per_hour* times."""
        return self._chance.expovariate(per_hour / 3600)

    def between(self, least: float, most: float) -> float:
        """Return a number of seconds."""
        return self._chance.uniform(least, most)


def is_survey(body: str) -> bool:
    """Tell whether an SMS asks for a rating: it says so and names a scale."""
    return "评价" in body and _SCALE.search(body) is not None
