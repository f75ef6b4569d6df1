"""One row by its key, what a key can be, and whether the row still is as somebody saw it."""

import re
from typing import Any, Final, TypeVar

from sqlalchemy.orm import Session

from hotline.core.errors import NotFound, Stale

Row = TypeVar("Row")
LAST_ID: Final = 2**63 - 1  # of a BIGINT
DIGITS: Final = re.compile(r"[0-9]{1,19}")


def one(session: Session, model: type[Row], key: Any, *, lock: bool = False) -> Row:
    """Return the row of *key*; with *lock* as it is now, held until the transaction ends.

    Raises:
        NotFound: There is none.
    """
    found = session.get(model, key, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise NotFound
    return found


def id_in(text: str) -> int | None:
    """Return the id that *text* says, None where no row can have one like it."""
    return int(text) if DIGITS.fullmatch(text) and int(text) <= LAST_ID else None


def require_unchanged(version: int, seen: int | None) -> None:
    """Raise `Stale` unless a row's *version* is the one that was *seen*; None asks nothing."""
    if seen is not None and seen != version:
        raise Stale
