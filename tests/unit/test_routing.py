"""Routing: the most specific rule wins, and nobody judges a complaint about themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.errors import GuardFailed
from hotline.units.routing import Place, Rule, propose

UP = ("150102", "150100", "150000")
REGION = Place(1, "内蒙古自治区总工会")
LEAGUE = Place(3, "呼和浩特市总工会")
BANNER = Place(15, "新城区总工会")
CENTRE = Place(2, "热线中心")

ABOVE = "（涉及%s，由上一级办理）"
RULES = (
    Rule(10, "150000", None, REGION),
    Rule(11, "150100", None, LEAGUE, REGION),
    Rule(12, "150102", None, BANNER, LEAGUE),
    Rule(13, "150100", "K", LEAGUE, REGION),
    Rule(14, None, "R3", CENTRE, REGION),
)


@pytest.mark.parametrize(
    ("category", "up", "unit", "reason"),
    [
        ("A1", UP, BANNER, "规则 12：150102 × 全部 → 新城区总工会"),
        ("A1", UP[1:], LEAGUE, "规则 11：150100 × 全部 → 呼和浩特市总工会"),
        ("K2", UP, LEAGUE, "规则 13：150100 × K → 呼和浩特市总工会"),
        ("R1", UP, LEAGUE, "规则 12：150102 × 全部 → 呼和浩特市总工会" + ABOVE % BANNER.name),
        ("R3", UP, REGION, "规则 14：全区 × R3 → 内蒙古自治区总工会" + ABOVE % CENTRE.name),
        ("R1", UP[2:], REGION, "规则 10：150000 × 全部 → 内蒙古自治区总工会"),
    ],
)
def test_examples(category: str, up: tuple[str, ...], unit: Place, reason: str) -> None:
    found = propose(RULES, up, category)
    assert found.unit_id == unit.id
    assert found.reason == reason


def test_without_a_last_resort_it_says_so() -> None:
    with pytest.raises(GuardFailed) as refused:
        propose(RULES[4:], UP, "A1")
    assert refused.value.guard == "routing"


@given(st.permutations(RULES), st.sampled_from(["A1", "K2", "R1", "R3", "T1"]))
def test_the_order_of_the_rows_does_not_matter(rules: list[Rule], category: str) -> None:
    assert propose(rules, UP, category) == propose(RULES, UP, category)
