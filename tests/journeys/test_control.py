"""In the middle of a call: held, consulted, added, put through, listened to, taken over."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from hotline.calls import control, queries, supervise
from hotline.calls.models import Call, CallLeg, DirectoryEntry
from hotline.calls.states import CallState, EndState, LegRole, Mode
from hotline.core.db import transaction
from hotline.core.roles import Actor
from hotline.staff.presence import Line, PresenceState
from hotline.telephony import profile
from simulator import SimCall
from simulator.conferences import Taking, find
from tests.harness import Hotline
from tests.journeys.test_calls import CALLER, answer, browser, good, ready, seat, the_call
from tests.people import DESK_PHONE, LEAD_PHONE, Staff

pytestmark = pytest.mark.usefixtures("only_calls")

POLICE = "110"
RINGS = dt.timedelta(seconds=2)  # until somebody takes a telephone up


@pytest.fixture
def caller(hotline: Hotline, staff: Staff) -> SimCall:
    """Let somebody speak with the operator."""
    ready(hotline, staff.operator)
    call = hotline.phone(CALLER).calls(patience=300)
    answer(hotline, staff.operator)
    hotline.settle()
    return call


def act(hotline: Hotline, what: Callable[..., object], actor: Actor, *given: Any) -> None:
    """Let somebody do something in the call, and wait until it is done."""
    call_id = the_call(hotline).id
    transaction(lambda session: what(session, actor, call_id, *given, now=hotline.now))
    hotline.forward(RINGS, seconds=6)


def member(hotline: Hotline, who: str) -> Taking:
    """Return how somebody takes part: `caller`, or an address."""
    room = find(hotline.carrier.exchange, f"call-{the_call(hotline).id}")
    assert room is not None
    known = {each.label: each for each in room.members}
    known |= {each.leg.far_end: each for each in room.members}
    return known[who]


def in_room(hotline: Hotline) -> set[str]:
    """Return everybody in the room, by address."""
    room = find(hotline.carrier.exchange, f"call-{the_call(hotline).id}")
    return {each.leg.far_end for each in room.members} if room else set()


def legs(hotline: Hotline) -> dict[LegRole, CallLeg]:
    """Return the newest party of each role."""
    return {leg.role: leg for leg in queries.legs(hotline.session, the_call(hotline).id)}


def address(actor: Actor) -> str:
    """Return somebody's browser."""
    return f"client:operator-{actor.id}"


def test_a_caller_is_held_and_heard_again(hotline: Hotline, staff: Staff, caller: SimCall) -> None:
    act(hotline, control.hold, staff.operator)
    assert member(hotline, "caller").hold
    assert any("请不要挂机" in words for words in caller.heard)
    assert the_call(hotline).held_at is not None
    act(hotline, control.resume, staff.operator)
    assert not member(hotline, "caller").hold
    row = the_call(hotline)
    assert (row.held_at, row.held_ms) == (None, 6000)
    good(hotline)


def test_an_operator_mutes_themselves(hotline: Hotline, staff: Staff, caller: SimCall) -> None:
    act(hotline, control.mute, staff.operator)
    assert member(hotline, address(staff.operator)).muted
    assert not member(hotline, "caller").muted
    act(hotline, control.unmute, staff.operator)
    assert not member(hotline, address(staff.operator)).muted


def test_a_colleague_is_consulted_and_takes_the_call(
    hotline: Hotline, staff: Staff, caller: SimCall
) -> None:
    ready(hotline, staff.second_operator)
    act(hotline, control.consult, staff.operator, f"staff:{staff.second_operator.id}")
    both = {address(staff.operator), address(staff.second_operator)}
    assert in_room(hotline) == both | {CALLER}
    assert member(hotline, "caller").hold
    assert seat(hotline, staff.second_operator) is PresenceState.TALKING
    act(hotline, control.complete_transfer, staff.operator)
    assert in_room(hotline) == {address(staff.second_operator), CALLER}
    assert not member(hotline, "caller").hold
    assert the_call(hotline).staff_id == staff.second_operator.id
    assert seat(hotline, staff.operator) is PresenceState.READY
    caller.hang_up()
    hotline.settle()
    row = the_call(hotline)
    assert (row.end_state, row.staff_id) == (EndState.ANSWERED, staff.second_operator.id)
    assert seat(hotline, staff.second_operator) is PresenceState.WRAP_UP
    good(hotline)


