"""The unified social credit code of an organisation (GB 32100-2015): 18 characters, one a check."""

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z: they look like digits
LENGTH: Final = 18
WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


def clean(text: str) -> str:
    """Return a code as it is kept: without spaces and hyphens, in capitals."""
    return "".join(text.split()).replace("-", "").upper()


def check_character(body: str) -> str:
    """Return the last character that belongs to the first seventeen.

    Raises:
        ValueError: A character that no code holds, or another length.
    """
    if len(body) != LENGTH - 1:
        raise ValueError(body)
    total = sum(
        ALPHABET.index(character) * weight for character, weight in zip(body, WEIGHTS, strict=True)
    )
    return ALPHABET[(31 - total % 31) % 31]


def is_valid(code: str) -> bool:
    """Return whether *code* is one: its length, its characters and its check."""
    try:
        return len(code) == LENGTH and check_character(code[:-1]) == code[-1]
    except ValueError:
        return False
