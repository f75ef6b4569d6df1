"""The law an answer rests on, as people write it: `劳动合同法 第30条、85条`, one law a line.

An article is written in digits, a paragraph after a point: `27.4` is 第二十七条第四款.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

STATE: Final = "中华人民共和国"
LONGEST_LAW: Final = 60
ARTICLE: Final = re.compile(r"\d{1,4}(?:\.\d{1,2})?")
LINE: Final = re.compile(
    r"(?P<law>\D+?)[\s§第]*(?P<articles>\d[\d.]*条?(?:\s*[、,，和§第]+\s*\d[\d.]*条?)*)"
)
MARKS: Final = str.maketrans("", "", "《》〈〉「」 \u3000")


@dataclass(frozen=True)
class Basis:
    """One article of one law."""

    law: str
    article: str


def name_of(law: str) -> str:
    """Return the name a law is kept under: without brackets, spaces and the state's name."""
    return law.translate(MARKS).removeprefix(STATE)


def read(text: str) -> tuple[Basis, ...]:
    """Return the articles that *text* names, in its order, each once.

    Raises:
        ValueError: A line names no law or no article; its number is in the error.
    """
    found: dict[Basis, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        said = LINE.fullmatch(line.strip())
        law = name_of(said["law"]).strip("第§") if said else ""
        articles = re.findall(r"[\d.]+", said["articles"]) if said else []
        right = 0 < len(law) <= LONGEST_LAW and all(ARTICLE.fullmatch(each) for each in articles)
        if not right:
            raise ValueError(number)
        found |= dict.fromkeys(Basis(law, article) for article in articles)
    return tuple(found)


def written(laws: Iterable[Basis]) -> list[str]:
    """Write *laws* as `read` reads them: a line for each run of one law."""
    runs = groupby(laws, key=lambda each: each.law)
    return [f"{law} 第{'、'.join(each.article for each in run)}条" for law, run in runs]
