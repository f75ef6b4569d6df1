"""The spool: what was acknowledged while the database was down is entered once it is back."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from hotline.calls import jobs, spool
from hotline.calls.models import Call
from hotline.calls.states import EndState
from hotline.core.errors import Unavailable
from tests.rooms.telling import (
    CALLER,
    MESSAGE,
    at,
    at_once,
    count,
    ended,
    play,
    take,
    the_call,
    told,
)


def test_kept_events_are_entered_as_of_their_moment(session: Session, tmp_path: Path) -> None:
    for event in (
        told("fallback", 0, ErrorCode="11200"),
        told("fallback", 30, **MESSAGE),
        ended(31),
    ):
        spool.keep(tmp_path, event)
    assert jobs.drain_spool(at_once(session), tmp_path) == 3
    call = the_call(session)
    assert (call.end_state, call.received_at, call.ended_at) == (EndState.VOICEMAIL, at(0), at(31))
    assert list(tmp_path.iterdir()) == []


def test_a_second_run_finds_nothing(session: Session, tmp_path: Path) -> None:
    spool.keep(tmp_path, ended(3))
    jobs.drain_spool(at_once(session), tmp_path)
    assert jobs.drain_spool(at_once(session), tmp_path) == 0


def test_what_was_entered_already_has_no_second_effect(session: Session, tmp_path: Path) -> None:
    play(session, told("voice", 0), ended(3))
    spool.keep(tmp_path, ended(3))
    jobs.drain_spool(at_once(session), tmp_path)
    assert count(session, Call) == 1


def test_events_stay_while_the_database_is_down(session: Session, tmp_path: Path) -> None:
    def no_database(_work: object) -> None:
        raise Unavailable

    spool.keep(tmp_path, ended(3))
    assert jobs.drain_spool(no_database, tmp_path) == 0
    assert len(spool.waiting(tmp_path)) == 1


def test_a_spoilt_file_stops_no_other(session: Session, tmp_path: Path) -> None:
    (tmp_path / "0.jsonl").write_bytes(b"not ours")
    spool.keep(tmp_path, ended(3))
    assert jobs.drain_spool(at_once(session), tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["0.refused"]


def test_an_event_nobody_can_enter_is_put_aside(session: Session, tmp_path: Path) -> None:
    spool.keep(tmp_path, told("recording", 3, 77, **MESSAGE))  # an order that never was
    assert jobs.drain_spool(at_once(session), tmp_path) == 0
    assert [path.suffix for path in tmp_path.iterdir()] == [".refused"]


def test_numbers_are_not_readable_on_disk(session: Session, tmp_path: Path) -> None:
    spool.keep(tmp_path, told("fallback", 0))
    (file,) = spool.waiting(tmp_path)
    assert CALLER.encode() not in file.read_bytes()
    assert spool.read(file).form["From"] == CALLER


@pytest.mark.parametrize("route", ["status", "recorded", "voicemail"])
def test_a_spooled_event_is_the_event_itself(session: Session, tmp_path: Path, route: str) -> None:
    event = told(route, 3, CallStatus="completed", **MESSAGE)
    spool.keep(tmp_path, event)
    take(session, spool.read(spool.waiting(tmp_path)[0]))
    take(session, event)
    assert count(session, Call) <= 1
