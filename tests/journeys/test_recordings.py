"""Recordings through the real doors: told of by the carrier, ours, heard, and heeded."""

import datetime as dt
import io
import wave

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.core.db import transaction
from hotline.messages import desk
from hotline.recordings import service, storage
from hotline.recordings.models import Recording
from hotline.recordings.states import Kind, RecordingState
from tests.harness import Hotline
from tests.journeys.test_calls import STORY, answer, ready
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
