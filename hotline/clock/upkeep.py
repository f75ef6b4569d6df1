"""What the clock does for itself: a sign of life, and putting away what counts no more."""

import datetime as dt
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from hotline.core import attempts, engines, heartbeat
from hotline.core.db import Transact, db
from hotline.core.heartbeat import Heartbeat

KEPT: Final = dt.timedelta(days=1)


def beat(transact: Transact, name: str, *, now: dt.datetime) -> None:
    """Write that the clock *name* lives, and forget clocks that died a day ago.

    Readiness is judged by this row: it is written by a job, so it stops when jobs do.
    """

    def work(session: Session) -> None:
        heartbeat.beat(session, name, now=now)
        session.execute(delete(Heartbeat).where(Heartbeat.at < now - KEPT))

    transact(work)


def forget_attempts(transact: Transact, *, now: dt.datetime) -> None:
    """Delete the tries that no limit counts any more."""
    transact(lambda session: attempts.forget(session, now=now))


def checkpoint() -> None:
    """Let SQLite's log not grow; PostgreSQL sees to its own."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        engines.checkpoint(connection)
