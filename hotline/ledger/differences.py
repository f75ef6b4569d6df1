"""I8: what the carrier lists and what we know are the same, or each difference is explained.

The table is that of the room that compares with the carrier's lists, on the same floor as this.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from hotline.core.db import Base
from hotline.ledger.faults import Fault

MOST: Final = 500


def _table() -> Table | None:
    return Base.metadata.tables.get("reconciliation_difference")


def _open(table: Table) -> ColumnElement[bool]:
    return table.c.mended_at.is_(None)


def listed(session: Session, above: int, limit: int) -> Sequence[int]:
    """Return differences by id, mended ones among them."""
    if (table := _table()) is None:
        return ()
    key = table.c.id
    return session.scalars(select(key).where(key > above).order_by(key).limit(limit)).all()


def standing(session: Session, now: dt.datetime) -> Sequence[int]:
    """Return the differences that are not mended: nothing of ours explains them."""
    if (table := _table()) is None:
        return ()
    key = table.c.id
    return session.scalars(select(key).where(_open(table)).order_by(key).limit(MOST)).all()


def unexplained(session: Session, ids: Sequence[int], now: dt.datetime) -> Iterator[Fault]:
    """Yield which of these differences nothing of ours explains."""
    if (table := _table()) is None:
        return
    rows = session.execute(select(table.c.id, table.c.sid).where(table.c.id.in_(ids), _open(table)))
    for difference_id, sid in rows:
        yield Fault(difference_id, sid, "unexplained")
