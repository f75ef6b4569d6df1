"""Rates reproduce published figures, and never print a claim that the rows do not make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.rates.formulas import NONE, Metric, fill, percent, wilson

SAMPLED = Metric("V4", "满意率", "resolved", "good", "asked", {"silent": "silent"}, "…", True)

PUBLISHED = [
    # Beijing 12351: 4,190 received, 4,028 due, 3,993 closed, 3,952 on time
    (3993, 4028, "99.13%"),
    (3952, 4028, "98.11%"),
    (3993, 4190, "95.30%"),
    # one day five ways: 1,000 answered, 860 in 20 s; 60 left, 20 in 20 s, 10 in 5 s
    (860, 1000, "86.00%"),
    (860 + 20, 1060, "83.02%"),
    (860, 1060 - 20, "82.69%"),
    (860, 1060 - 10, "81.90%"),
    (860, 1060, "81.13%"),
    # Changzhou 2021 and a county's claims
    (124_599, 195_532, "63.72%"),
    (124_599, 284_406, "43.81%"),
    (597, 601, "99.33%"),
    (8, 87, "9.20%"),
    (8, 99, "8.08%"),
]


@pytest.mark.parametrize(("numerator", "denominator", "printed"), PUBLISHED)
def test_published_figures_come_out(numerator: int, denominator: int, printed: str) -> None:
    assert percent(numerator, denominator) == printed


def test_the_five_service_levels_of_one_day_to_one_decimal() -> None:
    shares = [860 / 1000, 880 / 1060, 860 / 1040, 860 / 1050, 860 / 1060]
    assert [round(100 * share, 1) for share in shares] == [86.0, 83.0, 82.7, 81.9, 81.1]


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    [
        (0, 0, NONE),
        (0, 7, "0%"),
        (7, 7, "100%"),
        (99_996, 100_000, "99.99%"),
        (999_999_999, 1_000_000_000, "99.99%"),
        (1, 1_000_000_000, "0.01%"),
        (3, 2, "150.00%"),
        (99_995, 100_000, "99.99%"),
        (99_994, 100_000, "99.99%"),
        (12_345, 100_000, "12.35%"),  # half up, and not as binary fractions would have it
    ],
)
def test_a_percentage_claims_nothing_it_should_not(
    numerator: int, denominator: int, printed: str
) -> None:
    """R48: 0/0 prints a dash, and 99.996 % never prints as 100 %."""
    assert percent(numerator, denominator) == printed


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_all_and_none_are_printed_only_when_exact(numerator: int, denominator: int) -> None:
    printed = percent(numerator, denominator)
    assert (printed == "100%") == (numerator == denominator)
    assert (printed == "0%") == (numerator == 0)
    if numerator < denominator:
        assert not printed.startswith("100")
        assert abs(float(printed[:-1]) - 100 * numerator / denominator) <= 0.0100001


def test_a_rate_without_a_denominator_has_no_value() -> None:
    rate = fill(SAMPLED, {})
    assert (rate.value, rate.printed, rate.interval) == (None, NONE, None)
    assert rate.excluded == {"silent": 0}


def test_only_a_sample_has_an_interval() -> None:
    counts = {"good": 9, "asked": 10, "silent": 4}
    assert fill(SAMPLED, counts).interval == wilson(9, 10)
    whole = Metric("T1", "办结率", "due", "good", "asked", {}, "…")
    assert fill(whole, counts).interval is None


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [  # R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilsons(successes: int, n: int, low: float, high: float) -> None:
    found = wilson(successes, n)
    assert found is not None
    assert found == pytest.approx((low, high), abs=0.00005)


@given(st.integers(1, 100_000), st.data())
def test_the_interval_holds_its_share_and_stays_a_share(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    low, high = wilson(successes, n) or (2.0, -1.0)
    assert 0 <= low <= successes / n + 1e-12
    assert successes / n - 1e-12 <= high <= 1
    mirrored = wilson(n - successes, n) or (2.0, -1.0)
    assert (1 - high, 1 - low) == pytest.approx(mirrored)


def test_nobody_asked_gives_no_interval() -> None:
    assert wilson(0, 0) is None
