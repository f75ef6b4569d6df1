"""Which contacts of a day are proposed as one matter of many."""

import pytest

from hotline.core import chinese
from hotline.masses.clusters import Because, Cluster, Contact, clusters

WORDS = chinese.bigrams("演示工地三个月没有发工资，老板说下个月再说")
OTHER = chinese.bigrams("退休年龄怎么算，社保缴了十二年")


def three(**each: object) -> list[Contact]:
    return [Contact(n, **each) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"employers": frozenset({7})}, Because.EMPLOYER),
        ({"project": b"site"}, Because.PROJECT),
        ({"contractors": frozenset({"演示总包"})}, Because.CONTRACTOR),
        ({"place": ("150105", "A1"), "words": WORDS}, Because.WORDS),
    ],
)
def test_r18_three_contacts_that_name_or_say_the_same_are_proposed(
    given: dict[str, object], why: Because
) -> None:
    assert clusters(three(**given)) == [Cluster((1, 2, 3), (why,))]
    assert clusters(three(**given)[:2]) == [], "two are not many"


def test_ten_people_are_many_by_themselves() -> None:
    assert clusters([Contact(1, heads=10)]) == [Cluster((1,), (Because.HEADS,))]
    assert clusters([Contact(1, heads=9)]) == []


def test_different_names_lead_from_one_to_the_other() -> None:
    chain = [
        Contact(1, employers=frozenset({7})),
        Contact(2, employers=frozenset({7}), project=b"site"),
        Contact(3, project=b"site"),
        Contact(4, employers=frozenset({8})),
    ]
    assert clusters(chain) == [Cluster((1, 2, 3), (Because.EMPLOYER, Because.PROJECT))]


def test_the_same_subject_in_other_words_is_no_bond() -> None:
    place = ("150105", "A1")
    found = [Contact(n, place=place, words=w) for n, w in ((1, WORDS), (2, OTHER), (3, WORDS))]
    assert clusters(found) == []
