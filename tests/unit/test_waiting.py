"""The expected wait: never shorter for who stands further back, nothing where nobody knows."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from hotline.calls.waiting import FEWEST, expected_wait, minutes

MINUTE = dt.timedelta(minutes=1)
HANDLED = st.lists(st.timedeltas(dt.timedelta(), 30 * MINUTE), min_size=FEWEST, max_size=20)


def test_three_ahead_of_two_who_take_five_minutes_each() -> None:
    assert expected_wait(3, [5 * MINUTE] * FEWEST, working=2, ready=0) == 10 * MINUTE
    assert expected_wait(1, [5 * MINUTE] * FEWEST, working=2, ready=2) == dt.timedelta()


def test_nothing_is_said_without_seats_or_without_experience() -> None:
    assert expected_wait(0, [MINUTE] * FEWEST, working=0, ready=0) is None
    assert expected_wait(0, [MINUTE] * (FEWEST - 1), working=3, ready=0) is None
    assert minutes(None) is None


@given(st.integers(0, 50), HANDLED, st.integers(1, 20), st.integers(0, 20))
def test_more_ahead_is_never_sooner_and_more_seats_never_later(
    ahead: int, handled: list[dt.timedelta], working: int, ready: int
) -> None:
    wait = expected_wait(ahead, handled, working, ready)
    further = expected_wait(ahead + 1, handled, working, ready)
    helped = expected_wait(ahead, handled, working + 1, ready)
    assert wait is not None
    assert further is not None
    assert helped is not None
    assert dt.timedelta() <= helped <= wait <= further


@given(st.timedeltas(dt.timedelta(), dt.timedelta(hours=9)))
def test_minutes_promise_no_less(wait: dt.timedelta) -> None:
    told = minutes(wait)
    assert told is not None
    assert wait <= told * MINUTE < wait + MINUTE
