"""Databases for tests: a template is migrated once a worker and copied for every test."""

import functools
import os
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from flask import Flask

from hotline.core.db import db

SERVER = os.environ.get(
    "TEST_DATABASE_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)
Make = Callable[[str], Flask]


class TestDatabase(Protocol):
    """What `conftest` asks of a database of either engine."""

    def app(self, make: Make) -> Flask:
        """Return the worker's application on this database, made at the first call."""

    def renew(self) -> None:
        """Put the template's contents in place of the last test's."""

    def remove(self) -> None:
        """Leave nothing behind."""


@functools.cache
def postgres_answers() -> bool:
    """Return whether the test server takes connections."""
    try:
        _administer("SELECT 1")
    except sa.exc.OperationalError:
        return False
    return True


def _administer(*statements: str) -> None:
    engine = sa.create_engine(
        SERVER,
        isolation_level="AUTOCOMMIT",
        poolclass=sa.NullPool,
        connect_args={"connect_timeout": 3},
    )
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def _build(app: Flask) -> None:
    """Make the schema and its reference rows by the migrations, as an installation does."""
    from hotline.app import upgrade_database

    with app.app_context():
        upgrade_database()
        db.session.remove()
        db.engine.dispose()


def _let_go(app: Flask | None) -> None:
    """Close the connections an application kept from test to test."""
    if app is not None:
        with app.app_context():
            db.engine.dispose()


def _copy(source: Path, target: Path) -> None:
    """Copy by SQLite's own backup, under which a connection that a thread still holds stays sound.

    Nothing else in a test may open such a file: whoever opens and closes it beside SQLite drops
    all locks of the process on it, and the next process that ends takes the log away from under
    the connections of this one (https://sqlite.org/howtocorrupt.html, section 2.2).
    """
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


class SqliteDatabase:
    """A file, and a copy of it."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        self._live = folder / "live.db"
        self._app: Flask | None = None

    def app(self, make: Make) -> Flask:
        if self._app is None:
            self._app = make(f"sqlite:///{self._live}")
            _build(self._app)
            _copy(self._live, self._template)
        return self._app

    def renew(self) -> None:
        _copy(self._template, self._live)

    def remove(self) -> None:
        _let_go(self._app)


def _sum(name: str) -> str:
    """Write the query of one value that changes when any row of a table does."""
    return f"SELECT md5(string_agg(row::text, ',' ORDER BY row::text)) FROM {name} row"


def _bring_back(name: str, kept: str) -> str:
    """Write the statement that restores reference rows, should a test have changed them.

    Rewriting them each time would leave so many dead rows that every later test is slower.
    """
    return (
        f"DO $$ BEGIN IF ({_sum(name)}) IS DISTINCT FROM '{kept}'"
        f" THEN DELETE FROM {name}; INSERT INTO {name} TABLE kept.{name}; END IF; END $$"
    )


class PostgresDatabase:
    """A database of this worker; between tests its rows go and the reference rows come back."""

    def __init__(self, worker: str) -> None:
        self._name = f"hotline_test_{worker}_{os.getpid()}"
        self._app: Flask | None = None
        self._cleaning = ""

    def app(self, make: Make) -> Flask:
        if self._app is None:
            _administer(
                f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)",
                f"CREATE DATABASE {self._name} TEMPLATE template0 LOCALE 'C.UTF-8'",
            )
            address = sa.make_url(SERVER).set(database=self._name)
            self._url = address.render_as_string(hide_password=False)
            self._app = make(self._url)
            _build(self._app)
            self._keep()
        return self._app

    def _keep(self) -> None:
        """Copy the reference rows aside, and write the statements that bring them back."""
        with self._connect() as connection:
            names = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
            kept = [
                name
                for name in sorted(names)
                if connection.scalar(sa.text(f'SELECT EXISTS (SELECT FROM "{name}")'))
            ]
            connection.exec_driver_sql("CREATE SCHEMA kept")
            for name in kept:
                connection.exec_driver_sql(f"CREATE TABLE kept.{name} AS TABLE {name}")
            back = [_bring_back(name, connection.scalar(sa.text(_sum(name)))) for name in kept]
        gone = [f'DELETE FROM "{name}"' for name in sorted(names - set(kept))]
        # no foreign key is checked meanwhile: everything goes, and what comes back is whole
        self._cleaning = "; ".join(["SET session_replication_role = replica", *gone, *back])

    def renew(self) -> None:
        with self._connect() as connection:
            connection.exec_driver_sql(self._cleaning)

    def remove(self) -> None:
        if self._app is not None:
            _let_go(self._app)
            self._engine.dispose()
            _administer(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")

    @functools.cached_property
    def _engine(self) -> sa.Engine:
        """One connection for the whole run: a new one would read the catalogue again."""
        return sa.create_engine(self._url, pool_size=1)

    def _connect(self) -> AbstractContextManager[sa.Connection]:
        return self._engine.begin()
