"""Matching: who gets which call, and why."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from hotline.calls.matching import CALL_OUT, PATIENCE, Because, Match, Seat, Waiter, match
from hotline.staff.skills import Skill

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
LAW, MONGOLIAN = frozenset({Skill.LAW}), frozenset({Skill.MONGOLIAN})


def ago(seconds: float) -> dt.datetime:
    """Return a moment so long before now."""
    return NOW - dt.timedelta(seconds=seconds)


def matched(waiting: list[Waiter], seats: list[Seat], staffed: bool = True) -> list[Match]:
    """Match at the test's moment."""
    return match(waiting, seats, staffed=staffed, now=NOW)


def pairs(waiting: list[Waiter], seats: list[Seat], staffed: bool = True) -> dict[int, int]:
    """Return who rings for which call."""
    return {each.call: each.person for each in matched(waiting, seats, staffed)}


def test_the_longest_waiting_gets_the_longest_idle() -> None:
    waiting = [Waiter(1, ago(5)), Waiter(2, ago(9))]
    assert matched(waiting, [Seat(7, ago(60)), Seat(8, ago(90))]) == [
        Match(2, 8, Because.LONGEST_IDLE, (8, 7)),
        Match(1, 7, Because.LONGEST_IDLE, (7,)),
    ]


def test_who_holds_the_ticket_comes_before_who_has_the_skill() -> None:
    seats = [Seat(7, ago(90), LAW), Seat(8, ago(10))]
    assert matched([Waiter(1, ago(5), LAW, frozenset({8}))], seats)[0].because is Because.OWNER
    assert pairs([Waiter(1, ago(5), LAW, frozenset({8}))], seats) == {1: 8}
    assert pairs([Waiter(1, ago(5), LAW, frozenset({9}))], seats) == {1: 7}, "the owner is not free"


def test_a_need_waits_a_little_for_its_skill_and_then_takes_anybody() -> None:
    plain = [Seat(7, ago(90))]
    assert pairs([Waiter(1, ago(19), MONGOLIAN)], plain) == {}
    assert matched([Waiter(1, NOW - PATIENCE, MONGOLIAN)], plain)[0].because is Because.OVERFLOW
    assert pairs([Waiter(1, ago(30), MONGOLIAN)], [*plain, Seat(8, ago(1), MONGOLIAN)]) == {1: 8}


def test_who_cannot_be_served_yet_holds_up_nobody_behind() -> None:
    assert pairs([Waiter(1, ago(9), LAW), Waiter(2, ago(5))], [Seat(7, ago(90))]) == {2: 7}


def test_a_skill_is_kept_for_who_needs_it_while_there_is_a_choice() -> None:
    waiting = [Waiter(1, ago(9)), Waiter(2, ago(5), LAW)]
    seats = [Seat(7, ago(90), LAW), Seat(8, ago(10))]
    assert pairs(waiting, seats) == {1: 8, 2: 7}
    assert pairs(waiting, seats[:1]) == {1: 7}, "without a choice the first in line is first"


def test_on_call_is_rung_when_nobody_is_there_or_nobody_comes() -> None:
    seat = [Seat(7, ago(0), on_call=True)]
    assert pairs([Waiter(1, ago(5))], seat) == {}
    assert pairs([Waiter(1, ago(5))], seat, staffed=False) == {1: 7}
    assert matched([Waiter(1, NOW - CALL_OUT)], seat)[0].because is Because.ON_CALL
    assert pairs([Waiter(1, ago(90), tried=frozenset({7}))], seat, staffed=False) == {}
    assert pairs([Waiter(1, ago(90))], [*seat, Seat(8, ago(0))]) == {1: 8}


SKILLS = st.frozensets(st.sampled_from(Skill))
WAITERS = st.lists(
    st.builds(
        Waiter,
        st.integers(1, 99),
        st.integers(0, 120).map(ago),
        SKILLS,
        st.frozensets(st.integers(1, 8), max_size=2),
        st.frozensets(st.integers(1, 8), max_size=2),
    ),
    unique_by=lambda waiter: waiter.call,
    max_size=8,
)
SEATS = st.lists(
    st.builds(Seat, st.integers(1, 8), st.integers(0, 999).map(ago), SKILLS, st.booleans()),
    unique_by=lambda seat: seat.person,
    max_size=6,
)


@given(WAITERS, SEATS, st.booleans())
def test_nobody_gets_two_and_nothing_is_invented(
    waiting: list[Waiter], seats: list[Seat], staffed: bool
) -> None:
    found = matched(waiting, seats, staffed)
    assert len({each.call for each in found}) == len(found)
    assert len({each.person for each in found}) == len(found)
    assert {each.call for each in found} <= {waiter.call for waiter in waiting}
    assert {each.person for each in found} <= {seat.person for seat in seats}


@given(WAITERS, SEATS, st.booleans())
def test_of_two_alike_the_longer_waiting_is_served(
    waiting: list[Waiter], seats: list[Seat], staffed: bool
) -> None:
    served = pairs(waiting, seats, staffed)
    for one in waiting:
        for other in waiting:
            alike = (one.needs, one.owners, one.tried) == (other.needs, other.owners, other.tried)
            if alike and one.since < other.since and other.call in served:
                assert one.call in served


@given(WAITERS, SEATS, st.booleans())
def test_nobody_waits_for_ever(waiting: list[Waiter], seats: list[Seat], staffed: bool) -> None:
    served = pairs(waiting, seats, staffed)
    idle = [seat for seat in seats if seat.person not in served.values() and not seat.on_call]
    for waiter in waiting:
        if waiter.call not in served and idle:
            assert NOW - waiter.since < PATIENCE
            assert not any(waiter.needs <= seat.skills for seat in idle)


@given(WAITERS, SEATS, st.booleans())
def test_the_unskilled_answer_only_when_no_skill_is_left(
    waiting: list[Waiter], seats: list[Seat], staffed: bool
) -> None:
    skills = {seat.person: seat.skills for seat in seats}
    needs = {waiter.call: waiter.needs for waiter in waiting}
    at_desk = {seat.person for seat in seats if not seat.on_call}
    for each in matched(waiting, seats, staffed):
        if each.because is Because.OVERFLOW:
            others = at_desk & set(each.free)
            assert not any(needs[each.call] <= skills[person] for person in others)


@given(WAITERS, SEATS, st.booleans())
def test_the_order_of_asking_does_not_matter(
    waiting: list[Waiter], seats: list[Seat], staffed: bool
) -> None:
    assert matched(waiting[::-1], seats[::-1], staffed) == matched(waiting, seats, staffed)
