"""I8: what the carrier lists is what we know, or each difference was mended or explained.

The rows are written by the room that compares with the carrier's lists; it is on the same
floor as this one, so its table is known here by name.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from hotline.core.db import Base
from hotline.ledger.faults import Fault

MOST: Final = 500
NAME: Final = "reconciliation_difference"


def listed(session: Session, above: int, limit: int) -> Sequence[int]:
    """Return differences by id, mended ones among them."""
    key = _table().c.id
    return session.scalars(select(key).where(key > above).order_by(key).limit(limit)).all()


def standing(session: Session, now: dt.datetime) -> Sequence[int]:
    """Return the differences that nobody mended or explained, the oldest first."""
    rows = _table().c
    left = select(rows.id).where(*_open()).order_by(rows.at)
    return session.scalars(left.limit(MOST)).all()


def unmended(session: Session, ids: Sequence[int], now: dt.datetime) -> Iterator[Fault]:
    """Yield which of these differences stand open."""
    rows = _table().c
    left = select(rows.id, rows.sid).where(rows.id.in_(ids), *_open())
    for difference_id, sid in session.execute(left):
        yield Fault(difference_id, sid, "unmended")


def _open() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    rows = _table().c
    return rows.mended_at.is_(None), rows.explained_at.is_(None)


def _table() -> Table:
    return Base.metadata.tables[NAME]
