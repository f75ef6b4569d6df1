"""How near a station is to where somebody is, by the codes of GB/T 2260. No framework here."""

from typing import Final

BANNER, LEAGUE = 6, 4  # digits of a code that name a banner, and the league it lies in
REGION: Final = 2


def digits(code: str) -> int:
    """Return how many digits of *code* say something: `150100` is a league, 4."""
    return next(size for size in (REGION, LEAGUE, BANNER) if not code[size:].strip("0"))


def within(code: str) -> tuple[str, str]:
    """Return the first and the last code of *code* and all below it."""
    said = code[: digits(code)]
    return said.ljust(BANNER, "0"), said.ljust(BANNER, "9")


def steps(station: str, somebody: str) -> int:
    """Return how far apart they are: 0 the same place, then its league, the region, elsewhere."""
    if station == somebody:
        return 0
    size = digits(station)
    if somebody.startswith(station[:size]):
        return 1 + (BANNER - size) // 2  # it serves the league, or the whole region
    return 1 if station.startswith(somebody[: digits(somebody)]) else 4
