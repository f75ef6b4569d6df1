"""Calls from the first ring to the last word, through the real doors and a simulated carrier.

The same stories on a carrier with queues, conferences and browsers, and on one without.
"""

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback, CallbackCall
from hotline.callbacks.states import CallbackState
from hotline.calls import queries, service
from hotline.calls.models import Call
from hotline.calls.recorded import CallRecording
from hotline.calls.states import CallState, EndState
from hotline.core.db import transaction
from hotline.core.roles import Actor
from hotline.staff import queries as staff_queries
from hotline.staff.presence import PresenceState
from hotline.telephony import profile, prompts
from simulator import Faults, SimCall
from tests.harness import Hotline
from tests.people import DESK_PHONE, Staff
from tests.proofs import count

CALLER = "+8613800000001"
STEP = dt.timedelta(seconds=5)
STORY = ["老板拖欠我三个月工资", "工地在新城区"]
LINES = {"full": "simulated", "basic": "desk"}
SPEAKS = {"bridged", "conference"}
pytestmark = pytest.mark.usefixtures("carrier_profile")
full_only = pytest.mark.parametrize("carrier_profile", ["full"], indirect=True)


def the_call(hotline: Hotline) -> Call:
    """Return the only call there is."""
    return hotline.session.scalars(select(Call)).one()


def ready(hotline: Hotline, actor: Actor, line: str | None = None) -> None:
    """Let somebody be ready for calls."""
    line = line or LINES[profile.current().name]
    hotline.api(actor).put("/presence", {"state": "ready", "line": line})


def waits(hotline: Hotline, number: str, patience: float, **script: Any) -> SimCall:
    """Let somebody call who waits so long in vain."""
    how = "patience" if profile.current().queues else "hangs_up_after"
    script = {"patience": None, **script, how: patience}
    return hotline.phone(number).calls(**script)


def seat(hotline: Hotline, actor: Actor) -> PresenceState:
    """Return somebody's presence."""
    found = staff_queries.presence(hotline.session, actor.id or 0)
    assert found is not None
    return found.state


def answer(hotline: Hotline, actor: Actor) -> None:
    """Take the call that rings for somebody; a telephone is taken up by itself."""
    if not profile.current().browsers:
        hotline.forward(seconds=4)
        return
    ringing = queries.for_operator(hotline.session, actor.id or 0)
    assert ringing is not None
    key = ringing.id
    transaction(lambda session: service.accept(session, actor, key, now=hotline.now))
    hotline.settle()  # the browser is rung, and takes the call by itself
    hotline.settle()  # the caller is led to it


def recorded(hotline: Hotline) -> list[CallRecording]:
    """Return the recordings that the carrier told of."""
    return list(hotline.session.scalars(select(CallRecording)))


def good(hotline: Hotline) -> None:
    """Have answered every webhook with a document the carrier takes."""
    bad = [entry for entry in hotline.carrier.journal if entry.error or entry.warnings]
    assert not bad


@full_only
def test_a_call_answered_in_the_browser(hotline: Hotline, staff: Staff) -> None:
    ready(hotline, staff.operator)
    call = hotline.phone(CALLER).calls(says=STORY, stays=5)
    assert "录音" in call.heard[0]
    assert the_call(hotline).state is CallState.OFFERED
    assert seat(hotline, staff.operator) is PresenceState.RINGING
    answer(hotline, staff.operator)
    assert call.bridged_to == f"client:operator-{staff.operator.id}"
    hotline.forward(STEP, seconds=60)
    assert call.state == "ended"
    row = the_call(hotline)
    assert (row.end_state, row.staff_id) == (EndState.ANSWERED, staff.operator.id)
    assert [words.text for words in queries.words(hotline.session, row.id)] == STORY
    assert recorded(hotline)
    assert seat(hotline, staff.operator) is PresenceState.WRAP_UP
    api = hotline.api(staff.operator)
    ticket = api.post(
        "/tickets",
        {"channel": "call", "call": str(row.id), "subject": "欠薪", "narrative": STORY[0]},
    )
    assert ticket["state"] == "received"
    assert the_call(hotline).ticket_id == hotline.ticket().id
    assert seat(hotline, staff.operator) is PresenceState.READY
    good(hotline)


