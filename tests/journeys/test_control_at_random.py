"""Whatever is done in a call, in whatever order: what we keep is what the carrier has."""

import datetime as dt
import os
import random
from collections.abc import Callable

import pytest
from sqlalchemy import select

from hotline.calls import control, queries, supervise
from hotline.calls.models import CallLeg
from hotline.calls.states import CallState, EndState
from hotline.core.db import transaction
from hotline.core.errors import HotlineError
from hotline.core.roles import Actor
from hotline.staff import queries as staff_queries
from hotline.staff.presence import LIVE, Line
from simulator.conferences import find
from tests.harness import Hotline
from tests.journeys.test_calls import CALLER, answer, ready, the_call
from tests.people import Staff

PROOFS = "PROOFS" in os.environ
SEEDS = range(100 if PROOFS else 3)
STEPS = 25 if PROOFS else 10
pytestmark = pytest.mark.usefixtures("only_calls")
RINGS = dt.timedelta(seconds=2)
TARGETS = ("helpline:110", "helpline:12348", "helpline:12333")

Deed = Callable[[Hotline, Staff, random.Random], None]


def _verb(verb: Callable[..., object], who: str, *given: object) -> Deed:
    """Return a deed of somebody, which may be refused."""

    def deed(hotline: Hotline, staff: Staff, _chance: random.Random) -> None:
        actor: Actor = getattr(staff, who)
        key = the_call(hotline).id
        transaction(lambda session: verb(session, actor, key, *given, now=hotline.now))

    return deed


def _calls_in(verb: Callable[..., object]) -> Deed:
    def deed(hotline: Hotline, staff: Staff, chance: random.Random) -> None:
        target = chance.choice([*TARGETS, f"staff:{staff.second_operator.id}"])
        hotline.carrier.phone(target.rpartition(":")[2]).answers = chance.random() < 0.7
        _verb(verb, "operator", target)(hotline, staff, chance)

    return deed


def _drops(hotline: Hotline, staff: Staff, chance: random.Random) -> None:
    legs = queries.legs(hotline.session, the_call(hotline).id)
    key = chance.choice(legs).id
    _verb(control.drop, "operator", key)(hotline, staff, chance)


def _somebody_goes(hotline: Hotline, _staff: Staff, chance: random.Random) -> None:
    room = find(hotline.carrier.exchange, f"call-{the_call(hotline).id}")
    others = [each for each in (room.members if room else ()) if each.leg.far_end != CALLER]
    if others:
        address = chance.choice(others).leg.far_end
        hotline.carrier.phone(address).calls[-1].hang_up()


DEEDS: tuple[Deed, ...] = (
    _verb(control.hold, "operator"),
    _verb(control.resume, "operator"),
    _verb(control.mute, "operator"),
    _calls_in(control.consult),
    _calls_in(control.three_way),
    _calls_in(control.transfer_cold),
    _verb(control.three_way, "operator"),
    _verb(control.complete_transfer, "operator"),
    _verb(supervise.listen, "supervisor", Line.DESK),
    _verb(supervise.whisper, "supervisor"),
    _verb(supervise.barge, "supervisor"),
    _verb(supervise.take_over, "supervisor"),
    _verb(supervise.release, "supervisor"),
    _drops,
    _somebody_goes,
)


@pytest.mark.proof
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_kept_is_what_there_is(hotline: Hotline, staff: Staff, seed: int) -> None:
    chance = random.Random(seed)
    ready(hotline, staff.operator)
    caller = hotline.phone(CALLER).calls(patience=None)
    answer(hotline, staff.operator)
    ready(hotline, staff.second_operator)
    for _ in range(STEPS):
        try:
            chance.choice(DEEDS)(hotline, staff, chance)
        except HotlineError:
            continue
        hotline.forward(RINGS, seconds=chance.choice([2, 6]))
        if caller.state == "ended":
            break
        _agrees(hotline)
    caller.hang_up()
    hotline.forward(RINGS, seconds=6)
    call = the_call(hotline)
    assert (call.state, call.end_state, call.held_at) == (
        CallState.ENDED,
        EndState.ANSWERED,
        None,
    )
    assert not hotline.session.scalars(select(CallLeg).where(CallLeg.left_at.is_(None))).all()
    for person in (staff.operator, staff.second_operator, staff.supervisor):
        presence = staff_queries.presence(hotline.session, person.id or 0)
        assert presence is None or presence.state not in LIVE
    live = [leg for leg in hotline.carrier.exchange.legs.values() if not leg.ended]
    assert live == []


def _agrees(hotline: Hotline) -> None:
    """Have the room hold who we think it does, the caller held as we think they are."""
    hotline.forward(RINGS, seconds=4)  # what was just ordered is done
    call = the_call(hotline)
    room = find(hotline.carrier.exchange, f"call-{call.id}")
    members = {each.leg.sid: each for each in room.members} if room else {}
    inside = members.get(call.provider_sid or "")
    assert (inside is not None) == (call.state is CallState.TALKING)
    if inside is None:
        return
    assert inside.hold == (call.held_at is not None)
    legs = [leg for leg in queries.legs(hotline.session, call.id) if leg.present and leg.joined_at]
    assert len(legs) == len(members) - 1
