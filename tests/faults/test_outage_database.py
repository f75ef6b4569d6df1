"""Callers while the database is gone: they leave a message, and it is entered once, later."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.app import create_app
from hotline.callbacks.models import CallbackCall
from hotline.calls import jobs, spool
from hotline.calls.models import Call
from hotline.calls.recorded import CallRecording
from hotline.calls.states import EndState
from hotline.core import engines
from hotline.core.db import db, transaction
from hotline.core.inbox import InboxEvent
from tests.conftest import settings
from tests.databases import _administer
from tests.faults.processes import ROOT, environment
from tests.harness import Hotline

CALLERS = [f"+861380000001{n}" for n in range(3)]
Break = Callable[[], AbstractContextManager[None]]
#: A clock that is killed when the first event is entered and its file is not yet gone.
DRAINER = """
import os, pathlib, signal, sys
from hotline.app import create_app
from hotline.calls import jobs
from hotline.core.db import transaction
app = create_app()
pathlib.Path.unlink = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
with app.app_context():
    jobs.drain_spool(transaction, pathlib.Path(sys.argv[1]))
"""


@pytest.fixture
def breaks(app: Flask, engine_name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Break]:
    """Return how the database of this test goes away: refused by its server, or locked."""
    kept = engines.SQLITE_PRAGMAS
    quick = tuple(p if "busy" not in p else "busy_timeout=20" for p in kept)
    monkeypatch.setattr(engines, "SQLITE_PRAGMAS", quick)
    yield refused if engine_name == "postgresql" else locked
    db.session.remove()
    db.engine.dispose()


@contextmanager
def refused() -> Iterator[None]:
    """Let PostgreSQL refuse every connection."""
    name = db.engine.url.database
    db.session.remove()
    db.engine.dispose()
    _administer(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    yield
    _administer(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@contextmanager
def locked() -> Iterator[None]:
    """Let another process have the SQLite file for itself."""
    db.session.remove()
    db.engine.dispose()
    with closing(sqlite3.connect(db.engine.url.database or "")) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.rollback()


@contextmanager
def overwritten() -> Iterator[None]:
    """Let the SQLite file hold something else for a while."""
    db.session.remove()
    db.engine.dispose()
    path = Path(db.engine.url.database or "")
    aside = path.with_suffix(".aside")
    path.rename(aside)
    path.write_bytes(b"no database at all" * 100)
    yield
    db.session.remove()
    db.engine.dispose()
    aside.replace(path)


def leave_messages(hotline: Hotline) -> None:
    """Let everybody call and speak while no job of ours works."""
    for number in CALLERS:
        hotline.carrier.call(number, says=["老板拖欠我三个月工资"])
        hotline.carrier.advance(5)
    hotline.carrier.advance(60)


def all_entered_once(session: Session) -> None:
    session.rollback()
    rows = session.scalars(select(Call)).all()
    assert sorted(row.raw_from for row in rows) == CALLERS
    assert {row.end_state for row in rows} == {EndState.VOICEMAIL}
    kept = session.scalars(select(CallRecording.call_id)).all()
    assert sorted(kept) == sorted(row.id for row in rows)
    owed = session.scalars(select(CallbackCall.call_id)).all()
    assert sorted(owed) == sorted(row.id for row in rows)


def test_callers_leave_messages_while_the_database_is_gone(
    hotline: Hotline, breaks: Break, app: Flask
) -> None:
    with breaks():
        leave_messages(hotline)
    legs = hotline.carrier.exchange.legs.values()
    assert all("留言" in "".join(leg.heard) for leg in legs)
    kept = Path(app.instance_path) / "spool"
    assert len(spool.waiting(kept)) >= 3 * len(CALLERS)
    for _ in range(2):
        hotline.forward(seconds=30)
        all_entered_once(hotline.session)
        assert spool.waiting(kept) == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_file_that_is_no_database_costs_nobody_their_message(
    hotline: Hotline, breaks: Break
) -> None:
    with overwritten():
        leave_messages(hotline)
    hotline.forward(seconds=30)
    all_entered_once(hotline.session)


def test_a_server_that_starts_without_its_database_still_takes_messages(
    tmp_path: Path, hotline: Hotline
) -> None:
    nowhere = create_app(settings("postgresql+psycopg://nobody@127.0.0.1:9/nothing"))
    nowhere.instance_path = hotline.app.instance_path
    working, hotline.client = hotline.client, nowhere.test_client()
    leave_messages(hotline)
    hotline.client = working
    hotline.forward(seconds=30)
    all_entered_once(hotline.session)


def test_a_clock_killed_while_it_drains_loses_and_doubles_nothing(
    hotline: Hotline, breaks: Break, app: Flask
) -> None:
    with breaks():
        leave_messages(hotline)
    folder = Path(app.instance_path) / "spool"
    before = len(spool.waiting(folder))
    db.session.remove()
    ended = subprocess.run(
        [sys.executable, "-c", DRAINER, folder],
        cwd=ROOT,
        env=environment(app),
        check=False,
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL
    assert len(spool.waiting(folder)) == before
    entered = select(func.count()).select_from(InboxEvent)
    assert hotline.session.scalar(entered) == 1
    db.session.rollback()
    assert jobs.drain_spool(transaction, folder) == before
    assert hotline.session.scalar(entered) == before
    hotline.settle()
    all_entered_once(hotline.session)
