"""Statutory limits: the last day by each rule, what renews it, and how near it is."""

import datetime as dt

import pytest

from hotline.deadlines.limitation import Fact, last_days

TODAY = dt.date(2026, 11, 23)


def day(text: str) -> dt.date:
    """Read a day."""
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("category", "facts", "rule", "last"),
    [
        ("B1", {"knew_on": "2026-03-02"}, "arbitration", "2027-03-02"),
        ("B1", {"knew_on": "2024-02-29"}, "arbitration", "2025-02-28"),  # Civil Code art. 202
        ("B1", {"knew_on": "2026-03-02", "claimed_on": "2026-08-01"}, "arbitration", "2027-08-01"),
        # what was over before it was claimed does not begin anew
        ("B1", {"knew_on": "2024-03-02", "claimed_on": "2026-08-01"}, "arbitration", "2025-03-02"),
        ("A1", {"left_on": "2026-05-31"}, "arbitration_wages", "2027-05-31"),
        ("F1", {"injured_on": "2026-11-01"}, "injury_employer", "2026-12-01"),
        ("F1", {"injured_on": "2026-11-01"}, "injury_worker", "2027-11-01"),
        ("F1", {"assessed_on": "2026-11-20"}, "reassessment", "2026-12-05"),
        ("D1", {"violated_on": "2025-01-31"}, "inspection", "2027-01-31"),
        ("A1", {"awarded_on": "2026-11-10"}, "suit", "2026-11-25"),
        ("A1", {"agreed_on": "2026-11-10"}, "confirmation", "2026-12-10"),
    ],
)
def test_each_rule_counts_as_its_article_says(
    category: str, facts: dict[str, str], rule: str, last: str
) -> None:
    """R65: by rule with article and version, from entered facts."""
    found = last_days({Fact(name): day(text) for name, text in facts.items()}, category, TODAY)
    (counted,) = [each for each in found if each.rule.code == rule]
    assert counted.day == day(last)
    assert counted.rule.law
    assert counted.rule.article
    assert counted.rule.version < TODAY


def test_wages_of_somebody_employed_have_no_limit_yet() -> None:
    assert last_days({Fact.KNEW: day("2020-01-01")}, "A1", TODAY) == []


def test_the_earliest_comes_first() -> None:
    facts = {Fact.INJURED: day("2026-11-01"), Fact.VIOLATED: day("2025-02-01")}
    found = last_days(facts, "F1", TODAY)
    assert [last.rule.code for last in found] == ["injury_employer", "inspection", "injury_worker"]


@pytest.mark.parametrize(
    ("left", "tone", "aid_first"),
    [(61, "plain", False), (60, "wait", False), (30, "warn", False), (8, "warn", False),
     (7, "act", True), (0, "act", True), (-1, "act", False)],
)  # fmt: skip
def test_it_is_coloured_at_sixty_thirty_and_seven_days(
    left: int, tone: str, aid_first: bool
) -> None:
    awarded = TODAY + dt.timedelta(days=left - 15)
    (last,) = last_days({Fact.AWARDED: awarded}, "B1", TODAY)
    assert (last.left, last.tone, last.aid_first) == (left, tone, aid_first)
