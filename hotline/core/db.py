"""The database: base class, storage of enums and moments, and the only commit in the code."""

import datetime as dt
import enum
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol, TypeVar

import structlog
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, Connection, Enum, Integer, MetaData
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.orm.exc import StaleDataError

from hotline.core.engines import Writer, open_for_reading
from hotline.core.errors import Stale, Unavailable
from hotline.core.time import UTCDateTime

__all__ = [  # Session too: a door names the type without knowing the library
    "Base",
    "BigInt",
    "Session",
    "Transact",
    "Work",
    "db",
    "new_id",
    "reading",
    "transaction",
    "worth_another_try",
]

log = structlog.get_logger()

TRIES: Final = 4
PATIENCE: Final = 5.0  # seconds; a carrier waits 15 for an answer (twilio.md, section 1.1)
BigInt: Final = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts rows in INTEGER only

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table: enums as readable text, moments in UTC, JSON as JSON."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            enum.StrEnum: Enum(
                enum.StrEnum,
                native_enum=False,
                create_constraint=False,
                length=40,
                values_callable=lambda kind: [member.value for member in kind],
            ),
            dt.datetime: UTCDateTime(),
            dict[str, Any]: JSON(),
            list[str]: JSON(),
            list[Any]: JSON(),
        },
    )


db = SQLAlchemy(model_class=Base)

T = TypeVar("T")
Work = Callable[[Session], T]


class Transact(Protocol):
    """What runs work in one transaction: `transaction`, or a test's own."""

    def __call__(self, work: Callable[[Session], T], /) -> T:
        """Run *work*, commit, and return its result."""


def transaction(work: Work[T]) -> T:
    """Run *work* in one transaction, commit, and return what it returns.

    The work runs again, at most four times and not for long, when the database says it lost
    a race it may win next time: a serialisation failure, a lock, a dropped
    connection, or a unique key that another transaction took first and that the
    second run will see. So *work* must have no effect outside its session.

    Raises:
        Stale: Another transaction changed the same row version.
        Unavailable: The database could not take the work.
    """
    session, started = db.session(), time.monotonic()
    for attempt in range(TRIES):
        session.rollback()  # a read before this one must not pin an old snapshot
        try:
            with Writer(session.get_bind().engine):
                result = work(session)
                session.commit()
        except StaleDataError as error:
            session.rollback()
            raise Stale from error
        except PoolTimeout as error:
            raise Unavailable from error
        except DBAPIError as error:
            session.rollback()
            late = attempt == TRIES - 1 or time.monotonic() - started > PATIENCE
            if late or not worth_another_try(error):
                raise _refusal(error) from error
            log.info("transaction.again", attempt=attempt, error=type(error.orig).__name__)
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
        except BaseException:
            session.rollback()
            raise
        else:
            return result
    raise AssertionError("unreachable")


def worth_another_try(error: DBAPIError) -> bool:
    """Return whether the same work may succeed when it is run once more."""
    if isinstance(error, IntegrityError):
        return "unique" in str(error.orig).lower()
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None) or ""
    return state in {"40001", "40P01", "55P03"} or "locked" in str(error.orig)


def _refusal(error: DBAPIError) -> Exception:
    gone = isinstance(error, OperationalError | InterfaceError)
    spoilt = type(error) is DatabaseError  # so SQLite calls a file that it cannot read
    return Unavailable() if gone or spoilt else error


@contextmanager
def together() -> Iterator[None]:
    """Keep all transactions inside together at the end, or none of them if one fails.

    Each is a savepoint meanwhile. This is for a long import, where half of it is worse
    than nothing.
    """
    with db.engine.connect() as connection:
        _keep_savepoints(connection, "FILE")  # in memory each statement walks all of them
        with Writer(db.engine), connection.begin():
            db.session.remove()
            session = Session(
                connection, join_transaction_mode="create_savepoint", expire_on_commit=False
            )
            db.session.registry.set(session)  # type: ignore[arg-type]  # one bound by hand
            try:
                yield
            finally:
                db.session.remove()
        _keep_savepoints(connection, "MEMORY")


def _keep_savepoints(connection: Connection, where: str) -> None:
    """Say where SQLite keeps what it may have to take back; no transaction may be open."""
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute(f"PRAGMA temp_store={where}")


@contextmanager
def reading(*, first: bool = False) -> Iterator[Session]:
    """Give a session to read with; nothing is kept.

    Who is asking is read *first*: what the page reads next goes on where that left off,
    and ends both.

    Raises:
        Unavailable: The database does not answer.
    """
    session = db.session()
    try:
        if not session.in_transaction():
            open_for_reading(session)
        with session.no_autoflush:
            yield session
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise Unavailable from error
    finally:
        if not first:
            session.rollback()


_ids = threading.Lock()
_last = 0


def new_id() -> int:
    """Return a 63-bit id that rises with time: milliseconds, then a counter from a random start.

    A row that knows its id before it is written lets others refer to it in the same
    transaction, so that the row itself may be written last.
    """
    global _last  # noqa: PLW0603 - one counter a process
    with _ids:
        moment = time.time_ns() // 1_000_000 << 20 | random.getrandbits(18)
        _last = max(moment, _last + 1)
        return _last