def test_a_call_answered_at_the_desk(hotline: Hotline, staff: Staff) -> None:
    ready(hotline, staff.operator, "desk")
    call = hotline.phone(CALLER).calls(says=STORY, stays=5)
    hotline.forward(seconds=10)
    assert call.state in SPEAKS
    assert seat(hotline, staff.operator) is PresenceState.TALKING
    hotline.forward(STEP, seconds=60)
    row = the_call(hotline)
    assert (row.end_state, row.line) == (EndState.ANSWERED, "desk")
    assert row.waited_ms is not None
    assert row.waited_ms >= 2000
    assert row.talked_ms == pytest.approx(14_000, abs=1500)
    assert recorded(hotline)
    good(hotline)


def test_the_operator_hangs_up(hotline: Hotline, staff: Staff) -> None:
    ready(hotline, staff.operator)
    call = hotline.phone(CALLER).calls(says=STORY)
    answer(hotline, staff.operator)
    hotline.forward(STEP, seconds=20)
    assert call.state in SPEAKS
    key = the_call(hotline).id
    transaction(lambda session: service.hang_up(session, staff.operator, key, now=hotline.now))
    hotline.settle()
    assert call.state == "ended"
    hotline.settle()
    assert the_call(hotline).end_state is EndState.ANSWERED
    assert seat(hotline, staff.operator) is PresenceState.WRAP_UP


def browser(hotline: Hotline, actor: Actor) -> SimCall:
    """Return the line in somebody's browser."""
    return hotline.carrier.phone(f"client:operator-{actor.id}").calls[-1]


@full_only
def test_a_lost_browser_puts_the_caller_in_front_of_all(hotline: Hotline, staff: Staff) -> None:
    ready(hotline, staff.operator)
    call = hotline.phone(CALLER).calls(says=STORY, patience=300)
    answer(hotline, staff.operator)
    hotline.forward(STEP, seconds=10)
    others = [hotline.phone(f"+861380000000{n}").calls(patience=300) for n in (2, 3)]
    browser(hotline, staff.operator).hang_up()
    hotline.forward(STEP, seconds=10)
    assert any("线路中断" in words for words in call.heard)
    assert the_first(hotline).state is CallState.QUEUED
    assert seat(hotline, staff.operator) is PresenceState.AWAY
    ready(hotline, staff.second_operator)
    answer(hotline, staff.second_operator)
    assert call.bridged_to == f"client:operator-{staff.second_operator.id}"
    assert [other.state for other in others] == ["queued", "queued"]
    hotline.forward(STEP, seconds=20)
    call.hang_up()
    hotline.settle()
    row = the_first(hotline)
    assert (row.end_state, row.staff_id) == (EndState.ANSWERED, staff.second_operator.id)
    assert seat(hotline, staff.second_operator) is PresenceState.WRAP_UP
    good(hotline)


def the_first(hotline: Hotline) -> Call:
    """Return the call that came first."""
    return hotline.session.scalars(select(Call).order_by(Call.id).limit(1)).one()


def test_who_puts_the_receiver_down_has_ended_the_call(hotline: Hotline, staff: Staff) -> None:
    ready(hotline, staff.operator, "desk")
    call = hotline.phone(CALLER).calls(says=STORY)
    hotline.forward(seconds=20)
    hotline.carrier.phone(DESK_PHONE).calls[-1].hang_up()
    hotline.settle()
    assert "感谢您的来电" in call.heard[-1]
    assert (call.state, the_call(hotline).end_state) == ("ended", EndState.ANSWERED)
    assert seat(hotline, staff.operator) is PresenceState.WRAP_UP
    good(hotline)


