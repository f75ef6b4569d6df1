"""Calls by the hundred, each as odd as chance makes it: the ledger's identity holds throughout."""

import os

import pytest

from tests.faults.crowd import (
    CHAOS,
    Crowd,
    every_call_is_on_record,
    nobody_is_stuck,
    the_identity_holds,
    the_numbers_are_true,
)
from tests.harness import Hotline
from tests.people import Staff
from tests.proofs import count

CALLS = count(75, 500)  # a round on each engine and profile: 300 in all, or 10,000
ROUNDS = range(count(1, 5))
SEED = int(os.environ.get("SEED", "11"))


@pytest.mark.proof
@pytest.mark.parametrize("number", ROUNDS)
def test_each_call_has_one_end_and_each_debt_one_obligation(
    carrier_profile: str, hotline: Hotline, staff: Staff, number: int
) -> None:
    seed = SEED + number
    crowd = Crowd(hotline, staff, seed)
    vars(hotline.carrier.faults).update(CHAOS, seed=seed)
    outages = 0
    while crowd.calls < CALLS:
        crowd.some_call()
        crowd.step()
        if crowd.chance.random() < 0.02:
            outages += 1
            with hotline.stopped():
                for _ in range(crowd.chance.randrange(1, 12)):
                    crowd.some_call()
                    crowd.step(works=False)
    crowd.calm_down()
    print(f"{carrier_profile}, seed {seed}: {crowd.calls} calls, {outages} outages")  # noqa: T201
    every_call_is_on_record(hotline)
    the_identity_holds(hotline)
    the_numbers_are_true(hotline)
    nobody_is_stuck(hotline.session, staff)
