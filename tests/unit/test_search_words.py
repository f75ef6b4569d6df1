"""What of a text is found: no dictionary cuts Chinese, and long numbers are no words."""

import pytest

from hotline.search import words


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("演示工地拖欠农民工工资三个月", "工资"),
        ("演示工地拖欠农民工工资三个月", "民工工"),
        ("演示工地拖欠农民工工资三个月", "工资 演示"),
        ("劳动仲裁裁决书没有执行", "劳动仲裁裁决书"),
        ("拖欠工\n资，老 板 跑了", "工资 老板"),
        ("ＧＰＳ定位每天打卡３次", "gps"),
        ("从2026-03-01起没有缴社保", "2026"),
        ("цалин хөлс олгоогүй", "Цалин"),
        ("没有薪水，要求支付", "薪 支付"),
    ],
)
def test_what_stands_there_is_found(text: str, asked: str) -> None:
    wanted = words.terms(asked)
    assert words.keys(asked)
    assert all(words.keys(term) <= words.keys(text) for term in wanted)
    assert words.holds(text, wanted)


@pytest.mark.parametrize("asked", ["", "  ", "薪", "13800000001", "150102199001011234", "，。"])
def test_a_lone_character_and_a_long_number_are_no_words(asked: str) -> None:
    assert words.keys(asked) == frozenset()


def test_characters_from_two_sentences_are_no_word() -> None:
    assert "司老" not in words.keys("演示公司，老板")
    assert not words.holds("演示公司，老板", words.terms("司老"))


def test_the_words_around_the_first_hit_are_shown() -> None:
    found = words.excerpt("甲" * 60 + "拖欠工资" + "乙" * 60, words.terms("工资 拖欠"))
    assert found == ("…" + "甲" * 28, "拖欠", "工资" + "乙" * 26 + "…")
    assert words.excerpt("老板：ＧＰＳ  打卡，不 发", words.terms("gps")) == (
        "老板：",
        "ＧＰＳ",
        "  打卡，不发",
    )
    assert words.excerpt("没有这些字", words.terms("工资")) is None
