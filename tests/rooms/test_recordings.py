"""Recordings: ours before the carrier's copy goes, heard with a reason, erased in time."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid, NotFound
from hotline.core.roles import Actor
from hotline.messages import failpoints
from hotline.recordings import jobs, service, storage
from hotline.recordings.models import Listening, Recording
from hotline.recordings.retention import Retention
from hotline.recordings.states import RecordingState
from hotline.telephony.port import CarrierBusy
from hotline.tickets.models import DemandType, Ticket
from tests import matters
from tests.people import Staff
from tests.rooms.shelf import DAY, SOUND, Room
from tests.rooms.telling import CALLER, NOW, the_call

S = RecordingState


class Killed(BaseException):
    """The process died here."""


@pytest.fixture
def matter(session: Session) -> Ticket:
    """A ticket that the call may have led to."""
    ticket_id, _ = matters.received()
    return session.get_one(Ticket, ticket_id)


@pytest.fixture
def room(session: Session, tmp_path: Path) -> Room:
    """An empty room."""
    return Room(session, tmp_path / "recordings")


def test_a_recording_is_fetched_and_then_deleted_at_the_carrier(room: Room) -> None:
    room.told()
    assert (room.row.state, room.row.last_day) == (S.DUE, dt.date(2028, 11, 21))
    room.tend()
    row = room.row
    assert (row.state, row.size, row.attempts) == (S.KEPT, len(SOUND), 2)
    assert row.sha256 == hashlib.sha256(SOUND).digest()
    assert room.sound() == SOUND
    assert room.carrier.deleted == ["RE1"]
    assert room.acts() == ["recording.taken_over"]
    assert room.tend() == 0


def test_a_recording_is_owed_once_however_often_it_is_told_of(room: Room) -> None:
    room.told()
    room.told()
    room.tend()
    room.told()
    assert room.row.state is S.KEPT


def dies_at(room: Room, monkeypatch: pytest.MonkeyPatch, window: str) -> None:
    """Let a clock die at one point of its work."""

    def die(name: str) -> None:
        if name == window:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(failpoints, "reach", die)
        with pytest.raises(Killed):
            room.tend()


@pytest.mark.parametrize(
    ("window", "left", "deleted"),
    [("R1", S.DUE, []), ("R2", S.STORED, []), ("R3", S.STORED, ["RE1"])],
)
def test_a_clock_that_dies_loses_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch, window: str, left: S, deleted: list[str]
) -> None:
    room.told()
    dies_at(room, monkeypatch, window)
    assert (room.row.state, room.carrier.deleted) == (left, deleted)
    assert room.tend(later=dt.timedelta(minutes=1), owner="two") == 0  # the lease still holds
    room.tend(owner="two")
    row = room.row
    assert (row.state, row.due_at, row.lease_until) == (S.KEPT, None, None)
    assert room.sound() == SOUND
    assert room.files == [row.file]
    assert "RE1" not in room.carrier.sounds
    assert room.acts() == ["recording.taken_over"]


@pytest.mark.parametrize("damage", ["altered", "missing"])
def test_the_carriers_copy_stays_while_ours_does_not_read_back(
    room: Room, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    room.told()
    dies_at(room, monkeypatch, "R2")
    path = room.folder / (room.row.file or "")
    raw = path.read_bytes()
    path.unlink()
    if damage == "altered":
        path.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    room.tend()
    assert room.row.state is S.KEPT
    assert room.sound() == SOUND
    assert room.files == [room.row.file]


def test_a_clock_that_was_overtaken_leaves_nothing_behind(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.told()
    real = storage.store

    def slow(*given: object) -> storage.Copy:
        monkeypatch.setattr(storage, "store", real)
        done = real(*given)  # type: ignore[arg-type]
        room.tend(owner="two")  # while the first one slept
        return done

    monkeypatch.setattr(storage, "store", slow)
    room.tend(owner="one")
    assert room.row.owner == "two"
    assert room.files == [room.row.file]
    assert room.sound() == SOUND


@pytest.mark.parametrize("fault", [CarrierBusy(), OSError("the disk is full")])
def test_what_cannot_be_fetched_now_is_fetched_later(room: Room, fault: Exception) -> None:
    room.told()
    room.carrier.fault = fault
    for _ in range(40):
        room.tend()
    assert (room.row.state, room.row.fault) == (S.DUE, type(fault).__name__)
    room.carrier.fault = None
    room.tend()
    assert (room.row.state, room.row.fault) == (S.KEPT, None)


def test_what_the_carrier_has_not_for_a_day_is_lost_and_said_so(room: Room) -> None:
    room.carrier.sounds.clear()
    room.told()
    for _ in range(24):
        room.tend()
    assert room.row.state is S.DUE
    room.tend()
    row = room.row
    assert (row.state, row.fault, row.due_at) == (S.LOST, "404", None)
    assert room.acts() == ["recording.lose"]


def expire(room: Room, days: int) -> None:
    """Let the retention job run so many days after the recording."""
    room.now = NOW + days * DAY
    jobs.expire(transaction, now=room.now)
    room.tend(later=dt.timedelta())


def test_a_recording_goes_on_the_day_after_its_last(room: Room) -> None:
    room.told()
    room.tend()
    expire(room, 730)
    assert room.row.state is S.KEPT
    expire(room, 731)
    row = room.row
    assert (row.state, row.file, row.transcript, room.files) == (S.ERASED, None, None, [])
    assert row.erased_at is not None
    assert room.acts() == ["recording.taken_over", "recording.erase"]


def test_a_clock_that_dies_while_it_erases_erases_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.told()
    room.tend()

    room.now = NOW + 731 * DAY
    jobs.expire(transaction, now=room.now)
    dies_at(room, monkeypatch, "R4")
    assert (room.row.state, room.files) == (S.ERASING, [])
    room.tend(owner="two")
    assert room.row.state is S.ERASED


def test_a_complaint_is_kept_five_years(room: Room, session: Session, matter: Ticket) -> None:
    room.told()
    room.tend()
    the_call(session).ticket_id = matter.id
    session.get_one(Ticket, matter.id).demand_type = DemandType.COMPLAINT
    session.commit()
    expire(room, 731)
    assert (room.row.state, room.row.retention) == (S.KEPT, Retention.GRAVE)
    assert room.row.last_day == dt.date(2031, 11, 21)
    expire(room, 5 * 365 + 1)
    assert room.row.state is S.ERASED


def test_what_a_court_needs_stays(room: Room, staff: Staff) -> None:
    room.told()
    room.tend()
    key = room.row.id

    def hold(actor: Actor, *, held: bool, reason: str = "法院调取") -> None:
        def work(session: Session) -> None:
            service.hold(session, actor, key, reason, held=held, now=room.now)

        transaction(work)

    with pytest.raises(Forbidden):
        hold(staff.operator, held=True)
    with pytest.raises(Invalid):
        hold(staff.supervisor, held=True, reason=" ")
    hold(staff.supervisor, held=True)
    expire(room, 4000)
    assert room.row.state is S.KEPT
    hold(staff.supervisor, held=False)
    expire(room, 4000)
    assert room.row.state is S.ERASED
    with pytest.raises(GuardFailed):
        hold(staff.supervisor, held=True)
    assert room.acts()[1:3] == ["recording.hold", "recording.release"]


def listen(room: Room, actor: Actor, reason: str = "核对诉求", at: str = "here") -> None:
    """Give a reason, as the page does."""
    key = room.row.id
    transaction(
        lambda session: service.listen(session, actor, key, reason, session_id=at, now=room.now)
    )


def heard(room: Room, actor: Actor, *, at: str = "here", begins: bool = True) -> Recording:
    """Ask for the sound, as the player does."""
    key = room.row.id
    return transaction(
        lambda session: service.play(
            session, actor, key, session_id=at, begins=begins, now=room.now
        )
    )


def test_whoever_hears_it_says_why_once_a_session(room: Room, staff: Staff) -> None:
    room.told()
    room.tend()
    with pytest.raises(Forbidden):
        heard(room, staff.operator)
    with pytest.raises(Invalid):
        listen(room, staff.operator, "  ")
    listen(room, staff.operator)
    listen(room, staff.operator, "又一次")
    heard(room, staff.operator)
    heard(room, staff.operator, begins=False)
    heard(room, staff.operator)
    with pytest.raises(Forbidden):
        heard(room, staff.operator, at="another session")
    with pytest.raises(Forbidden):
        heard(room, staff.supervisor)
    assert room.acts()[1:] == ["recording.open", "recording.play", "recording.play"]
    room.session.rollback()
    (why,) = room.session.scalars(select(Listening.reason))
    assert why == "核对诉求"


def test_who_may_not_hear_does_not(room: Room, staff: Staff) -> None:
    room.told()
    room.tend()
    for actor in (staff.handler, staff.surveyor, staff.auditor):
        with pytest.raises(Forbidden):
            listen(room, actor)


def test_a_matter_elsewhere_is_not_heard(
    room: Room, session: Session, staff: Staff, matter: Ticket
) -> None:
    room.told()
    room.tend()
    the_call(session).ticket_id = matter.id
    session.commit()
    listen(room, staff.operator)
    lead = Actor(staff.unit_lead.id, "lead", staff.unit_lead.roles, scope="/1/99/")
    with pytest.raises(NotFound):
        listen(room, lead)


def test_what_is_not_ours_is_not_heard(room: Room, staff: Staff) -> None:
    room.told()
    with pytest.raises(GuardFailed):
        listen(room, staff.operator)


def test_the_words_of_a_message_are_written_down(room: Room, staff: Staff) -> None:
    room.told()
    room.tend()
    listen(room, staff.operator)
    key = room.row.id

    def write(text: str) -> None:
        transaction(
            lambda session: service.write_down(
                session, staff.operator, key, text, session_id="here", now=room.now
            )
        )

    with pytest.raises(Invalid):
        write("")
    write("三个月没发工资")
    assert room.row.transcript == "三个月没发工资"


def test_no_plain_word_and_no_number_lies_on_the_disk(room: Room) -> None:
    speech = b"RIFF" + CALLER.encode() + "三个月没发工资".encode() * 5000
    room.carrier.sounds["RE1"] = speech
    room.told()
    room.tend()
    (path,) = room.folder.iterdir()
    raw = path.read_bytes()
    for plain in (CALLER.encode(), "工资".encode(), speech[:24]):
        assert plain not in raw
        assert plain.decode(errors="ignore") not in path.name
    assert path.stat().st_mode & 0o077 == 0
    assert room.folder.stat().st_mode & 0o077 == 0
