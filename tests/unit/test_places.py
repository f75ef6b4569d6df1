"""The map: each league once, nobody on another's tile, shades in even steps."""

import csv

from hotline.reports import places
from tests.architecture.source import ROOT

CSV = (ROOT / "migrations/data/region.csv").read_text("utf-8")
REGIONS = list(csv.DictReader(CSV.splitlines()))


def test_every_league_and_the_two_cities_have_a_tile_of_their_own() -> None:
    leagues = {row["code"] for row in REGIONS if row["level"] == "2"}
    assert len(leagues) == 12
    assert set(places.TILES) == leagues | {"150781", "152501"}
    assert len(set(places.TILES.values())) == len(places.TILES)
    assert all(0 <= x < places.COLUMNS and 0 <= y < places.ROWS for x, y in places.TILES.values())


def test_every_banner_belongs_to_one_tile_and_the_two_cities_to_themselves() -> None:
    tiles = {row["code"]: places.tile_of(row["code"]) for row in REGIONS if row["level"] == "3"}
    assert len(tiles) == 103
    assert places.UNKNOWN not in tiles.values()
    assert tiles["150102"] == "150100"
    assert tiles["150781"] == "150781"
    assert places.tile_of("") == places.tile_of("150000") == places.UNKNOWN
    assert "150781" not in places.inside("150700", list(tiles))


def test_what_is_gathered_is_all_there_is() -> None:
    counts = {"150102": {"a": 2}, "150100": {"a": 1, "b": 4}, "": {"a": 7}}
    assert places.gathered(counts) == {"150100": {"a": 3, "b": 4}, "": {"a": 7}}


def test_shades_are_even_and_none_is_none() -> None:
    assert [places.shade(n, 10) for n in (0, 1, 2, 3, 10)] == [0, 1, 1, 2, 5]
    assert places.shade(0, 0) == 0
