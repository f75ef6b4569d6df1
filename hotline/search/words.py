"""What of a text can be found: pairs of Han characters, and other words whole.

Chinese is not cut into words: any two neighbouring characters are a key, so that no
dictionary can cut wrongly. Numbers of seven digits and more are no words here: whose they
are is somebody's own, and they are found by their own keyed hash.
"""

import re
import unicodedata
from typing import Final, NamedTuple

LONGEST_QUERY: Final = 60
AROUND: Final = 28  # characters shown on either side of a hit
_HAN: Final = r"\u3400-\u9fff"
_BETWEEN: Final = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_RUNS: Final = re.compile(rf"([{_HAN}]+)|([^\W_{_HAN}]+)")
_OWN: Final = re.compile(r"(?:.*?\d){7}")  # a telephone, identity card or account number


class Excerpt(NamedTuple):
    """The words around the first hit."""

    before: str
    hit: str
    after: str


def plain(text: str) -> str:
    """Return *text* in one width and case, without the spaces inside of Chinese."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def keys(text: str) -> frozenset[str]:
    """Return the keys under which *text* is found."""
    found: set[str] = set()
    for han, word in _RUNS.findall(plain(text)):
        found.update(han[at : at + 2] for at in range(len(han) - 1))
        if word and not _OWN.match(word):
            found.add(word)
    return frozenset(found)


def place(path: str) -> str:
    """Return the key of what is seen from the unit at *path*; no word has such a key."""
    return f"in:{path}"


def terms(query: str) -> tuple[str, ...]:
    """Return what a hit must hold: the parts of *query* between its spaces."""
    return tuple(plain(part) for part in query[:LONGEST_QUERY].split())


def holds(text: str, wanted: tuple[str, ...]) -> bool:
    """Return whether *text* holds every one of the terms *wanted*."""
    here = plain(text)
    return all(term in here for term in wanted)


def excerpt(text: str, wanted: tuple[str, ...]) -> Excerpt | None:
    """Return the words around the first term that *text* holds; None if it holds none."""
    here = _BETWEEN.sub("", text)
    folded = [(each, at) for at, char in enumerate(here) for each in plain(char)]
    flat = "".join(each for each, _ in folded)
    places = [(flat.index(term), len(term)) for term in wanted if term in flat]
    if not places:
        return None
    place, length = min(places)
    at, end = folded[place][1], folded[place + length - 1][1] + 1
    first, last = max(at - AROUND, 0), end + AROUND
    return Excerpt(
        "…" * (first > 0) + here[first:at], here[at:end], here[end:last] + "…" * (last < len(here))
    )
