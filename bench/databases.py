"""Databases of a benchmark: fresh ones on both engines, gone when it ends."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from hotline.core.engines import SQLITE_PRAGMAS

SERVER: Final = os.environ.get(
    "TEST_DATABASE_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)
ALONE: Final = "wal_autocheckpoint=0"  # as the hotline has it where SQLite is old
INBOUND: Final = "CREATE TABLE inbound (sid TEXT, sender TEXT, body TEXT, at TEXT)"
IDLE: Final = {
    "postgresql": ("VACUUM ANALYZE", "CHECKPOINT"),
    "sqlite": ("PRAGMA wal_checkpoint(TRUNCATE)",),
}


@dataclass(frozen=True)
class Database:
    """One empty database of an engine."""

    engine: str
    url: str

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """Give a connection that commits each statement."""
        engine = sa.create_engine(self.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    def ask(self, query: str) -> Any:
        """Return the one value that *query* asks for."""
        with self.connect() as connection:
            return connection.exec_driver_sql(query).scalar()

    def tables(self) -> list[str]:
        """Return the names of its tables."""
        with self.connect() as connection:
            return sa.inspect(connection).get_table_names()

    def rest(self) -> None:
        """Do what the engine would do in an idle minute, so that no round pays for another."""
        with self.connect() as connection:
            for statement in IDLE[self.engine]:
                connection.exec_driver_sql(statement)

    def floor(self) -> dict[str, str]:
        """Make the bare view's table; return the settings the bare server needs."""
        address = sa.make_url(self.url)
        if self.engine == "postgresql":
            with self.connect() as connection:
                connection.exec_driver_sql(_with_key(INBOUND, "BIGSERIAL"))
            plain = address.set(drivername="postgresql")
            return {"FLOOR_DATABASE": plain.render_as_string(hide_password=False)}
        with self.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql(_with_key(INBOUND, "INTEGER"))
        pragmas = ", ".join(f'"{pragma}"' for pragma in (*SQLITE_PRAGMAS, ALONE))
        return {"FLOOR_DATABASE": str(address.database), "FLOOR_PRAGMAS": f"[{pragmas}]"}


def _with_key(table: str, kind: str) -> str:
    return table.replace("(sid", f"(id {kind} PRIMARY KEY, sid")


class Cluster:
    """Where databases are made, and unmade at the end."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="hotline-bench-"))
        self._made: list[str] = []

    def new(self, engine: str, name: str) -> Database:
        """Return an empty database."""
        if engine == "sqlite":
            return Database(engine, f"sqlite:///{self._folder / name}.db")
        name = f"hotline_bench_{os.getpid()}_{name}"
        self._administer(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C.UTF-8'")
        self._made.append(name)
        address = sa.make_url(SERVER).set(database=name)
        return Database(engine, address.render_as_string(hide_password=False))

    def engines(self) -> list[str]:
        """Return the engines that answer here."""
        try:
            self._administer("SELECT 1")
        except sa.exc.OperationalError:
            return ["sqlite"]
        return ["postgresql", "sqlite"]

    def remove(self, database: Database) -> None:
        """Take one database away again: large ones are many gigabytes."""
        name = str(sa.make_url(database.url).database)
        if database.engine == "postgresql":
            self._administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            return
        for file in Path(name).parent.glob(f"{Path(name).name}*"):
            file.unlink()

    def close(self) -> None:
        """Leave nothing behind."""
        for name in self._made:
            self._administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _administer(self, statement: str) -> None:
        with Database("postgresql", SERVER).connect() as connection:
            connection.exec_driver_sql(statement)
