"""Which open tickets are like the matter being typed, and whose landline rings."""

import pytest

from hotline.core.chinese import bigrams
from hotline.tickets.likeness import ENOUGH, Because, Matter, compare
from hotline.units.areas import AREAS, region_of

TYPED = Matter(
    worker_id=7,
    employers=frozenset({1, b"name"}),
    project_key=b"site",
    region="150102",
    category="A1",
    words=bigrams("工地拖欠三个月工资，包工头跑了"),
)


@pytest.mark.parametrize(
    ("ticket", "because"),
    [
        (Matter(worker_id=7), (Because.CALLER,)),
        (Matter(employers=frozenset({b"name"})), (Because.EMPLOYER,)),
        (Matter(project_key=b"site"), (Because.PROJECT,)),
        (
            Matter(region="150102", category="A1", words=bigrams("工地拖欠两个月工资")),
            (Because.PLACE, Because.WORDS),
        ),
    ],
)
def test_each_agreement_is_a_reason(ticket: Matter, because: tuple[Because, ...]) -> None:
    found = compare(TYPED, ticket)
    assert found.because == because
    assert found.score >= ENOUGH


@pytest.mark.parametrize(
    "ticket",
    [
        Matter(),
        Matter(worker_id=8, employers=frozenset({2})),
        Matter(region="150102", category="A1", words=bigrams("食堂饭菜不干净")),
    ],
)
def test_a_place_alone_is_no_likeness(ticket: Matter) -> None:
    assert compare(TYPED, ticket).score < ENOUGH


def test_two_callers_who_say_nothing_of_themselves_are_not_one() -> None:
    assert compare(Matter(), Matter()).score == 0


@pytest.mark.parametrize(
    ("phone", "region"),
    [
        ("+864716920000", "150100"),
        ("+864826920000", "152200"),
        ("+8613847112345", None),  # a mobile tells nothing
        ("+861069200000", None),
        (None, None),
    ],
)
def test_a_landline_tells_the_league(phone: str | None, region: str | None) -> None:
    assert region_of(phone) == region


def test_every_league_has_its_area_code() -> None:
    assert len(set(AREAS.values())) == 12
