"""How each engine is opened, so that what was acknowledged is on disk.

SQLite runs WAL with `synchronous=FULL`; writes begin IMMEDIATE, one at a time a
process, reads plain. PostgreSQL runs with time limits on every statement and is
refused when it would acknowledge a commit that a power cut can take back.
"""

import fcntl
import sqlite3
import threading
import time
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from hotline.core.errors import Unavailable

log = structlog.get_logger()

RESTS_SINCE: Final = "rests since"
RESTED: Final = 2.0  # seconds unused, after which a connection may have died unnoticed
WAL_RESET_FIXED: Final = (3, 51, 3)  # https://sqlite.org/wal.html#walresetbug
writing: ContextVar[bool] = ContextVar("writing", default=False)
_one_writer = threading.RLock()

SQLITE_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=8000",
    "cache_size=-8000",
    "temp_store=MEMORY",
)
# No query here runs for long; to compile that of a day's many facts (jit) takes ten seconds.
POSTGRESQL_OPTIONS: Final = (
    "-c statement_timeout=15000 -c lock_timeout=5000 -c jit=off"
    " -c idle_in_transaction_session_timeout=30000 -c TimeZone=UTC"
)


def engine_options(url: str) -> dict[str, Any]:
    """Return the pool and driver options for the engine that *url* names."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 8, "check_same_thread": False}}
    return {
        "pool_size": 16,
        "max_overflow": 16,
        "pool_timeout": 8,
        "pool_use_lifo": True,  # the one used last has its statements prepared and its memory warm
        "connect_args": {
            "options": POSTGRESQL_OPTIONS,
            "connect_timeout": 3,
            "application_name": "hotline",
        },
    }


def prepare(engine: Engine) -> None:
    """Give *engine* its profile: durable commits, pragmas and transaction modes."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _refuse_forgetful)
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", _ask_whether_alive)
        return
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def warn_of_old_sqlite(engine: Engine) -> None:
    """Say once, at the start, that this SQLite may be checkpointed by one process alone."""
    if engine.dialect.name == "sqlite" and sqlite3.sqlite_version_info < WAL_RESET_FIXED:
        log.warning("sqlite.old", version=sqlite3.sqlite_version, advice="run one clock")


def _open_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    if sqlite3.sqlite_version_info < WAL_RESET_FIXED:
        # Two processes that checkpoint at once may corrupt the file: the clock does it alone.
        cursor.execute("PRAGMA wal_autocheckpoint=0")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def open_for_reading(session: Session) -> None:
    """Begin a read: on PostgreSQL each of its statements stands by itself.

    READ COMMITTED gives every statement a view of its own anyway. BEGIN and ROLLBACK would be
    two more ways to the server, and with each ROLLBACK psycopg forgets the statements it has
    prepared there. On SQLite a read keeps the one view it began with, and so does a bundle
    of transactions on the connection it has to itself.
    """
    bind = session.get_bind()
    if isinstance(bind, Engine) and bind.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})


def open_snapshot(session: Session) -> None:
    """Begin a transaction whose statements all see the rows of one moment.

    What was entered and what the entry speaks of are then seen together or not at all. On
    SQLite that is so anyway. It is for jobs: who loses a race runs again.
    """
    bind = session.get_bind()
    if isinstance(bind, Engine) and bind.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _note_rest(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info[RESTS_SINCE] = time.monotonic()


def _ask_whether_alive(
    connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Test a connection that has rested; one that was busy a moment ago is taken as it is.

    The pool's own test asks before every use, which under load is a way more per request.

    Raises:
        DisconnectionError: It is dead; the pool opens another.
    """
    since = record.info.get(RESTS_SINCE)
    if since is None or time.monotonic() - since < RESTED:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error


class Writer:
    """Mark what runs inside as a write; on SQLite queue the writers of this process.

    Threads that would otherwise sleep in SQLite's busy handler wait their turn in
    order, which takes the long tail off a write under load.
    """

    def __init__(self, engine: Engine) -> None:
        """Queue only where the engine has one writer."""
        self._queue = engine.dialect.name == "sqlite"

    def __enter__(self) -> None:
        """Take the turn and begin writing."""
        if self._queue:
            _one_writer.acquire()
        self._token = writing.set(True)

    def __exit__(self, *_: object) -> None:
        """Give the turn to the next writer."""
        writing.reset(self._token)
        if self._queue:
            _one_writer.release()


def checkpoint(connection: Connection) -> None:
    """Move SQLite's log into the database; the clock calls it, nobody else.

    Of several clocks one does it at a time, see `WAL_RESET_FIXED`; the others leave it to that one.
    """
    if connection.dialect.name != "sqlite":
        return
    place = Path(f"{connection.engine.url.database}-checkpoint")
    with place.open("w") as turn, suppress(BlockingIOError):
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")


def _refuse_forgetful(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Refuse a PostgreSQL that acknowledges what a power cut can take back."""
    cursor = connection.cursor()
    cursor.execute(
        "SELECT name FROM pg_settings WHERE setting = 'off'"
        " AND name IN ('synchronous_commit', 'fsync', 'full_page_writes')"
    )
    off = [row[0] for row in cursor.fetchall()]
    cursor.close()
    connection.rollback()
    if off:
        raise Unavailable(f"PostgreSQL: {', '.join(off)} is off; switch it on.")
