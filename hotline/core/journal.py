"""Reading a table that is only ever added to: its end, or each row once.

Ids become visible out of order: a transaction may take a small id and commit it late. Whoever
wants each row once keeps a `Place`, the last ids it has read, and looks for others among them
instead of trusting that nothing appears below the highest.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

LOOK_BACK: Final = 1000  # ids; a transaction that took an id commits long before so many more


class Place(Protocol):
    """How far a table was read: all up to *floor*, and those *seen* above it, ascending."""

    floor: int
    seen: list[int]


def newest(
    session: Session, *columns: InstrumentedAttribute[Any], limit: int
) -> Sequence[tuple[Any, ...]]:
    """Return *columns* of the newest rows; the first column is the id that rises with time.

    Ids may become visible out of order, so a reader who wants each row once asks for
    more rows than can be under way at a time and leaves out those it has seen.
    """
    rows = session.execute(select(*columns).order_by(columns[0].desc()).limit(limit))
    return [tuple(row) for row in rows]


def unread(
    session: Session, key: InstrumentedAttribute[int], place: Place, limit: int
) -> Sequence[int]:
    """Return at most *limit* ids that *place* has not read, oldest first."""
    seen = set(place.seen)
    ids = session.scalars(
        select(key).where(key > place.floor).order_by(key).limit(len(seen) + limit)
    )
    return [id_ for id_ in ids if id_ not in seen][:limit]


def read(place: Place, ids: Iterable[int]) -> None:
    """Write into *place* that *ids* were read; what lies far below them is done with."""
    seen = sorted({*place.seen, *ids})
    done, place.seen = seen[:-LOOK_BACK], seen[-LOOK_BACK:]
    place.floor = max([place.floor, *done])


def skip_ahead(session: Session, key: InstrumentedAttribute[int], place: Place) -> None:
    """Take all that the table holds as read: whoever calls this looks at every row anew."""
    newest_first = select(key).order_by(key.desc()).limit(LOOK_BACK + 1)
    ids = sorted(session.scalars(newest_first))
    place.floor = ids[0] if len(ids) > LOOK_BACK else 0
    place.seen = ids[-LOOK_BACK:]
