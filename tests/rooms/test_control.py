"""Who may do what in a conversation, within which bounds, and with which carrier."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls import control, directory, inviting, jobs, legs, queries, service, supervise
from hotline.calls.models import Call, CallLeg, CallOrder, OrderAct
from hotline.calls.states import CallState, EndState, LegRole
from hotline.core.errors import Forbidden, GuardFailed, Invalid, NotFound
from hotline.core.privacy import blind_index
from hotline.core.roles import Actor
from hotline.staff import models
from hotline.staff.presence import Line, PresenceState
from hotline.telephony import dialling, profile
from hotline.telephony.port import CarrierRefused
from tests.people import Staff
from tests.rooms.switchboard import URL, Switchboard, order, send
from tests.rooms.telling import BROWSER, SID, answered, at, at_once, ended, ready, seat, take, told

IN_THE_CALL: dict[str, Callable[..., object]] = {
    "hold": control.hold,
    "resume": control.resume,
    "mute": control.mute,
    "unmute": control.unmute,
    "three_way": control.three_way,
    "complete_transfer": control.complete_transfer,
    "consult": lambda *given, now: control.consult(*given, "helpline:110", now=now),
    "transfer_cold": lambda *given, now: control.transfer_cold(*given, "helpline:110", now=now),
    "drop": lambda *given, now: control.drop(*given, 1, now=now),
}
ON_THE_CALL: dict[str, Callable[..., object]] = {
    "listen": lambda *given, now: supervise.listen(*given, Line.DESK, now=now),
    "whisper": supervise.whisper,
    "barge": supervise.barge,
    "take_over": supervise.take_over,
}


@pytest.fixture
def call(session: Session, staff: Staff) -> Call:
    """Let an operator speak with somebody."""
    return answered(session, staff)[0]


@pytest.fixture
def basic() -> Iterator[None]:
    """Have a carrier without conferences."""
    profile.use("basic")
    yield
    profile.use("full")


@pytest.mark.parametrize("verb", IN_THE_CALL.values(), ids=IN_THE_CALL)
def test_only_who_is_in_the_conversation_controls_it(
    session: Session, staff: Staff, call: Call, verb: Callable[..., object]
) -> None:
    with pytest.raises(GuardFailed):
        verb(session, staff.second_operator, call.id, now=at(20))
    with pytest.raises(Forbidden):
        verb(session, staff.handler, call.id, now=at(20))
    take(session, ended(30))
    with pytest.raises(GuardFailed):
        verb(session, staff.operator, call.id, now=at(40))


@pytest.mark.parametrize("verb", ON_THE_CALL.values(), ids=ON_THE_CALL)
def test_only_a_supervisor_listens(
    session: Session, staff: Staff, call: Call, verb: Callable[..., object]
) -> None:
    with pytest.raises(Forbidden):
        verb(session, staff.second_operator, call.id, now=at(20))
    take(session, ended(30))
    with pytest.raises(GuardFailed):
        verb(session, staff.supervisor, call.id, now=at(40))


def test_who_does_not_listen_cannot_speak(session: Session, staff: Staff, call: Call) -> None:
    for verb in (supervise.whisper, supervise.barge, supervise.take_over):
        with pytest.raises(GuardFailed):
            verb(session, staff.supervisor, call.id, now=at(20))
    supervise.listen(session, staff.supervisor, call.id, Line.DESK, now=at(20))
    with pytest.raises(GuardFailed):  # the telephone still rings
        supervise.take_over(session, staff.supervisor, call.id, now=at(21))
    supervise.release(session, staff.supervisor, call.id, now=at(22))
    assert [leg.role for leg in legs.present(session, call.id)] == [LegRole.OPERATOR]


@pytest.mark.parametrize("name", ["mute", "consult", "three_way", "complete_transfer"])
def test_a_carrier_without_rooms_says_so(
    session: Session, staff: Staff, call: Call, basic: None, name: str
) -> None:
    with pytest.raises(GuardFailed) as refused:
        IN_THE_CALL[name](session, staff.operator, call.id, now=at(20))
    assert refused.value.guard == "carrier-cannot"
    with pytest.raises(GuardFailed) as refused:
        ON_THE_CALL["listen"](session, staff.supervisor, call.id, now=at(20))
    assert refused.value.guard == "carrier-cannot"


def test_a_carrier_without_browsers_rings_telephones_alone(
    session: Session, staff: Staff, basic: None
) -> None:
    for line in (Line.BROWSER, Line.SIMULATED):
        with pytest.raises(GuardFailed) as refused:
            ready(session, staff.operator.id, line)
        assert refused.value.guard == "carrier-cannot"
    assert ready(session, staff.operator.id, Line.DESK)


def test_holds_add_up_and_end_with_the_call(session: Session, staff: Staff, call: Call) -> None:
    for begins in (20, 40):
        control.hold(session, staff.operator, call.id, now=at(begins))
        control.hold(session, staff.operator, call.id, now=at(begins + 1))
        control.resume(session, staff.operator, call.id, now=at(begins + 5))
    control.hold(session, staff.operator, call.id, now=at(60))
    take(session, ended(63))
    assert (call.held_ms, call.held_at, call.end_state) == (13_000, None, EndState.ANSWERED)


def test_a_hold_asks_for_the_room_and_the_last_word_counts(
    session: Session, staff: Staff, call: Call
) -> None:
    carrier = Switchboard()
    send(session, carrier, 16)
    control.hold(session, staff.operator, call.id, now=at(20))
    send(session, carrier, 20)
    assert carrier.asked[-1][0] != "adjust"  # nobody knows the room yet
    control.resume(session, staff.operator, call.id, now=at(21))
    control.hold(session, staff.operator, call.id, now=at(22))
    carrier.rooms[f"call-{call.id}"] = "CF7"
    send(session, carrier, 23)
    held = f"hold_url={URL}/phone/held/{call.id}"
    assert carrier.asked[-1] == ("adjust", "CF7", SID, "hold=True", held)
    assert [one[0] for one in carrier.asked].count("adjust") == 1
    assert call.conference_sid == "CF7"


def test_a_hold_that_the_carrier_refuses_is_none(
    session: Session, staff: Staff, call: Call
) -> None:
    send(session, Switchboard(), 16)
    call.conference_sid = "CF7"
    control.hold(session, staff.operator, call.id, now=at(20))
    send(session, Switchboard(CarrierRefused(20404, permanent=True)), 21)
    assert (call.state, call.held_at) == (CallState.TALKING, None)


def test_without_rooms_a_caller_is_held_in_a_loop(
    session: Session, staff: Staff, basic: None
) -> None:
    call = _at_the_desk(session, staff)
    number = order(session).id
    control.hold(session, staff.operator, call.id, now=at(20))
    carrier = Switchboard()
    send(session, carrier, 20)
    assert carrier.asked == [("redirect", SID, f"{URL}/phone/held/{call.id}")]
    assert call.state is CallState.TALKING
    control.resume(session, staff.operator, call.id, now=at(30))
    send(session, carrier, 30)
    assert carrier.asked[1:] == [("redirect", SID, f"{URL}/phone/operator/{number}")]
    take(session, told("announce", 34, number, CallSid="CAagain"))
    assert (call.held_at, call.held_ms, call.answered_at) == (None, 14_000, at(14))


def test_without_rooms_an_operator_who_does_not_come_back_loses_the_caller(
    session: Session, staff: Staff, basic: None
) -> None:
    call = _at_the_desk(session, staff)
    number = order(session).id
    control.hold(session, staff.operator, call.id, now=at(20))
    control.resume(session, staff.operator, call.id, now=at(30))
    done = told("operator_done", 52, number, DialCallStatus="no-answer", DialCallSid="CAagain")
    assert "线路中断" in (take(session, done) or "")
    assert (call.state, call.answered_at) == (CallState.QUEUED, at(14))
    assert seat(session, staff.operator.id or 0) is PresenceState.AWAY


@pytest.mark.parametrize(
    ("status", "state"),
    [("completed", CallState.TALKING), ("no-answer", CallState.QUEUED)],
)
def test_without_rooms_a_caller_is_led_to_another_service(
    session: Session, staff: Staff, basic: None, status: str, state: CallState
) -> None:
    call = _at_the_desk(session, staff)
    control.transfer_cold(session, staff.operator, call.id, "helpline:12333", now=at(20))
    session.flush()
    assert seat(session, staff.operator.id or 0) is PresenceState.WRAP_UP
    number = order(session).id
    document = take(session, told("operator", 21, number)) or ""
    assert ">12333</Number>" in document
    done = told("operator_done", 60, number, DialCallStatus=status)
    answer = take(session, done) or ""
    assert ("线路中断" in answer) is (state is CallState.QUEUED)
    assert call.state is state
    take(session, ended(61))
    assert (call.end_state, call.staff_id) == (EndState.ANSWERED, staff.operator.id)


def _at_the_desk(session: Session, staff: Staff) -> Call:
    ready(session, staff.operator.id, Line.DESK)
    take(session, told("voice", 0))
    take(session, told("wait", 10))
    call = session.scalars(select(Call)).one()
    send(session, Switchboard())
    take(session, told("operator", 12, order(session).id))
    take(session, told("announce", 14, order(session).id, CallSid="CAdesk"))
    return call


# ------------------------------------------------------------------ bounds


def test_two_on_the_line_are_enough_but_help_in_danger_is_always_called(
    session: Session, staff: Staff, call: Call
) -> None:
    for target in ("helpline:12348", "helpline:12333"):
        control.three_way(session, staff.operator, call.id, target, now=at(20))
    with pytest.raises(GuardFailed) as full:
        control.three_way(session, staff.operator, call.id, "helpline:12356", now=at(21))
    assert full.value.guard == "lines-at-once"
    control.three_way(session, staff.operator, call.id, "helpline:110", now=at(22))


def test_a_hundred_a_day_are_enough(
    session: Session, staff: Staff, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "A_DAY", 3)
    for second in range(3):
        leg = control.consult(session, staff.operator, call.id, "helpline:12348", now=at(second))
        control.drop(session, staff.operator, call.id, leg.id, now=at(second))
    with pytest.raises(GuardFailed) as full:
        control.consult(session, staff.operator, call.id, "helpline:12348", now=at(20))
    assert full.value.guard == "lines-a-day"
    tomorrow = at(3) + dt.timedelta(days=1)
    control.consult(session, staff.operator, call.id, "helpline:12348", now=tomorrow)


def test_no_line_that_was_called_in_lasts_over_an_hour(
    session: Session, staff: Staff, call: Call
) -> None:
    control.three_way(session, staff.operator, call.id, "helpline:12348", now=at(20))
    carrier = Switchboard()
    send(session, carrier, 20)
    path = f"{URL}/phone/desk/{order(session).id}"
    assert ("dial", "12348", path, f"{path}/status", "20", "3600") in carrier.asked


def test_whoever_does_not_answer_is_given_up(session: Session, staff: Staff, call: Call) -> None:
    ready(session, staff.second_operator.id)
    target = f"staff:{staff.second_operator.id}"
    control.consult(session, staff.operator, call.id, target, now=at(20))
    assert seat(session, staff.second_operator.id or 0) is PresenceState.RINGING
    assert jobs.expire_invitations(at_once(session), now=at(60)) == 0
    assert jobs.expire_invitations(at_once(session), now=at(61)) == 1
    assert seat(session, staff.second_operator.id or 0) is PresenceState.AWAY
    assert (call.state, call.staff_id) == (CallState.TALKING, staff.operator.id)
    with pytest.raises(GuardFailed):
        control.complete_transfer(session, staff.operator, call.id, now=at(62))


def test_who_speaks_is_not_disturbed(session: Session, staff: Staff, call: Call) -> None:
    with pytest.raises(GuardFailed) as busy:
        directory.find(session, f"staff:{staff.operator.id}")
    assert busy.value.guard == "colleague-free"


def test_an_outcome_is_written_by_who_was_there(session: Session, staff: Staff, call: Call) -> None:
    leg = control.three_way(session, staff.operator, call.id, "helpline:12333", now=at(20))
    assert leg is not None
    session.flush()
    for person, text, error in (
        (staff.second_operator, "已受理", GuardFailed),
        (staff.operator, " ", Invalid),
        (staff.operator, "长" * 501, Invalid),
    ):
        with pytest.raises(error):
            control.note_outcome(session, person, leg.id, text, now=at(30))
    take(session, ended(40))
    control.note_outcome(session, staff.operator, leg.id, "已受理", now=at(50))
    assert [one.outcome for one in queries.legs(session, call.id)] == [None, "已受理"]


def test_hanging_up_ends_it_for_everybody(session: Session, staff: Staff, call: Call) -> None:
    control.three_way(session, staff.operator, call.id, "helpline:12333", now=at(20))
    send(session, Switchboard(), 20)
    service.hang_up(session, staff.operator, call.id, now=at(30))
    session.flush()
    take(session, ended(31))
    carrier = Switchboard()
    send(session, carrier, 31)
    assert ("hang_up", SID) in carrier.asked
    assert [leg.present for leg in queries.legs(session, call.id)] == [False, False]


# ------------------------------------------------------------------ toll fraud


@pytest.mark.parametrize(
    "target",
    ["", "110", "+8613900000001", "helpline:+8819", "helpline:", "staff:", "staff:x", "staff:0",
     "unit:nowhere", "client:operator-1", "sip:a@b", "number:+8613900000001", "staff:" + "9" * 30],
)  # fmt: skip
def test_a_target_is_one_of_the_directory(
    session: Session, staff: Staff, call: Call, target: str
) -> None:
    with pytest.raises(NotFound):
        control.transfer_cold(session, staff.operator, call.id, target, now=at(20))
    assert session.scalars(select(CallLeg)).one().role is LegRole.OPERATOR


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("+8613900000001", True),
        ("110", True),
        ("12356", True),
        ("client:operator-7", True),
        ("+19005550001", False),
        ("+881612345678", False),
        ("client:operator-7,+19005550001", False),
        ("client:somebody", False),
        ("sip:7@elsewhere.example", False),
        ("19005550001", False),
        ("", False),
    ],
)
def test_an_address_is_looked_at_before_anybody_is_rung(address: str, allowed: bool) -> None:
    assert dialling.may_dial(address) is allowed


def test_a_number_abroad_is_rung_by_nobody(session: Session, staff: Staff, call: Call) -> None:
    _moves_abroad(session, staff.second_operator)
    target = f"staff:{staff.second_operator.id}"
    with pytest.raises(GuardFailed) as refused:
        control.consult(session, staff.operator, call.id, target, now=at(20))
    assert refused.value.guard == "may-dial"
    ready(session, staff.second_operator.id, Line.DESK)
    for route, seconds in (("voice", 30), ("wait", 40)):
        take(session, told(route, seconds, CallSid="CA2"))
    carrier = Switchboard()
    send(session, carrier, 41)
    assert not [one for one in carrier.asked if one[0] == "dial" and "+1900" in one[1]]
    assert order(session).reason == "not allowed"
    assert seat(session, staff.second_operator.id or 0) is PresenceState.AWAY


def _moves_abroad(session: Session, actor: Actor) -> None:
    person = session.get(models.Staff, actor.id)
    assert person is not None
    person.phone, person.phone_key = "+19005550001", blind_index("+19005550001")
    session.flush()


HOSTILE = "+19005550001"
ROUTES: dict[str, Any] = {
    "voice": 0, "wait": 0, "choice": 0, "queue": 0, "voicemail": 0, "status": 0,
    "meet": 1, "meet_done": 1, "desk": 1, "desk_done": 1, "leg": 1, "requeue": 1,
    "operator": 1, "announce": 1, "operator_done": 1, "recording": 1, "conference": 2,
}  # fmt: skip
NAMES = ("Digits", "From", "To", "Caller", "Called", "ForwardedFrom", "SpeechResult", "DialCallSid",
         "QueueResult", "DialCallStatus", "FriendlyName", "ParticipantLabel", "CallerName",
         "RecordingUrl", "Body", "SipHeader_X-Dial", "Direction", "ConferenceSid")  # fmt: skip


@pytest.mark.parametrize("carrier_profile", list(profile.PROFILES))
def test_nothing_a_caller_sends_is_dialled(
    session: Session, staff: Staff, carrier_profile: str
) -> None:
    profile.use(carrier_profile)
    try:
        call = _at_the_desk(session, staff) if carrier_profile == "basic" else None
        call = call or answered(session, staff)[0]
        number = session.scalars(select(CallOrder.id).order_by(CallOrder.id)).first()
        ids = {0: 0, 1: number or 0, 2: call.id}
        said = []
        for value in (HOSTILE, f"sip:{HOSTILE}@x", f"client:{HOSTILE}", "1" * 8, "110"):
            for route, about in ROUTES.items():
                form = dict.fromkeys(NAMES, value) | {"CallSid": f"CA{route}"[:34]}
                said.append(take(session, told(route, 50, ids[about], **form)) or "")
        carrier = Switchboard()
        for seconds in (50, 51, 52):
            send(session, carrier, seconds)
    finally:
        profile.use("full")
    assert HOSTILE not in "".join(said)
    assert not any(HOSTILE in part for asked in carrier.asked for part in asked)
    dialled = session.scalars(select(CallOrder).where(CallOrder.act == OrderAct.DIAL)).all()
    assert {row.address for row in dialled} <= {f"client:operator-{staff.operator.id}"}
    assert BROWSER not in "".join(said)
