"""Recordings through the real doors: told of by the carrier, ours, heard, and heeded."""

import datetime as dt
import io
import wave
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.calls import pausing, policy, queries
from hotline.calls import service as calls
from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed
from hotline.core.roles import Actor
from hotline.messages import desk
from hotline.recordings import service, storage
from hotline.recordings.models import Recording
from hotline.recordings.states import Kind, RecordingState
from hotline.staff.presence import Line
from tests.harness import Hotline
from tests.journeys.test_calls import STORY, answer, ready, the_call
from tests.people import LEAD_PHONE, Staff

CALLER = "+8613800000001"
STEP = dt.timedelta(seconds=5)


def recordings(hotline: Hotline) -> list[Recording]:
    return list(hotline.session.scalars(select(Recording).order_by(Recording.id)))


def heard(hotline: Hotline, row: Recording) -> float:
    """Return how many seconds our sealed copy sounds."""
    folder = hotline.app.extensions["hotline"].recordings
    with (
        storage.open_sound(folder, row.file or "", row.id) as file,
        wave.open(io.BytesIO(file.readall())) as sound,
    ):
        return sound.getnframes() / sound.getframerate()


def a_message(hotline: Hotline) -> Recording:
    """Let somebody wait in vain and leave a message."""
    hotline.phone(CALLER).calls(says=STORY[:1], presses={"按1留言": "1"}, patience=300)
    hotline.forward(STEP, seconds=90)
    (row,) = recordings(hotline)
    return row


def test_a_conversation_is_ours_and_no_longer_the_carriers(hotline: Hotline, staff: Staff) -> None:
    ready(hotline, staff.operator)
    hotline.phone(CALLER).calls(says=STORY, stays=5)
    answer(hotline, staff.operator)
    hotline.forward(STEP, seconds=90)
    (row,) = recordings(hotline)
    assert (row.kind, row.state) == (Kind.CONVERSATION, RecordingState.KEPT)
    assert heard(hotline, row) == row.seconds
    assert row.length_ms == row.seconds * 1000
    assert [r.status for r in hotline.carrier.exchange.recordings.values()] == ["deleted"]


def test_a_message_is_ours_and_its_caller_is_owed_a_call(hotline: Hotline) -> None:
    row = a_message(hotline)
    assert (row.kind, row.state) == (Kind.VOICEMAIL, RecordingState.KEPT)
    assert heard(hotline, row) == row.seconds
    (owed,) = hotline.session.scalars(select(Callback))
    assert (owed.call_id, owed.urgent) == (row.call_id, False)


def write_down(hotline: Hotline, staff: Staff, row: Recording, text: str) -> None:
    """Let an operator hear the message and write down what it says."""

    def work(session: Session) -> None:
        given = {"session_id": "here", "now": hotline.now}
        service.listen(session, staff.operator, row.id, "回拨前先听", **given)
        service.write_down(session, staff.operator, row.id, text, **given)

    transaction(work)
    hotline.settle()


def test_words_of_danger_hasten_the_call_and_alarm_the_lead(hotline: Hotline, staff: Staff) -> None:
    row = a_message(hotline)
    write_down(hotline, staff, row, "工资要不到，我不想活了")
    (owed,) = hotline.session.scalars(select(Callback))
    assert owed.urgent
    assert owed.next_due_at is not None
    assert owed.next_due_at - hotline.now <= dt.timedelta(minutes=5)
    hotline.phone(LEAD_PHONE).hears("语音留言")
    for lead in (staff.supervisor, staff.second_supervisor):
        (notice,) = desk.unread(hotline.session, lead.id or 0)
        assert notice.kind == "crisis"
    write_down(hotline, staff, row, "工资要不到，我不想活了。地址在新城区")
    hotline.phone(LEAD_PHONE).hears_nothing()


def test_an_ordinary_message_alarms_nobody(hotline: Hotline, staff: Staff) -> None:
    row = a_message(hotline)
    write_down(hotline, staff, row, "三个月没发工资")
    (owed,) = hotline.session.scalars(select(Callback))
    assert not owed.urgent
    assert desk.unread(hotline.session, staff.supervisor.id or 0) == []