def test_police_are_added_as_an_object_with_its_own_outcome(
    hotline: Hotline, staff: Staff, caller: SimCall
) -> None:
    act(hotline, control.three_way, staff.operator, f"helpline:{POLICE}")
    assert in_room(hotline) == {address(staff.operator), CALLER, POLICE}
    assert not member(hotline, "caller").hold
    assert "12351" in hotline.carrier.phone(POLICE).calls[-1].heard[0]
    leg = legs(hotline)[LegRole.EMERGENCY]
    transaction(
        lambda session: control.note_outcome(
            session, staff.operator, leg.id, "已派警到现场", now=hotline.now
        )
    )
    act(hotline, control.drop, staff.operator, leg.id)
    assert in_room(hotline) == {address(staff.operator), CALLER}
    leg = legs(hotline)[LegRole.EMERGENCY]
    assert (leg.name, leg.outcome, leg.present) == ("公安报警", "已派警到现场", False)
    assert the_call(hotline).state is CallState.TALKING


def test_who_was_consulted_joins_the_caller(
    hotline: Hotline, staff: Staff, caller: SimCall
) -> None:
    act(hotline, control.consult, staff.operator, "helpline:12348")
    assert member(hotline, "caller").hold
    act(hotline, control.three_way, staff.operator)
    assert not member(hotline, "caller").hold
    assert in_room(hotline) == {address(staff.operator), CALLER, "12348"}


def test_a_caller_is_put_through_to_a_service(
    hotline: Hotline, staff: Staff, caller: SimCall
) -> None:
    act(hotline, control.transfer_cold, staff.operator, "helpline:12333")
    assert in_room(hotline) == {CALLER, "12333"}
    assert not member(hotline, "caller").hold
    assert seat(hotline, staff.operator) is PresenceState.WRAP_UP
    hotline.carrier.phone("12333").calls[-1].hang_up()
    hotline.settle()
    assert "感谢您的来电" in caller.heard[-1]
    assert the_call(hotline).end_state is EndState.ANSWERED
    good(hotline)


def test_a_colleague_who_was_consulted_keeps_the_caller_if_the_operator_is_lost(
    hotline: Hotline, staff: Staff, caller: SimCall
) -> None:
    ready(hotline, staff.second_operator)
    act(hotline, control.consult, staff.operator, f"staff:{staff.second_operator.id}")
    browser(hotline, staff.operator).hang_up()
    hotline.forward(RINGS, seconds=4)
    assert in_room(hotline) == {CALLER, address(staff.second_operator)}
    assert not member(hotline, "caller").hold
    assert the_call(hotline).staff_id == staff.second_operator.id
    assert caller.state == "conference"


def test_a_service_that_does_not_answer_leaves_nobody_alone(
    hotline: Hotline, staff: Staff, caller: SimCall
) -> None:
    hotline.carrier.phone("12333").answers = False
    act(hotline, control.transfer_cold, staff.operator, "helpline:12333")
    assert in_room(hotline) == {CALLER}
    assert member(hotline, "caller").hold
    hotline.forward(5 * RINGS, seconds=30)
    assert any("线路中断" in said for said in caller.heard[-4:])  # then their place is told
    assert the_call(hotline).state is CallState.QUEUED
    ready(hotline, staff.second_operator)
    answer(hotline, staff.second_operator)
    assert in_room(hotline) == {CALLER, address(staff.second_operator)}


def test_a_supervisor_listens_whispers_speaks_and_goes(
    hotline: Hotline, staff: Staff, caller: SimCall
) -> None:
    lead = staff.supervisor
    act(hotline, supervise.listen, lead, Line.BROWSER)
    (listener,) = queries.listeners(hotline.session, the_call(hotline).id)
    assert (listener.staff_id, listener.mode) == (lead.id, Mode.LISTEN)
    assert member(hotline, address(lead)).muted
    act(hotline, supervise.whisper, lead)
    coach = member(hotline, address(lead))
    assert (coach.muted, coach.coach) == (False, browser(hotline, staff.operator).sid)
    act(hotline, supervise.barge, lead)
    coach = member(hotline, address(lead))
    assert (coach.muted, coach.coach) == (False, None)
    act(hotline, supervise.release, lead)
    assert in_room(hotline) == {CALLER, address(staff.operator)}
    assert queries.listeners(hotline.session, the_call(hotline).id) == []
    told = [event.kind for event in queries.story(hotline.session, the_call(hotline).id)]
    assert told[told.index("invited") :] == ["invited", "joined", "whisper", "barge", "released"]
    good(hotline)


