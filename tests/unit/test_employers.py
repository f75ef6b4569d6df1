"""Employers by code and by name: the check of GB 32100, and names without place and form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core import chinese
from hotline.employers import codes, naming

BODIES = st.text(codes.ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("91350100M000100Y43", True),  # the example of GB 32100-2015
        ("91350100M000100Y44", False),
        ("91350100M000100Y4", False),
        ("9135OI00M000100Y43", False),  # letters that no code holds
    ],
)
def test_a_code_has_its_check(text: str, valid: bool) -> None:
    assert codes.is_valid(codes.clean(f" {text[:8]}-{text[8:].lower()} ")) == valid


@given(BODIES, st.integers(0, 16), st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_always_noticed(body: str, place: int, other: str) -> None:
    code = body + codes.check_character(body)
    assert codes.is_valid(code)
    wrong = code[:place] + other + code[place + 1 :]
    assert codes.is_valid(wrong) == (wrong == code)


@pytest.mark.parametrize(
    ("name", "heart"),
    [
        ("内蒙古兴泰建设集团有限公司", "兴泰建设"),
        ("兴泰建设集团", "兴泰建设"),
        ("包头市演示建筑有限责任公司（东河分公司）", "演示建筑"),
        ("内蒙古", "内蒙古"),
        ("有限公司", "有限公司"),
        ("ＡＢＣ 公司", "abc"),
    ],
)
def test_a_name_has_a_heart(name: str, heart: str) -> None:
    assert naming.core(name) == heart


def test_names_of_one_employer_are_more_alike_than_those_of_two() -> None:
    full = "内蒙古兴泰建设集团有限公司"
    assert naming.alike(full, "内蒙兴泰建设") == 1.0
    assert naming.alike(full, "兴泰建筑公司") < naming.alike(full, "兴泰建设工程公司") < 1.0


def test_words_are_found_by_characters_initials_and_sound() -> None:
    kept = chinese.keys("农民工工资被拖欠")
    for typed in ("工资", "民工", "nmg", "gongzi", "ＧＺ", "gz"):
        assert any(reading <= kept for reading in chinese.readings(typed)), typed
        assert len(chinese.wanted(typed) & kept) >= chinese.needed(typed), typed
    assert not chinese.wanted("社保") & kept
    assert len(chinese.wanted("shebao") & kept) < chinese.needed("shebao")
