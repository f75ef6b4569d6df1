"""Chinese words made findable: pairs of characters, and their sound as people type it.

Text is not cut into words: any two neighbouring characters are a key, so 农民工工资 is
found by 工资 and by 民工. Pinyin is kept as pairs of initials (`~xt`) and as triples of
whole syllables (`^xin`), so that `xtjs` and `xingtai` both find 兴泰建设.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

HAN: Final = re.compile(r"[\u3400-\u9fff]+")
PLAIN: Final = re.compile(r"[0-9a-z]+")
INITIALS, SOUND = "~", "^"
LONGEST_QUERY: Final = 60


def fold(text: str) -> str:
    """Return *text* with full-width and upper-case letters made plain, and without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def bigrams(text: str) -> frozenset[str]:
    """Return each two neighbouring characters of the words of *text*; a lone one by itself."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return frozenset(
        gram
        for pattern in (HAN, PLAIN)
        for run in pattern.findall(plain)
        for gram in _grams(run, 2)
    )


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """Return the first letter of each character's sound: `btcq` for 包头重庆."""
    return "".join(syllable[0] for syllable in _syllables(text) if syllable)


@lru_cache(maxsize=4096)
def sound(text: str) -> str:
    """Return the whole sound of *text* in plain letters: `xingtai` for 兴泰."""
    return "".join(_syllables(text))


def keys(text: str) -> frozenset[str]:
    """Return the keys under which *text* is found, by its characters and by its sound."""
    heard = "".join(HAN.findall(text))
    return bigrams(text) | _initial_keys(initials(heard)) | _sound_keys(sound(heard))


def readings(query: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys *query* asks for, its letters read as initials, and as whole sounds."""
    query = query[:LONGEST_QUERY]
    letters = "".join(re.findall(r"[a-z]+", fold(query)))
    plain = frozenset(gram for gram in bigrams(query) if not gram.isascii() or gram.isdigit())
    return plain | _initial_keys(letters), plain | _sound_keys(letters)


def wanted(query: str) -> frozenset[str]:
    """Return the keys that *query* asks for in either reading."""
    return frozenset[str]().union(*readings(query))


def needed(query: str) -> int:
    """Return how many keys a row has that holds all of *query* in one reading; at least 1."""
    return max(min(map(len, filter(None, readings(query))), default=1), 1)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much two sets of keys have in common, 0 to 1 (Dice's coefficient)."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def _initial_keys(letters: str) -> frozenset[str]:
    return frozenset(INITIALS + gram for gram in _grams(letters, 2))


def _sound_keys(letters: str) -> frozenset[str]:
    return frozenset(SOUND + gram for gram in _grams(letters, 3))


def _grams(run: str, length: int) -> Iterator[str]:
    if len(run) <= length:
        return iter((run,) if run else ())
    return (run[at : at + length] for at in range(len(run) - length + 1))


def _syllables(text: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # its dictionary takes half a second to load

    return [
        "".join(PLAIN.findall(part.casefold())) for part in lazy_pinyin(text, style=Style.NORMAL)
    ]
