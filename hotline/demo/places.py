"""Where the demo's callers live: the twelve leagues by size, with some of their banners."""

from random import Random
from typing import Final, NamedTuple


class League(NamedTuple):
    """A league or city: its unit's code, how many of a hundred callers it has, its banners."""

    code: str
    weight: int
    banners: tuple[str, ...]


LEAGUES: Final = (
    League("1501", 18, ("150105", "150102", "150103", "150104")),
    League("1502", 14, ("150203", "150202", "150204")),
    League("1503", 3, ("150302", "150303", "150304")),
    League("1504", 13, ("150402", "150404", "150430")),
    League("1505", 11, ("150502", "150523", "150525")),
    League("1506", 12, ("150602", "150603", "150622")),
    League("1507", 7, ("150702", "150781", "150783")),
    League("1508", 6, ("150802", "150822", "150823")),
    League("1509", 6, ("150902", "150921", "150981")),
    League("1522", 4, ("152201", "152221", "152223")),
    League("1525", 4, ("152502", "152501", "152526")),
    League("1529", 2, ("152921", "152922", "152923")),
)
REGION: Final = "15"
FIRST: Final = 3  # of a league's callers so many times more live in its first banner


def banner(chance: Random) -> str:
    """Return the code of a banner, as likely as callers from there are."""
    league = chance.choices(LEAGUES, [league.weight for league in LEAGUES])[0]
    weights = [FIRST, *[1] * (len(league.banners) - 1)]
    return chance.choices(league.banners, weights)[0]
