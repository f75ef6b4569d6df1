"""The map: one tile for each league, and for the two cities that answer to the region directly.

Tiles stand roughly where the places lie, west to the left and north on top; a banner with few
people is then as easy to see and to press as a large one. Pure.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

COLUMNS: Final = 7
ROWS: Final = 4
UNKNOWN: Final = ""

#: Division code: column and row, from 0. Source: GB/T 2260 codes; domain, section 3.4, for the two.
TILES: Final[Mapping[str, tuple[int, int]]] = {
    "150781": (5, 0),  # 满洲里
    "150700": (6, 0),  # 呼伦贝尔
    "152501": (3, 1),  # 二连浩特
    "152500": (4, 1),  # 锡林郭勒
    "152200": (6, 1),  # 兴安
    "152900": (0, 2),  # 阿拉善
    "150800": (1, 2),  # 巴彦淖尔
    "150200": (2, 2),  # 包头
    "150900": (3, 2),  # 乌兰察布
    "150400": (5, 2),  # 赤峰
    "150500": (6, 2),  # 通辽
    "150300": (1, 3),  # 乌海
    "150600": (2, 3),  # 鄂尔多斯
    "150100": (3, 3),  # 呼和浩特
}


def tile_of(division: str) -> str:
    """Return the tile that *division* belongs to; `UNKNOWN` for none and for the whole region."""
    if division in TILES:
        return division
    league = f"{division[:4]}00"
    return league if league in TILES else UNKNOWN


def gathered(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Sum *counts*, by division and fact, over the divisions of each tile."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for division, facts in counts.items():
        for fact, n in facts.items():
            found[tile_of(division)][fact] += n
    return {tile: dict(facts) for tile, facts in found.items()}


def shade(n: int, most: int) -> int:
    """Return how dark *n* of at most *most* is: 0 for none, then 1 to 5 in even steps."""
    return -(-5 * n // most) if most else 0


def inside(tile: str, divisions: Sequence[str]) -> list[str]:
    """Return which of *divisions* belong to *tile*."""
    return [one for one in divisions if tile_of(one) == tile]
