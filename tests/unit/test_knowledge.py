"""Knowledge without a database: law as people write it, and how well an article fits."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core import chinese
from hotline.knowledge import basis, matching, missed, states
from hotline.knowledge.basis import Basis
from hotline.knowledge.service import LONGEST_ANSWER, LONGEST_TITLE
from tests.unit.test_reference_rows import DATA, rows

DAY = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("劳动合同法 第30、85条", ["劳动合同法 30", "劳动合同法 85"]),
        ("《中华人民共和国劳动合同法》第30条、第85条", ["劳动合同法 30", "劳动合同法 85"]),
        ("劳动争议调解仲裁法 27.4", ["劳动争议调解仲裁法 27.4"]),
        ("劳动法 §50\n\n劳动法 §50", ["劳动法 50"]),
        ("", []),
    ],
)
def test_law_is_read_as_people_write_it(text: str, found: list[str]) -> None:
    assert [f"{each.law} {each.article}" for each in basis.read(text)] == found


@pytest.mark.parametrize(
    "text", ["劳动合同法", "第30条", "劳动合同法 第三十条", "法 1.2.3", "法 99999"]
)
def test_a_line_without_law_or_article_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="2"):
        basis.read(f"劳动法 50\n{text}")


@given(st.lists(st.builds(Basis, st.sampled_from(["劳动法", "工会法"]), st.sampled_from("123"))))
def test_what_is_written_is_read_again(laws: list[Basis]) -> None:
    once = tuple(dict.fromkeys(laws))
    assert set(basis.read("\n".join(basis.written(once)))) == set(once)


def test_a_title_comes_before_an_answer_and_half_a_word_before_neither() -> None:
    whole = (2, 2)
    assert matching.rank(2, 0, whole) > matching.rank(0, 2, whole) > 0
    assert matching.rank(1, 2, whole) > matching.rank(0, 2, whole)
    assert matching.rank(0, 0, whole) == 0
    assert matching.rank(1, 0, (5, 5)) == 0


def test_what_is_told_is_compared_with_questions() -> None:
    words = chinese.bigrams("我是工地上的，老板不发工资三个月了，家里等着用钱")
    ask = ["单位拖欠工资怎么办", "老板不发工资"]
    assert matching.told(ask, words, same_category=False) == 1.0
    assert matching.told(["工伤认定由谁申请"], words, same_category=True) == 0
    assert not matching.told(["单位多少人必须成立工会"], words, same_category=False)


@pytest.mark.parametrize(
    ("scope", "region", "holds"),
    [
        (None, "150105", True),
        ("150100", "150105", True),
        ("150100", "150203", False),
        ("150105", "150100", True),  # said to the league: it may well be that banner
        ("150000", "150105", True),
        ("150105", None, True),
    ],
)
def test_an_article_holds_where_it_says(scope: str | None, region: str | None, holds: bool) -> None:
    assert matching.holds_in(scope, region) == holds


def test_what_may_name_somebody_is_not_counted_as_missed() -> None:
    assert missed.normal(" 高温 补贴 ") == "高温补贴"
    for words in ("", "13800000001", "张三电话13800000001", "长" * 41):
        assert missed.normal(words) is None


def test_a_state_follows_from_what_happened() -> None:
    assert states.state(None, None) is states.State.DRAFT
    assert states.state(1, None) is states.State.APPROVED
    assert states.state(1, DAY) is states.State.WITHDRAWN


def test_the_first_drafts_fit_their_fields_and_name_their_law() -> None:
    drafts = json.loads((Path(DATA) / "articles.json").read_text("utf-8"))
    known = {row["code"] for row in rows("category")}
    assert len({each["title"] for each in drafts}) == len(drafts) >= 12
    for each in drafts:
        assert len(each["title"]) <= LONGEST_TITLE
        assert len(each["answer"]) <= LONGEST_ANSWER
        assert each["category"] in known
        written = basis.written(Basis(*law) for law in each["laws"])
        assert [[law.law, law.article] for law in basis.read("\n".join(written))] == each["laws"]
