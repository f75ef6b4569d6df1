"""Inspection by hand: which samples a seed gives, what a sheet comes to, how far two agree."""

import json

import pytest

from hotline.inspection import sampling, scoring
from hotline.inspection.scoring import Grade
from tests.architecture.source import ROOT

SHEET = json.loads((ROOT / "migrations/data/score_sheet.json").read_text("utf-8"))
FULL = {item["code"]: item["points"] for item in SHEET["items"]}


def pairs(**counts: int) -> list[tuple[str, str]]:
    """Return what two scorers said: `yn=5` means that five times the one said y, the other n."""
    return [(words[0], words[1]) for words, n in counts.items() for _ in range(n)]


@pytest.mark.parametrize(
    ("said", "kappa"),
    [
        # 50: 35 agree, 0.7; by chance (25·30 + 25·20) / 2500 = 0.5; (0.7 − 0.5) / 0.5
        (pairs(yy=20, yn=5, ny=10, nn=15), 0.4),
        # 100: 60 agree; by chance (70·60 + 30·40) / 10000 = 0.54; 0.06 / 0.46
        (pairs(yy=45, yn=25, ny=15, nn=15), 6 / 46),
        # 10 of three words: 7 agree; by chance (4·4 + 3·4 + 3·2) / 100 = 0.34; 0.36 / 0.66
        (pairs(aa=3, ab=1, bb=2, ba=1, cc=2, cb=1), 36 / 66),
        (pairs(yy=5, nn=5), 1.0),
        (pairs(yn=5, ny=5), -1.0),
        (pairs(yy=5), None),
        ([], None),
    ],
)
def test_kappa_is_what_a_hand_counts(said: list[tuple[str, str]], kappa: float | None) -> None:
    assert scoring.kappa(said) == (None if kappa is None else pytest.approx(kappa))


def test_a_sheet_comes_to_a_hundred_and_a_fatal_item_to_nothing() -> None:
    assert scoring.score(SHEET, FULL, ()) == 100
    assert scoring.score(SHEET, {**FULL, "answer": 5}, ()) == 80
    assert scoring.score(SHEET, FULL, ["disclosed"]) == 0


@pytest.mark.parametrize(
    ("points", "fatal"),
    [
        ({**FULL, "tone": 11}, ()),
        ({**FULL, "tone": -1}, ()),
        ({**FULL, "unknown": 1}, ()),
        ({k: v for k, v in FULL.items() if k != "tone"}, ()),
        (FULL, ["unknown"]),
    ],
)
def test_a_sheet_is_filled_in_as_it_is(points: dict[str, int], fatal: tuple[str, ...]) -> None:
    with pytest.raises(scoring.Unscored):
        scoring.score(SHEET, points, fatal)


def test_grades_begin_where_they_say() -> None:
    assert [scoring.grade(n) for n in (100, 90, 89, 75, 74, 60, 59, 0)] == [
        Grade.EXCELLENT, Grade.EXCELLENT, Grade.GOOD, Grade.GOOD, Grade.PASS, Grade.PASS,
        Grade.FAIL, Grade.FAIL,
    ]  # fmt: skip


def test_a_seed_gives_the_same_samples_whatever_the_order() -> None:
    pool = list(range(1000, 1300))
    drawn = sampling.draw("seed", pool)
    assert drawn == sampling.draw("seed", pool[::-1]) == sorted(drawn)
    assert drawn != sampling.draw("another", pool)
    assert [sampling.size(n) for n in (0, 1, 2, 100, 101, 300)] == [0, 1, 2, 2, 3, 6]
    assert len(drawn) == 6
    twice = sum(sampling.is_double("seed", id_) for id_ in range(10_000))
    assert 400 < twice < 600
