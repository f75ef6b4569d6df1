"""The presence table: what leads where, and what does not."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.staff.presence import (
    BY_ACT,
    CHOICES,
    LIVE,
    STEPS,
    Act,
    PresenceState,
    may_leave,
    step,
)

S, A = PresenceState, Act
EXPECTED = {
    (S.OFFLINE, A.LEAVE): S.OFFLINE,
    (S.OFFLINE, A.GET_READY): S.READY,
    (S.OFFLINE, A.STEP_AWAY): S.AWAY,
    (S.READY, A.LEAVE): S.OFFLINE,
    (S.READY, A.GET_READY): S.READY,
    (S.READY, A.STEP_AWAY): S.AWAY,
    (S.READY, A.RING): S.RINGING,
    (S.RINGING, A.TALK): S.TALKING,
    (S.RINGING, A.MISS): S.AWAY,
    (S.RINGING, A.FREE): S.READY,
    (S.TALKING, A.HANG_UP): S.WRAP_UP,
    (S.TALKING, A.DROP): S.AWAY,
    (S.READY, A.LOSE): S.OFFLINE,
    (S.WRAP_UP, A.EXTEND): S.WRAP_UP,
    (S.WRAP_UP, A.RUN_OUT): S.AWAY,
    (S.WRAP_UP, A.LOSE): S.OFFLINE,
    (S.AWAY, A.FREE): S.READY,
    (S.OFFLINE, A.CALL_OUT): S.READY,
    (S.AWAY, A.CALL_OUT): S.READY,
    (S.RINGING, A.DISMISS): S.OFFLINE,
    (S.WRAP_UP, A.DISMISS): S.OFFLINE,
    (S.AWAY, A.DISMISS): S.OFFLINE,
    (S.AWAY, A.LOSE): S.OFFLINE,
    (S.WRAP_UP, A.LEAVE): S.OFFLINE,
    (S.WRAP_UP, A.GET_READY): S.READY,
    (S.WRAP_UP, A.STEP_AWAY): S.AWAY,
    (S.WRAP_UP, A.FREE): S.READY,
    (S.AWAY, A.LEAVE): S.OFFLINE,
    (S.AWAY, A.GET_READY): S.READY,
    (S.AWAY, A.STEP_AWAY): S.AWAY,
}


@pytest.mark.parametrize(("state", "act"), list(product(PresenceState, Act)))
def test_each_pair_leads_where_it_should(state: PresenceState, act: Act) -> None:
    row = step(state, act)
    assert (row.target if row else None) == EXPECTED.get((state, act))


def test_each_act_has_one_row() -> None:
    assert set(BY_ACT) == set(Act)
    assert len(STEPS) == len(Act)


def test_no_choice_ends_a_live_call() -> None:
    assert all(not LIVE & BY_ACT[act].sources for act in CHOICES.values())


def test_the_clock_touches_no_live_call() -> None:
    assert all(not LIVE & row.sources for row in STEPS if row.by == "clock")


@given(st.integers(0, 200))
def test_somebody_may_always_leave_and_most_stay(signed_in: int) -> None:
    room = sum(may_leave(gone, signed_in) for gone in range(signed_in + 1))
    assert room == max(1, signed_in // 3)


def test_every_state_can_be_left_for_ready() -> None:
    reached = {S.READY}
    for _ in PresenceState:
        reached |= {source for row in STEPS for source in row.sources if row.target in reached}
    assert reached == set(PresenceState)
