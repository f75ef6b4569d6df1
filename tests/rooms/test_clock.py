"""The clock against a database: every job runs on both engines, and leaves a sign of life."""

import datetime as dt
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.clock import upkeep
from hotline.clock.schedule import JOBS, Job, Round
from hotline.core import heartbeat
from hotline.core.db import db, transaction
from hotline.core.heartbeat import Heartbeat
from tests import matters
from tests.matters import MONDAY
from tests.people import Staff


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_of_the_schedule_runs(app: Flask, job: Job) -> None:
    job.run(Round.of(app))


def test_a_clock_is_heard_from_and_the_dead_are_forgotten(session: Session) -> None:
    upkeep.beat(transaction, "one:1", now=MONDAY)
    upkeep.beat(transaction, "two:2", now=MONDAY + dt.timedelta(days=2))
    assert heartbeat.last_heard(session) == MONDAY + dt.timedelta(days=2)
    assert list(session.scalars(select(Heartbeat.name))) == ["two:2"]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_checkpoint_moves_the_log_into_the_database(
    session: Session, staff: Staff, tmp_path: Path
) -> None:
    upkeep.checkpoint()  # an earlier test's rows may still stand in the file
    matters.received()
    session.rollback()
    assert tickets_without_the_log(tmp_path) == 0
    upkeep.checkpoint()
    assert tickets_without_the_log(tmp_path) == 1


def tickets_without_the_log(folder: Path) -> int:
    """Count the tickets in the database file alone, as a copy without its log shows them.

    Another process copies it: to open the file here would drop SQLite's locks on it.
    """
    copy = folder / "copy.db"
    subprocess.run(["cp", str(db.engine.url.database), copy], check=True)
    with closing(sqlite3.connect(copy)) as connection:
        return int(connection.execute("SELECT count(*) FROM ticket").fetchone()[0])
