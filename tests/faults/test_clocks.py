"""Clocks as processes: one may be killed at any moment, and each thing still happens once."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.heartbeat import Heartbeat
from hotline.core.time import utcnow
from hotline.messages.models import DeskNotice
from hotline.sla.models import Escalation
from hotline.tickets.models import Ticket
from tests import matters
from tests.people import Staff

ROOT = Path(__file__).parents[2]
TICKETS = 40
CLOCKS = 3
LONG_AGO = dt.timedelta(days=40)  # three rungs, whatever holidays lie between

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(app: Flask) -> Iterator[Start]:
    """Start `flask clock` against the test's database."""
    settings = app.extensions["hotline"].settings
    environment = {
        **os.environ,
        "HOTLINE_ENV": "test",
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "DATA_KEYS": settings.data_keys.get_secret_value(),
        "CARRIER": "simulator",
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.auth_tokens[0],
        "TWILIO_API_URL": "http://127.0.0.1:9",  # nobody listens: the carrier is down
        "LOG_LEVEL": "error",
    }
    running: list[subprocess.Popen[bytes]] = []

    def begin() -> "subprocess.Popen[bytes]":
        running.append(
            subprocess.Popen(
                [Path(sys.executable).with_name("flask"), "clock"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        )
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def counted(session: Session, table: type) -> int:
    session.rollback()
    found = session.scalar(select(func.count()).select_from(table)) or 0
    session.rollback()
    return found


def late_tickets(session: Session, staff: Staff) -> None:
    """Make tickets that came to the first three rungs while no clock ran."""
    for _ in range(TICKETS):
        matters.received(now=utcnow() - LONG_AGO)


def test_of_several_clocks_one_is_killed_and_each_rung_still_hears_once(
    session: Session, staff: Staff, start: Start
) -> None:
    late_tickets(session, staff)
    clocks = [start() for _ in range(CLOCKS)]
    wait_until(lambda: counted(session, Escalation) > 0)
    clocks[0].kill()
    expected = expected_rungs(session)
    assert expected >= TICKETS * 2
    wait_until(lambda: counted(session, Escalation) == expected)
    time.sleep(1)
    assert counted(session, Escalation) == expected
    twice = session.execute(
        select(DeskNotice.ticket_id)
        .where(DeskNotice.kind == "escalation")
        .group_by(DeskNotice.ticket_id, DeskNotice.staff_id, DeskNotice.text, DeskNotice.purpose)
        .having(func.count() > 1)
    ).all()
    assert not twice
    assert set(session.scalars(select(Ticket.escalation_level))) == {expected // TICKETS}


def expected_rungs(session: Session) -> int:
    """Return how many rungs the tickets have come to by now, by the ladder's own rule."""
    from hotline.core.language import zone
    from hotline.deadlines.queries import calendar
    from hotline.sla.jobs import ladder
    from hotline.sla.ladder import reached_at

    now = utcnow()
    rungs = [rung for rung in ladder(session) if rung.urgency == "normal"]
    return sum(
        reached_at(rung, due_at, calendar(session), zone()) <= now
        for due_at in session.scalars(select(Ticket.due_at))
        for rung in rungs
    )


def test_sigterm_stops_a_clock_cleanly(session: Session, start: Start) -> None:
    clock = start()
    wait_until(lambda: counted(session, Heartbeat) > 0)
    clock.send_signal(signal.SIGTERM)
    output, _ = clock.communicate(timeout=10)
    assert clock.returncode == 0
    assert b"Traceback" not in output
