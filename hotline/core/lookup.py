"""Rows found by keys of their text: one table of keys a room, the same on both engines."""

from collections.abc import Collection

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hotline.core.db import Base


def write(
    session: Session,
    table: type[Base],
    owner: InstrumentedAttribute[int],
    owner_id: int,
    keys: Collection[str],
) -> None:
    """Replace the keys of one row."""
    session.execute(delete(table).where(owner == owner_id))
    if keys:
        session.execute(insert(table), [{"key": key, owner.key: owner_id} for key in sorted(keys)])


def best(
    session: Session,
    key: InstrumentedAttribute[str],
    owner: InstrumentedAttribute[int],
    keys: Collection[str],
    *,
    limit: int,
) -> dict[int, int]:
    """Return the ids with most of *keys*, best first, and how many each has."""
    if not keys:
        return {}
    hits = func.count().label("hits")
    query = select(owner, hits).where(key.in_(sorted(keys)))
    rows = session.execute(query.group_by(owner).order_by(hits.desc(), owner).limit(limit))
    return {row[0]: row[1] for row in rows}
