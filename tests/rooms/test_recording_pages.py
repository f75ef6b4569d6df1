"""The player: a reason first, then any part of the sound, and nothing that keeps it."""

from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.audit import AuditEntry
from hotline.core.sealed_file import PIECE
from tests.people import Staff
from tests.rooms.browsing import Browser, Browsers
from tests.rooms.shelf import Room

SOUND = bytes(33 + n * 7 % 89 for n in range(2 * PIECE + 777))  # letters: the browser reads text
SIZE = len(SOUND)


@pytest.fixture
def room(app: Flask, session: Session, staff: Staff) -> Room:
    """A room with one kept message."""
    found = Room(session, app.extensions["hotline"].recordings)
    found.carrier.sounds["RE1"] = SOUND
    found.told()
    found.tend()
    return found


@pytest.fixture
def operator(room: Room, browser: Browsers) -> Browser:
    """An operator at a browser."""
    found = browser()
    found.signs_in("operator")
    return found


def place(room: Room) -> str:
    return f"/recordings/{room.row.id}"


def opened(room: Room, browser: Browser) -> Browser:
    """Give a reason."""
    page = browser.post(f"{place(room)}/listen", reason="核对诉求", headers={"HX-Request": "true"})
    assert "<audio" in page.get_data(as_text=True)
    return browser


def acts(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("recording.%"))))


def test_the_call_asks_for_a_reason_before_it_plays(room: Room, operator: Browser) -> None:
    call = f"/calls/{room.row.call_id}"
    page = operator.get(call).get_data(as_text=True)
    assert "收听原因" in page
    assert "<audio" not in page
    assert operator.get(f"{place(room)}/sound").status_code == 403
    assert operator.post(f"{place(room)}/listen", reason=" ").status_code == 422
    assert operator.post(f"{place(room)}/listen", reason="核对诉求").status_code == 303
    page = operator.get(call).get_data(as_text=True)
    assert "<audio" in page
    assert "nodownload" in page
    assert "download=" not in page


def test_the_sound_comes_whole_and_is_kept_nowhere(
    room: Room, operator: Browser, session: Session
) -> None:
    answer = opened(room, operator).get(f"{place(room)}/sound")
    assert (answer.status_code, answer.data) == (200, SOUND)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "audio/wav"
    assert acts(session) == ["recording.taken_over", "recording.open", "recording.play"]


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(start=st.integers(0, SIZE - 1), length=st.integers(1, SIZE))
def test_any_range_is_the_slice(room: Room, operator: Browser, start: int, length: int) -> None:
    opened(room, operator)
    for last in (str(start + length - 1), ""):
        wanted = SOUND[start : start + length] if last else SOUND[start:]
        answer = operator.get(f"{place(room)}/sound", headers={"Range": f"bytes={start}-{last}"})
        assert (answer.status_code, answer.data) == (206, wanted)
        assert answer.headers["Content-Range"] == (
            f"bytes {start}-{start + len(wanted) - 1}/{SIZE}"
        )
        assert answer.content_length == len(wanted)


def test_the_last_bytes_and_none_at_all(room: Room, operator: Browser) -> None:
    opened(room, operator)
    answer = operator.get(f"{place(room)}/sound", headers={"Range": "bytes=-100"})
    assert (answer.status_code, answer.data) == (206, SOUND[-100:])
    answer = operator.get(f"{place(room)}/sound", headers={"Range": f"bytes={SIZE}-"})
    assert answer.status_code == 416


def test_each_play_is_kept_and_a_look_is_none(
    room: Room, operator: Browser, session: Session
) -> None:
    opened(room, operator)
    for asked in ("bytes=0-1", "bytes=0-", "bytes=5000-", "bytes=-10", "bytes=0-"):
        operator.get(f"{place(room)}/sound", headers={"Range": asked})
    assert acts(session).count("recording.play") == 2


def test_only_a_player_gets_it(room: Room, operator: Browser) -> None:
    opened(room, operator)
    for kind, status in (("document", 403), ("iframe", 403), ("audio", 200)):
        answer = operator.get(f"{place(room)}/sound", headers={"Sec-Fetch-Dest": kind})
        assert answer.status_code == status


def test_another_session_gives_its_own_reason(
    room: Room, operator: Browser, browser: Browsers
) -> None:
    opened(room, operator)
    again = browser()
    again.signs_in("operator")
    assert again.get(f"{place(room)}/sound").status_code == 403


@pytest.mark.parametrize("login", ["handler", "auditor", "surveyor"])
def test_who_may_not_hear_gets_nothing(room: Room, browser: Browsers, login: str) -> None:
    somebody = browser()
    somebody.signs_in(login)
    assert somebody.post(f"{place(room)}/listen", reason="看看").status_code == 403
    assert somebody.get(f"{place(room)}/sound").status_code == 403


def test_a_sound_that_does_not_read_is_no_sound(room: Room, operator: Browser) -> None:
    opened(room, operator)
    (path,) = Path(room.folder).iterdir()
    path.write_bytes(b"")
    assert operator.get(f"{place(room)}/sound").status_code == 503


def test_the_words_of_a_message_and_the_hold_are_on_the_page(
    room: Room, operator: Browser, browser: Browsers
) -> None:
    opened(room, operator)
    page = operator.post(
        f"{place(room)}/words", text="老板拖欠工资", headers={"HX-Request": "true"}
    )
    assert "老板拖欠工资" in page.get_data(as_text=True)
    assert operator.post(f"{place(room)}/hold", held="1", reason="法院调取").status_code == 403
    lead = browser()
    lead.signs_in("supervisor")
    page = lead.post(
        f"{place(room)}/hold", held="1", reason="法院调取", headers={"HX-Request": "true"}
    )
    assert "解除保留" in page.get_data(as_text=True)
    assert room.row.held
