"""How many parts an SMS has; the limits of 3GPP TS 23.038."""

import pytest

from hotline.telephony.segments import Encoding, measure


@pytest.mark.parametrize(
    ("length", "parts"),
    [(0, 1), (70, 1), (71, 2), (134, 2), (135, 3), (202, 4), (335, 5), (500, 8), (1600, 24)],
)
def test_chinese_has_70_and_then_67_a_part(length: int, parts: int) -> None:
    assert measure("工" * length).count == parts


@pytest.mark.parametrize(("length", "parts"), [(160, 1), (161, 2), (306, 2), (307, 3)])
def test_latin_has_160_and_then_153_a_part(length: int, parts: int) -> None:
    assert measure("a" * length).count == parts


def test_one_sign_outside_the_table_moves_the_whole_text() -> None:
    assert measure("a" * 159 + "’").encoding is Encoding.UCS2
    assert measure("a" * 159 + "’").count == 3


def test_emoji_are_two_units_and_euro_too() -> None:
    assert measure("🙏").units == 2
    assert measure("€").units == 2
    assert measure("€").encoding is Encoding.GSM7