def test_a_desk_telephone_that_nobody_takes_up(hotline: Hotline, staff: Staff) -> None:
    hotline.carrier.phone(DESK_PHONE).answers = False
    ready(hotline, staff.operator, "desk")
    call = waits(hotline, CALLER, 120, says=STORY)
    hotline.forward(STEP, seconds=30)
    assert seat(hotline, staff.operator) is PresenceState.AWAY
    assert the_call(hotline).state is CallState.QUEUED
    ready(hotline, staff.second_operator)
    answer(hotline, staff.second_operator)
    assert call.state in SPEAKS
    good(hotline)


@pytest.mark.parametrize(
    ("patience", "end"), [(4, EndState.ABANDONED_SHORT), (40, EndState.ABANDONED_QUEUE)]
)
def test_a_caller_who_gives_up(hotline: Hotline, patience: int, end: EndState) -> None:
    waits(hotline, CALLER, patience)
    hotline.forward(STEP, seconds=patience + 5)
    row = the_call(hotline)
    assert row.end_state is end
    assert row.waited_ms == pytest.approx(patience * 1000, abs=1500)
    debt = hotline.session.scalars(select(Callback)).one()
    assert (debt.state, debt.reason) == (CallbackState.OPEN, end)
    good(hotline)


def test_a_message_is_left(hotline: Hotline) -> None:
    call = hotline.phone(CALLER).calls(says=STORY[:1], presses={"按1留言": "1"}, patience=300)
    hotline.forward(STEP, seconds=90)
    assert call.state == "ended"
    row = the_call(hotline)
    assert row.end_state is EndState.VOICEMAIL
    assert recorded(hotline)
    good(hotline)


def test_a_call_back_is_asked_for(hotline: Hotline) -> None:
    call = hotline.phone(CALLER).calls(presses={"按2": "2"}, patience=300)
    hotline.forward(STEP, seconds=60)
    assert call.state == "ended"
    assert the_call(hotline).end_state is EndState.CALLBACK_REQUESTED
    good(hotline)


def test_english_is_chosen_with_a_key_and_spoken_from_then_on(hotline: Hotline) -> None:
    keys = {"For English": "8", "press 2": "2"}
    call = hotline.phone(CALLER).calls(presses=keys, patience=300)
    hotline.forward(STEP, seconds=60)
    assert any("Please keep waiting" in words for words in call.heard)
    assert "We will call you" in call.heard[-1]
    row = the_call(hotline)
    assert (row.language, row.end_state) == ("en", EndState.CALLBACK_REQUESTED)
    good(hotline)


def test_a_prompt_that_was_recorded_is_played(hotline: Hotline, tmp_path: Path) -> None:
    (tmp_path / "mn").mkdir()
    (tmp_path / "mn" / "choices.mp3").write_bytes(b"ID3 demo")
    prompts.use(tmp_path)
    try:
        call = hotline.phone(CALLER).calls(presses={"按9": "9"}, patience=20)
        hotline.forward(STEP, seconds=30)
        with hotline.client.get("/prompts/mn/choices") as played:
            assert (played.data, played.mimetype) == (b"ID3 demo", "audio/mpeg")
        assert hotline.client.get("/prompts/mn/greeting").status_code == 404
    finally:
        prompts.use(None)
    assert any("/prompts/mn/choices" in words for words in call.heard)
    good(hotline)


def test_who_waits_ten_minutes_is_asked_for_a_message(hotline: Hotline) -> None:
    call = hotline.phone(CALLER).calls(says=STORY[:1], patience=3600)
    hotline.forward(6 * STEP, seconds=720)
    assert any("请在提示音后留言" in words for words in call.heard)
    assert the_call(hotline).end_state is EndState.VOICEMAIL
    good(hotline)


def test_a_hidden_number_is_taken_too(hotline: Hotline) -> None:
    waits(hotline, "anonymous", 20)
    hotline.forward(STEP, seconds=30)
    assert the_call(hotline).end_state is EndState.ABANDONED_QUEUE
    debt = hotline.session.scalars(select(Callback)).one()
    assert debt.state is CallbackState.CLOSED_NO_NUMBER


