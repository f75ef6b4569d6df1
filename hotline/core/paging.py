"""Keyset pages: the cost of a page does not grow with the table."""

import base64
import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import methodcaller
from typing import Any, Final, Generic, TypeVar, overload

from hotline.core.errors import Invalid
from hotline.core.rows import LAST_ID
from hotline.core.words import N_

Row = TypeVar("Row")
First = TypeVar("First", int, str, dt.date, dt.datetime)
Second = TypeVar("Second", int, str, dt.date, dt.datetime)
LARGEST: Final = 200
UNREADABLE: Final = {"cursor": N_("不是有效的翻页标记")}


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the cursor of what follows; None at the end."""

    items: Sequence[Row]
    next: str | None


def write_cursor(key: Sequence[Any]) -> str:
    """Pack the sort *key* of the last row shown."""
    packed = json.dumps(key, default=methodcaller("isoformat"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


@overload
def read_cursor(text: str | None, first: type[First], /) -> tuple[First] | None: ...
@overload
def read_cursor(
    text: str | None, first: type[First], second: type[Second], /
) -> tuple[First, Second] | None: ...
def read_cursor(text: str | None, *kinds: type[Any]) -> tuple[Any, ...] | None:
    """Unpack a cursor whose parts are of these *kinds*; None for the first page.

    Raises:
        Invalid: The text is not a cursor of ours, or no key of ours is like it: whatever
            is returned, the database can compare.
    """
    if not text:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return tuple(READ[kind](part) for kind, part in zip(kinds, key, strict=True))
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Invalid(UNREADABLE) from error


def cut(rows: Sequence[Row], limit: int, key: Callable[[Row], Sequence[Any]]) -> Page[Row]:
    """Make a page of *rows*, which were asked for one more than *limit*."""
    if len(rows) <= limit:
        return Page(rows, None)
    shown = rows[:limit]
    return Page(shown, write_cursor(key(shown[-1])))


def _id(part: Any) -> int:
    if type(part) is not int or not 0 <= part <= LAST_ID:
        raise ValueError(part)
    return part


def _name(part: Any) -> str:
    if not isinstance(part, str) or "\0" in part:  # PostgreSQL keeps no NUL
        raise ValueError(part)
    return part.encode().decode()  # half a surrogate pair is no text


def _moment(part: Any) -> dt.datetime:
    moment = dt.datetime.fromisoformat(part)
    if moment.tzinfo is None:
        raise ValueError(part)
    return moment.astimezone(dt.UTC)


READ: Final[Mapping[type[Any], Callable[[Any], Any]]] = {
    int: _id,
    str: _name,
    dt.date: dt.date.fromisoformat,
    dt.datetime: _moment,
}
