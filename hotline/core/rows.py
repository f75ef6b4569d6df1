"""One row by its key, and whether it still is as somebody saw it."""

from typing import Any, TypeVar

from sqlalchemy.orm import Session

from hotline.core.errors import NotFound, Stale

Row = TypeVar("Row")


def one(session: Session, model: type[Row], key: Any, *, lock: bool = False) -> Row:
    """Return the row of *key*; with *lock* as it is now, held until the transaction ends.

    Raises:
        NotFound: There is none.
    """
    found = session.get(model, key, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise NotFound
    return found


def require_unchanged(version: int, seen: int | None) -> None:
    """Raise `Stale` unless a row's *version* is the one that was *seen*; None asks nothing."""
    if seen is not None and seen != version:
        raise Stale