@full_only
def test_an_unsigned_call_leaves_no_trace(hotline: Hotline) -> None:
    for path in ("voice", "voice/fallback", "status", "wait", "queue", "voicemail", "desk/1"):
        form = {"CallSid": "CA1", "From": CALLER, "AccountSid": hotline.settings.twilio_account_sid}
        response = hotline.client.post(f"/phone/{path}", data=form)
        assert response.status_code == 403, path
    assert hotline.session.scalars(select(Call)).all() == []


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(count(1, 10)))
def test_a_disordered_carrier_changes_nothing(hotline: Hotline, staff: Staff, seed: int) -> None:
    faults: Faults = hotline.carrier.faults
    faults.seed, faults.duplicate, faults.reorder, faults.bad_signature = seed, 0.3, 0.3, 0.1
    ready(hotline, staff.operator)
    chance = random.Random(seed)
    made = [_someone_calls(hotline, number, chance) for number in range(5)]
    for _ in range(16):
        ringing = queries.for_operator(hotline.session, staff.operator.id or 0)
        if ringing is not None and ringing.state is CallState.OFFERED:
            answer(hotline, staff.operator)
        hotline.forward(STEP, seconds=10)
        _wrap_up(hotline, staff.operator)
    rows = hotline.session.scalars(select(Call)).all()
    assert {row.provider_sid for row in rows} == {call.sid for call in made}
    assert all(row.end_state is not None for row in rows)
    since = min(row.received_at for row in rows)
    counted = queries.identity(hotline.session, since, hotline.now)
    assert counted.holds
    assert (counted.inbound, counted.in_progress) == (len(made), 0)
    missed = [row.id for row in rows if row.end_state is not EndState.ANSWERED]
    owed = hotline.session.scalars(select(CallbackCall.call_id)).all()
    assert sorted(owed) == sorted(missed)
    truth = {call.sid for call in made if call.bridged_to}
    assert {r.provider_sid for r in rows if r.end_state is EndState.ANSWERED} == truth


def _someone_calls(hotline: Hotline, number: int, chance: random.Random) -> SimCall:
    keys = chance.choice([{}, {}, {"按1留言": "1"}, {"按2": "2"}])
    who, patience = f"+861380000{number:04d}", chance.uniform(2, 90)
    call = waits(hotline, who, patience, says=STORY[:1], presses=keys, stays=5)
    hotline.forward(STEP, seconds=chance.uniform(1, 10))
    return call


def _wrap_up(hotline: Hotline, actor: Actor) -> None:
    def work(session: Session) -> None:
        for call in queries.to_wrap_up(session, actor.id or 0):
            service.dispose(session, actor, call.id, "thanks", now=hotline.now)

    transaction(work)
    hotline.settle()


@full_only
def test_the_fallback_needs_no_database(
    hotline: Hotline, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hotline.core.errors import Unavailable
    from hotline.phone import telling

    def no_database(_work: object) -> None:
        raise Unavailable

    with monkeypatch.context() as broken:
        broken.setattr(telling, "transaction", no_database)
        call = hotline.carrier.call(CALLER, says=STORY[:1])
        hotline.carrier.advance(60)
        assert any("系统暂时繁忙" in words for words in call.heard)
        assert call.state == "ended"
        assert hotline.session.scalars(select(Call)).all() == []
        failed = [entry for entry in hotline.carrier.journal if entry.status == 503]
        assert [entry.kind for entry in failed] == ["voice.inbound"]
        assert all(entry.body.startswith("<?xml") for entry in failed)
    hotline.settle()
    row = the_call(hotline)
    assert row.end_state is EndState.VOICEMAIL
    assert recorded(hotline)
    assert hotline.session.scalars(select(Callback)).one().state is CallbackState.OPEN