def test_a_supervisor_takes_the_call_over(hotline: Hotline, staff: Staff, caller: SimCall) -> None:
    act(hotline, supervise.listen, staff.supervisor, Line.DESK)
    act(hotline, supervise.take_over, staff.supervisor)
    assert in_room(hotline) == {CALLER, LEAD_PHONE}
    assert not member(hotline, LEAD_PHONE).muted
    row = the_call(hotline)
    assert (row.state, row.staff_id) == (CallState.TALKING, staff.supervisor.id)
    assert seat(hotline, staff.operator) is PresenceState.READY
    caller.hang_up()
    hotline.settle()
    assert the_call(hotline).end_state is EndState.ANSWERED


def test_a_listener_is_no_company(hotline: Hotline, staff: Staff, caller: SimCall) -> None:
    act(hotline, supervise.listen, staff.supervisor, Line.DESK)
    browser(hotline, staff.operator).hang_up()
    hotline.forward(RINGS, seconds=4)
    assert the_call(hotline).state is CallState.QUEUED
    assert hotline.carrier.phone(LEAD_PHONE).calls[-1].state == "ended"


def test_the_end_of_a_call_ends_every_line(hotline: Hotline, staff: Staff, caller: SimCall) -> None:
    ready(hotline, staff.second_operator)
    act(hotline, control.consult, staff.operator, f"staff:{staff.second_operator.id}")
    act(hotline, supervise.listen, staff.supervisor, Line.DESK)
    caller.hang_up()
    hotline.settle()
    hotline.settle()
    assert all(not leg.present for leg in queries.legs(hotline.session, the_call(hotline).id))
    phones = (address(staff.second_operator), address(staff.operator), LEAD_PHONE)
    assert {hotline.carrier.phone(each).calls[-1].state for each in phones} == {"ended"}
    assert seat(hotline, staff.operator) is PresenceState.WRAP_UP
    assert seat(hotline, staff.second_operator) is PresenceState.READY


@pytest.fixture
def spoken(hotline: Hotline, staff: Staff) -> Iterator[SimCall]:
    """Let somebody speak with the operator's telephone, on a carrier that only dials."""
    profile.use("basic")
    hotline.carrier.exchange.basic = True
    ready(hotline, staff.operator, "desk")
    call = hotline.phone(CALLER).calls(patience=None)
    hotline.forward(RINGS, seconds=4)
    yield call
    profile.use("full")


def test_without_rooms_a_caller_is_held_and_heard_again(
    hotline: Hotline, staff: Staff, spoken: SimCall
) -> None:
    act(hotline, control.hold, staff.operator)
    assert "请不要挂机" in spoken.heard[-1]
    assert (spoken.state, the_call(hotline).state) == ("gathering", CallState.TALKING)
    act(hotline, control.resume, staff.operator)
    assert (spoken.state, spoken.bridged_to) == ("bridged", DESK_PHONE)
    assert the_call(hotline).held_at is None
    spoken.hang_up()
    hotline.settle()
    assert the_call(hotline).end_state is EndState.ANSWERED
    assert seat(hotline, staff.operator) is PresenceState.WRAP_UP
    good(hotline)


def test_without_rooms_a_caller_is_put_through(
    hotline: Hotline, staff: Staff, spoken: SimCall
) -> None:
    act(hotline, control.transfer_cold, staff.operator, "helpline:12333")
    assert (spoken.state, spoken.bridged_to) == ("bridged", "12333")
    assert seat(hotline, staff.operator) is PresenceState.WRAP_UP
    hotline.carrier.phone("12333").calls[-1].hang_up()
    hotline.settle()
    assert spoken.state == "ended"
    assert the_call(hotline).end_state is EndState.ANSWERED
    good(hotline)


def test_the_directory_knows_the_public_services(hotline: Hotline) -> None:
    known = set(hotline.session.scalars(select(DirectoryEntry.code)))
    assert known == {"110", "119", "120", "12356", "12348", "12333"}
    assert hotline.session.scalars(select(Call)).all() == []
