"""Our own SMS: short, signed, in both languages, the scale stated in each invitation."""

import re

import pytest

from hotline.core.gaps import names
from hotline.messages import wording
from hotline.messages.wordings import SAMPLES
from hotline.telephony.segments import Encoding, measure

GAPS, LATIN = SAMPLES["zh"], SAMPLES["en"]


@pytest.mark.parametrize("template", wording.CHINESE)
def test_a_chinese_text_is_two_parts_at_most_and_signed(template: str) -> None:
    text = wording.compose(template, GAPS, "zh")
    assert text.endswith("【工会12351】")
    assert measure(text).count <= 2
    assert "http" not in text
    assert not re.search(r"[{}]", text)


@pytest.mark.parametrize("template", wording.ENGLISH)
def test_an_english_text_needs_no_chinese_encoding(template: str) -> None:
    text = wording.compose(template, LATIN, "en")
    assert measure(text).encoding is Encoding.GSM7
    assert measure(text).count <= 2


def test_both_languages_have_the_same_texts_with_the_same_gaps() -> None:
    assert wording.CHINESE.keys() == wording.ENGLISH.keys()
    assert all(names(text) == names(wording.ENGLISH[key]) for key, text in wording.CHINESE.items())


@pytest.mark.parametrize("template", ["survey", "survey_again"])
def test_each_invitation_states_the_scale(template: str) -> None:
    text = wording.compose(template, GAPS, "zh")
    for step in ("1非常满意", "2满意", "3基本满意", "4不满意", "5非常不满意"):
        assert step in text


def test_long_words_are_cut_and_the_signature_stays() -> None:
    text = wording.compose("result", {"number": "1", "reply": "长" * 4000}, "zh")
    assert len(text) <= 500
    assert text.endswith("…【工会12351】")
    assert wording.signed("长" * 4000).endswith("…【工会12351】")


def test_words_that_look_like_gaps_stay_words() -> None:
    assert "100% {pin}" in wording.compose("result", {"number": "1", "reply": "100% {pin}"}, "zh")


def test_a_gap_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        wording.compose("ack", {}, "zh")
