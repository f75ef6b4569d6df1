"""Reading the end of a table that is only ever added to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session


def newest(
    session: Session, *columns: InstrumentedAttribute[Any], limit: int
) -> Sequence[tuple[Any, ...]]:
    """Return *columns* of the newest rows; the first column is the id that rises with time.

    Ids may become visible out of order, so a reader who wants each row once asks for
    more rows than can be under way at a time and leaves out those it has seen.
    """
    rows = session.execute(select(*columns).order_by(columns[0].desc()).limit(limit))
    return [tuple(row) for row in rows]
