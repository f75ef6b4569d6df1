"""Texts with gaps: `{number}` stands for what is known when the text is used."""

import re
from collections.abc import Mapping
from typing import Final

GAP: Final = re.compile(r"\{(\w+)\}")


def names(text: str) -> frozenset[str]:
    """Return the gaps of *text*."""
    return frozenset(GAP.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return *text* with its gaps filled; what is filled in is never read again for gaps.

    Raises:
        KeyError: A gap has no value.
    """
    return GAP.sub(lambda gap: values[gap[1]], text)


def broken(text: str) -> bool:
    """Return whether *text* has a brace that opens or closes no gap."""
    return bool(re.search(r"[{}]", GAP.sub("", text)))
