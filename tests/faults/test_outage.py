"""The whole hotline stops for ten minutes while people call and write: nothing stays unknown."""

import datetime as dt
import os

import pytest
from sqlalchemy import delete, select

from hotline.core.db import transaction
from hotline.intake import quarters
from hotline.intake.models import Difference, Reconciliation
from hotline.intake.reconcile import compare
from tests.faults.crowd import (
    STEP,
    Crowd,
    every_call_is_on_record,
    every_sms_is_on_record,
    nobody_is_stuck,
    the_identity_holds,
    the_numbers_are_true,
)
from tests.harness import Hotline
from tests.people import Staff
from tests.proofs import count
from tests.rooms.test_reconcile import everything

ROUNDS = range(count(1, 40))
SEED = int(os.environ.get("SEED", "23"))
BEFORE, STOPPED = 120 // STEP, 600 // STEP


@pytest.mark.proof
@pytest.mark.parametrize("number", ROUNDS)
def test_what_came_in_ten_minutes_of_silence_is_on_record_once(
    carrier_profile: str, hotline: Hotline, staff: Staff, number: int
) -> None:
    seed = SEED + number
    crowd = Crowd(hotline, staff, seed)
    for _ in range(BEFORE):
        _perhaps(crowd)
        crowd.step()
    with hotline.stopped():
        for _ in range(STOPPED):
            _perhaps(crowd)
            crowd.step(works=False)
    crowd.calm_down()
    found = hotline.session.scalars(select(Difference)).all()
    print(f"{carrier_profile}, seed {seed}: {crowd.calls} calls, {len(found)} differences")  # noqa: T201
    assert found
    assert all(difference.mended_at for difference in found)
    every_call_is_on_record(hotline)
    every_sms_is_on_record(hotline)
    the_identity_holds(hotline)
    the_numbers_are_true(hotline)
    nobody_is_stuck(hotline.session, staff)
    before = everything(hotline)
    assert _compare_all_again(hotline) == 0
    assert everything(hotline) == before


def _perhaps(crowd: Crowd) -> None:
    if crowd.chance.random() < 0.3:
        crowd.call()
    if crowd.chance.random() < 0.2:
        crowd.text()


def _compare_all_again(hotline: Hotline) -> int:
    """Compare the whole story with the carrier's lists as if for the first time."""
    transaction(lambda session: session.execute(delete(Reconciliation)))
    carrier = hotline.app.extensions["hotline"].carrier
    number = hotline.settings.hotline_number
    told = quarters.between(hotline.now - dt.timedelta(hours=3), hotline.now)
    return sum(
        compare(transaction, carrier, number, stretch, clock=lambda: hotline.now).found.total()
        for stretch in quarters.stretches(list(told))
    )