@pytest.mark.parametrize("fault", ["too_many", "server_error", "hang"])
def test_a_carrier_in_trouble_only_delays_it(hotline: Hotline, fault: str) -> None:
    hotline.phone(CALLER).calls(says=STORY[:1], presses={"按1留言": "1"}, patience=300)
    hotline.forward(STEP, seconds=15)
    setattr(hotline.carrier.faults, fault, 1.0)
    hotline.forward(STEP, seconds=120)
    assert [row.state for row in recordings(hotline)] == [RecordingState.DUE]
    setattr(hotline.carrier.faults, fault, 0.0)
    hotline.forward(dt.timedelta(minutes=1), minutes=10)
    assert [row.state for row in recordings(hotline)] == [RecordingState.KEPT]


def talking(hotline: Hotline, staff: Staff) -> int:
    """Let the operator speak with a caller; return the call's id."""
    ready(hotline, staff.operator)
    hotline.phone(CALLER).calls(says=STORY, stays=400)
    answer(hotline, staff.operator)
    return the_call(hotline).id


def click(hotline: Hotline, actor: Actor, call_id: int, *, paused: bool) -> None:
    """Press the key that lets the recording stand still, or go on."""
    change = pausing.pause_recording if paused else pausing.resume_recording
    transaction(lambda session: change(session, actor, call_id, now=hotline.now))
    hotline.settle()


def told_of(hotline: Hotline, call_id: int) -> list[str]:
    """Return what the call's record says of its recording."""
    events = queries.story(hotline.session, call_id)
    return [event.kind for event in events if event.kind.startswith("recording")]


def loud(hotline: Hotline, row: Recording) -> list[bool]:
    """Return for each second of our copy whether anything is heard."""
    folder = hotline.app.extensions["hotline"].recordings
    with (
        storage.open_sound(folder, row.file or "", row.id) as file,
        wave.open(io.BytesIO(file.readall())) as sound,
    ):
        return [any(sound.readframes(sound.getframerate())) for _ in range(row.seconds)]


def test_a_bank_number_is_not_recorded(hotline: Hotline, staff: Staff) -> None:
    call_id = talking(hotline, staff)
    for paused in (True, True, False):
        hotline.forward(STEP, seconds=10)
        click(hotline, staff.operator, call_id, paused=paused)
    hotline.forward(STEP, seconds=10)
    assert told_of(hotline, call_id) == ["recording_paused", "recording_resumed"]
    transaction(lambda session: calls.hang_up(session, staff.operator, call_id, now=hotline.now))
    hotline.forward(STEP, seconds=30)
    (row,) = recordings(hotline)
    heard_in = loud(hotline, row)
    assert heard_in.count(False) == pytest.approx(20, abs=1)
    assert heard_in[0]
    assert heard_in[-1]


def test_a_pause_that_was_forgotten_ends_by_itself(hotline: Hotline, staff: Staff) -> None:
    call_id = talking(hotline, staff)
    click(hotline, staff.operator, call_id, paused=True)
    hotline.forward(dt.timedelta(seconds=30), minutes=4)
    assert told_of(hotline, call_id) == ["recording_paused", "recording_resumed"]
    assert pausing.paused_since(hotline.session, call_id) is None


def test_only_who_speaks_may_pause(hotline: Hotline, staff: Staff) -> None:
    call_id = talking(hotline, staff)
    with pytest.raises(GuardFailed):
        click(hotline, staff.second_operator, call_id, paused=True)
    with pytest.raises(Forbidden):
        click(hotline, staff.handler, call_id, paused=True)
    assert told_of(hotline, call_id) == []


@pytest.fixture
def unrecorded() -> Iterator[None]:
    """Let no line be recorded but the desk's."""
    policy.use(["desk"])
    yield
    policy.use(Line)


@pytest.mark.usefixtures("unrecorded")
def test_a_line_that_is_not_recorded_leaves_no_recording(hotline: Hotline, staff: Staff) -> None:
    call_id = talking(hotline, staff)
    hotline.forward(STEP, seconds=10)
    transaction(lambda session: calls.hang_up(session, staff.operator, call_id, now=hotline.now))
    hotline.forward(STEP, seconds=30)
    assert the_call(hotline).talked_ms
    assert hotline.carrier.exchange.recordings == {}
    assert recordings(hotline) == []
