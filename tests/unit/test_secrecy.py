"""What is hidden from whom: the table, and what is struck out of words."""

import itertools

import pytest

from hotline.tickets.secrecy import (
    ALL,
    HIDDEN,
    LEVELS,
    STRUCK,
    Part,
    Sight,
    Standing,
    hidden,
    struck,
)


@pytest.mark.parametrize("standing", list(Standing))
def test_a_higher_level_never_shows_more(standing: Standing) -> None:
    steps = [hidden(standing, level) for level in LEVELS]
    assert all(lower <= higher for lower, higher in itertools.pairwise(steps))


def test_the_employers_side_never_sees_more_than_the_unit_and_the_unit_than_the_hotline() -> None:
    for level in LEVELS:
        centre, unit, employer = (
            HIDDEN[each][level] for each in (Standing.CENTRE, Standing.UNIT, Standing.EMPLOYER)
        )
        assert centre <= unit <= employer


def test_what_nobody_asked_is_kept_from_the_unit() -> None:
    assert hidden(Standing.UNIT, None) == ALL
    assert hidden(Standing.CENTRE, None) == frozenset()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("我叫演示甲，电话13800000001", f"我叫{STRUCK}，电话{STRUCK}"),
        ("call +86 138 0000 0001 now", f"call {STRUCK} now"),
        ("身份证15010219900101123X。", f"身份证{STRUCK}。"),
        ("全角１３８００００００１", f"全角{STRUCK}"),
        ("欠 120000 元，2026-11-22 起三个月", "欠 120000 元，2026-11-22 起三个月"),
    ],
)
def test_names_and_long_numbers_are_struck_out(text: str, left: str) -> None:
    assert struck(text, ("演示甲", "")) == left


def test_words_are_shown_whole_bare_or_not_at_all() -> None:
    text, names = "演示甲说：没发工资", ("演示甲",)
    assert Sight().words(text) == text
    assert Sight(frozenset({Part.NAME}), names).words(text) == f"{STRUCK}说：没发工资"
    assert Sight(ALL, names).words(text) is None
