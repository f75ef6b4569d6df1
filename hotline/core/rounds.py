"""What a job does to many rows: in small transactions, each row by itself.

The ids of what is due are read first; then each batch is locked, checked once more and
acted on. Rows that another clock holds are skipped, a row that fails is logged and
stops no other, and what was left over is found again by the next round.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import Select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.orm.exc import StaleDataError

from hotline.core.db import Transact, reading

log = structlog.get_logger()

BATCH: Final = 50
MOST: Final = 10_000  # a round; the next one follows at once in the clock's time
Row = TypeVar("Row")
Act = Callable[[Session, Row], Any]


def each_due(
    transact: Transact,
    due: Select[Row],
    key: InstrumentedAttribute[int],
    act: Act[Row],
) -> int:
    """Let *act* do what it has to, in a savepoint, to each row that *due* selects.

    Args:
        transact: Runs one batch in a transaction.
        due: Selects whole rows of one table; it is asked again under the lock.
        key: The primary key of that table.
        act: Does one row. What it raises is logged and undone for this row alone.

    Returns:
        How many rows it was done to.
    """
    with reading() as session:
        ids = session.scalars(due.with_only_columns(key).limit(MOST)).all()
    done = 0
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        done += transact(partial(_batch, due=due, key=key, batch=batch, act=act))
    return done


def _batch(
    session: Session,
    *,
    due: Select[Row],
    key: InstrumentedAttribute[int],
    batch: Sequence[int],
    act: Act[Row],
) -> int:
    locked = due.where(key.in_(batch)).with_for_update(of=key.class_, skip_locked=True)
    rows = session.scalars(locked, execution_options={"populate_existing": True}).all()
    return sum(_one(session, row, act) for row in rows)


def _one(session: Session, row: Row, act: Act[Row]) -> bool:
    try:
        with session.begin_nested():
            act(session, row)
    except (OperationalError, InterfaceError, StaleDataError):
        raise  # the whole batch runs again
    except Exception:  # whatever one bad row raises, the others go on
        log.exception("round.failed", act=getattr(act, "__name__", "act"))
        return False
    return True
