"""Keyset pages: the cost of a page does not grow with the table."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from hotline.core.errors import Invalid
from hotline.core.words import N_

Row = TypeVar("Row")
LARGEST: Final = 200
UNREADABLE: Final = {"cursor": N_("不是有效的翻页标记")}


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the cursor of what follows; None at the end."""

    items: Sequence[Row]
    next: str | None


def write_cursor(key: Sequence[Any]) -> str:
    """Pack the sort *key* of the last row shown."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def read_cursor(text: str | None, length: int) -> list[Any] | None:
    """Unpack a cursor of *length* parts; None for the first page.

    Raises:
        Invalid: The text is not a cursor of ours.
    """
    if not text:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, UnicodeDecodeError) as error:
        raise Invalid(UNREADABLE) from error
    if not isinstance(key, list) or len(key) != length:
        raise Invalid(UNREADABLE)
    return key


def cut(rows: Sequence[Row], limit: int, key: Callable[[Row], Sequence[Any]]) -> Page[Row]:
    """Make a page of *rows*, which were asked for one more than *limit*."""
    if len(rows) <= limit:
        return Page(rows, None)
    shown = rows[:limit]
    return Page(shown, write_cursor(key(shown[-1])))
