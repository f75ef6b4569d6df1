"""Writing bundles: whoever comes while another is being written goes with the next.

A commit waits for the disk, and a day's counter lets one transaction through at a time.
So those of a process that would wait for each other share one: one lock, one commit. On
PostgreSQL they are one statement, which is its own transaction; on SQLite, where a
statement costs no way, a row is one.

The first of a party writes for all of it. Then it calls the first of the next party to
lead, and tells each of its own; nobody has to queue for a lock to hear the result.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator

from hotline.core import bundle
from hotline.core.bundle import Bundle
from hotline.core.engines import Writer

log = structlog.get_logger()

Values = Mapping[str, Any]


def _in_json(value: Any) -> str:
    """Return *value* as PostgreSQL reads it: bytes in hexadecimal, a moment in ISO 8601."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else value.isoformat()


JSON: Final = json.JSONEncoder(default=_in_json)


@dataclass(eq=False)
class Passenger:
    """One bundle as its writer takes it.

    Attributes:
        done: Whether it was written; None until it has been tried.
        called: Set when that is known, or when it is for this one to lead.
    """

    ready: Any
    done: bool | None = None
    called: threading.Event = field(default_factory=threading.Event)


class Convoy:
    """Writes bundles of one kind to one database."""

    def __init__(self, kind: Bundle, engine: Engine) -> None:
        """Write out what is always the same; nothing is opened yet."""
        self.engine = engine
        self._write = OnSqlite(kind, engine) if _is_sqlite(engine) else OnPostgresql(kind, engine)
        self._door = threading.Lock()
        self._under_way = False
        self._waiting: list[Passenger] = []

    def join(self, values: Values) -> bool:
        """Write a bundle in a transaction, alone or with others; return whether that was done.

        False means that nothing is known to be written: the first row was there before,
        or the database could not take it now. Whoever asked goes the long way, which
        finds out.
        """
        mine = Passenger(self._write.prepared(values))
        with self._door:
            self._waiting.append(mine)
            leads, self._under_way = not self._under_way, True
        if not leads:
            mine.called.wait()
        if mine.done is None:  # else somebody has taken us along
            self._lead()
        return bool(mine.done)

    def _lead(self) -> None:
        """Set out with all who wait; then the first of those who came meanwhile leads."""
        with self._door:
            aboard, self._waiting = self._waiting, []
        try:
            self._set_out(aboard)
        finally:
            with self._door:
                following = self._waiting[:1]
                self._under_way = bool(following)
            for each in (*following, *aboard):
                each.called.set()

    def _set_out(self, aboard: Sequence[Passenger]) -> None:
        for each in aboard:
            each.done = False
        try:
            done = self._write([each.ready for each in aboard])
        except (DBAPIError, self.engine.dialect.loaded_dbapi.Error) as error:
            log.info("convoy.failed", aboard=len(aboard), error=type(error).__name__)
            return
        for each, result in zip(aboard, done, strict=True):
            each.done = result


class OnPostgresql:
    """Writes any number of bundles with one statement, of one parameter."""

    def __init__(self, kind: Bundle, engine: Engine) -> None:
        """Keep the statement as the driver sends it."""
        self._engine = engine
        self._key = kind.key
        self._statement = kind.statement(engine.dialect).encode()
        self._own = [(n, k) for n, k in kind.kinds.items() if isinstance(k, TypeDecorator)]

    def prepared(self, values: Values) -> tuple[int, str]:
        """Return the key of *values*, and them as JSON."""
        given = {**values, "prefix": bundle.prefix(values["day"])}
        for name, kind in self._own:
            given[name] = kind.process_bind_param(given[name], self._engine.dialect)
        return values[self._key], JSON.encode(given)

    def __call__(self, several: Sequence[tuple[int, str]]) -> list[bool]:
        """Write and return which were new."""
        connection = self._engine.raw_connection()
        driver: Any = connection.driver_connection
        given = (f"[{','.join(text for _, text in several)}]",)
        try:
            driver.autocommit = True
            new = {row[0] for row in driver.execute(self._statement, given)}
            driver.autocommit = False
        except BaseException:
            connection.invalidate()  # it may be in the middle of something
            raise
        connection.close()
        return [key in new for key, _ in several]


class OnSqlite:
    """Writes with one statement a row, in the process's turn to write."""

    def __init__(self, kind: Bundle, engine: Engine) -> None:
        """Keep the statements, and what makes each value fit for the driver."""
        self._engine = engine
        self._first, *self._middle, self._count, self._last = kind.statements
        found = {
            name: each.dialect_impl(engine.dialect).bind_processor(engine.dialect)
            for name, each in kind.kinds.items()
        }
        self._own = [(name, prepare) for name, prepare in found.items() if prepare is not None]

    def prepared(self, values: Values) -> Values:
        """Return *values* as the driver takes them."""
        given = {**values, "prefix": bundle.prefix(values["day"])}
        for name, prepare in self._own:
            given[name] = prepare(given[name])
        return given

    def __call__(self, several: Sequence[Values]) -> list[bool]:
        """Write and return which were new."""
        with Writer(self._engine):
            connection = self._engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute("BEGIN IMMEDIATE")
                done = [self._one(cursor, values) for values in several]
                cursor.execute("COMMIT")
            finally:
                connection.close()  # the pool takes back what was not committed
        return done

    def _one(self, cursor: Any, values: Values) -> bool:
        cursor.execute(self._first, values)
        if cursor.rowcount != 1:
            return False
        for statement in self._middle:
            cursor.execute(statement, values)
        n = cursor.execute(self._count, values).fetchone()[0]
        number = f"{values['prefix']}{n:0{bundle.DIGITS}d}"
        cursor.execute(self._last, {**values, "number": number})
        return True


def _is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"
