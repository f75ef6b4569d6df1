"""What a result must show: facts of their kind, evidence of contact, remarks for the reviewer."""

from typing import Any

import pytest

from hotline.tickets import contact, findings
from hotline.tickets.contact import Way
from hotline.tickets.review import Looked, Remark, remarks

REPLY = "用人单位已于本月二十日足额补发工资，职工本人电话确认。"
AT = "2026-11-23T10:00:00+08:00"


def test_money_is_read_to_the_fen_and_never_guessed() -> None:
    assert [findings.money(text) for text in ("18,000", "0.1", 12, " 3.50 ")] == [
        1_800_000, 10, 1200, 350,
    ]  # fmt: skip
    for wrong in ("-1", "1.234", "一万", "NaN", "1e11", "", True):
        with pytest.raises(findings.Unreadable):
            findings.money(wrong)


def test_facts_are_of_their_kind_and_others_are_kept() -> None:
    told = {"paid": "18000", "workers": "3", "paid_on": "2026-11-20", "payer": "fund", "more": 1}
    assert findings.read(told) == {**told, "paid": 18000, "workers": 3}
    for wrong in (
        {"workers": "-1"},
        {"paid_on": "昨天"},
        {"payer": "me"},
        {"handed_to": "x" * 201},
    ):
        with pytest.raises(findings.Unreadable, match=next(iter(wrong))):
            findings.read(wrong)


def test_what_is_not_told_is_named() -> None:
    wanted = findings.of("A1", "complaint")
    names = [fact.name for fact in findings.missing({"paid": 0, "founded": "partly"}, wanted)]
    assert names == ["claimed", "verified", "agreed", "workers", "paid_on", "payer"]
    assert findings.of("S2", "suggestion") == ()


@pytest.mark.parametrize(
    "given",
    [
        {"way": "call"},
        {"way": "none", "note": "没联系"},
        {"way": "dove", "at": AT},
        {"way": "call", "at": "2026-11-23T10:00"},
        {"way": "call", "at": AT, "colour": "red"},
        "",
        {},
    ],
)
def test_evidence_of_contact_has_its_parts(given: Any) -> None:
    with pytest.raises((ValueError, KeyError)):
        contact.read(given)


def test_evidence_may_come_as_words_or_in_parts() -> None:
    assert contact.read(" 已电话联系 ") == "已电话联系"
    assert contact.read({"call": "17", "time": "10:00"}) == "call：17；time：10:00"
    assert contact.read({"way": "none", "reason": "unsafe"}) == {"way": "none", "reason": "unsafe"}
    assert contact.read({"way": "call", "at": AT})["at"] == AT


def test_each_remark_has_its_cause_and_a_good_result_has_none() -> None:
    good = Looked(REPLY, "solved", Way.CALL, ["solved"])
    assert remarks(good) == []
    causes: dict[Remark, dict[str, Any]] = {
        Remark.NO_CONTACT: {"way": Way.NONE},
        Remark.SHORT_REPLY: {"reply": "已办结"},
        Remark.BOILERPLATE: {"twin": True},
        Remark.FIELDS_MISSING: {"missing": 1},
        Remark.DEMAND_UNSOLVED: {"demands": ["solved", "explained_not_solved"]},
        Remark.DISCLOSES: {"reply": good.reply + "13800000001", "secrets": ["13800000001"]},
    }
    assert set(causes) == set(Remark)
    for remark, cause in causes.items():
        assert remarks(good._replace(**cause)) == [remark]
