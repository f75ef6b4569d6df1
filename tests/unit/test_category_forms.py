"""Forms as data: fields that depend on others, and what the caller does not know."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hotline.core.errors import Invalid
from hotline.tickets import forms
from hotline.tickets.facts import check
from hotline.tickets.forms import Kind, Question
from migrations.reference import DATA

SHIPPED = json.loads((DATA / "forms.json").read_text("utf-8"))
YES = Question("others", Kind.YES_NO, "有别人", "Others")
HOW_MANY = Question("count", Kind.NUMBER, "几人", "How many", needs=("others", "yes"))
PAID = Question("paid", Kind.CHOICE, "怎样付", "How", options=(("月薪", "month"), ("日薪", "day")))
PROOF = Question("proof", Kind.CHOICES, "证据", "Proof", options=(("合同", "c"), ("照片", "p")))
SINCE = Question("since", Kind.DATE, "从何时", "Since")
FORM = forms.define([YES, HOW_MANY, PAID, PROOF, SINCE])


@pytest.mark.parametrize("code", SHIPPED)
def test_each_form_that_comes_with_the_hotline_is_sound(code: str) -> None:
    Draft202012Validator.check_schema(SHIPPED[code]["schema"])
    asked = forms.questions(SHIPPED[code])
    check(asked)
    assert forms.define(asked) == SHIPPED[code]


@pytest.mark.parametrize("code", SHIPPED)
def test_the_caller_may_not_know_any_of_it(code: str) -> None:
    free = [each for each in forms.questions(SHIPPED[code]) if each.needs is None]
    unknown = dict.fromkeys((each.key for each in free), forms.UNKNOWN)
    assert forms.read(SHIPPED[code], unknown) == unknown


def test_texts_of_a_page_become_facts() -> None:
    page = {"others": "yes", "count": "1,200", "paid": "月薪", "proof": ["合同"], "since": ""}
    assert forms.read(FORM, page) == {
        "others": True, "count": 1200, "paid": "月薪", "proof": ["合同"],
    }  # fmt: skip


@pytest.mark.parametrize("answer", ["no", None, ""])
def test_what_depends_on_another_answer_is_not_kept(answer: str | None) -> None:
    assert "count" not in forms.read(FORM, {"others": answer, "count": "3"})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("count", "三"),
        ("count", "-1"),
        ("paid", "年薪"),
        ("proof", ["传闻"]),
        ("since", "2026-02-30"),
        ("nobody_asked", "x"),
        ("others", "perhaps"),
    ],
)
def test_a_wrong_fact_is_named(key: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        forms.read(FORM, {"others": "yes", key: value})
    assert refused.value.errors.keys() == {f"facts.{key}"}


@given(st.dictionaries(st.sampled_from(["others", "count", "paid", "proof", "since"]), st.none()))
def test_reading_what_was_kept_changes_nothing(given_: dict[str, None]) -> None:
    once = forms.read(FORM, given_)
    assert forms.read(FORM, once) == once


@pytest.mark.parametrize(
    "asked",
    [
        [],
        [HOW_MANY],  # depends on what is not asked before
        [YES, YES],
        [PAID._replace(options=())],
        [YES._replace(label_en="")],
        [YES._replace(key="Not a key")],
    ],
)
def test_a_form_that_cannot_be_asked_is_not_published(asked: list[Question]) -> None:
    with pytest.raises(Invalid):
        check(asked)
