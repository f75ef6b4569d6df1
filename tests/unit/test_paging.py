"""A cursor comes back as what was put in, and whatever else is in one is refused."""

import base64
import datetime as dt
from typing import Any

import pytest

from hotline.core.errors import Invalid
from hotline.core.paging import read_cursor, write_cursor
from hotline.core.rows import LAST_ID

MOMENT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("kind", "part"),
    [(int, 0), (int, LAST_ID), (str, "张三"), (dt.date, MOMENT.date()), (dt.datetime, MOMENT)],
)
def test_a_part_comes_back_as_it_was(kind: type, part: Any) -> None:
    assert read_cursor(write_cursor([part, 7]), kind, int) == (part, 7)


@pytest.mark.parametrize("text", [None, ""])
def test_no_cursor_asks_for_the_first_page(text: str | None) -> None:
    assert read_cursor(text, int) is None


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        *((int, part) for part in ("1", 1.0, True, None, [1], -1, LAST_ID + 1)),
        *((str, part) for part in (1, None, ["x"], "\0", "\ud800")),
        *((dt.date, part) for part in (1, None, "tomorrow", "2026-11-31")),
        *((dt.datetime, part) for part in (1, None, "now", "2026-11-23T09:00:00")),
        (dt.datetime, "0001-01-01T00:00:00+14:00"),  # no such moment in UTC
    ],
)
def test_what_no_column_can_be_compared_with_is_refused(kind: type, part: Any) -> None:
    with pytest.raises(Invalid):
        read_cursor(write_cursor([part]), kind)


@pytest.mark.parametrize("text", ["broken", "%%", "翻页", "W10", "W" * 3000, write_cursor([1, 2])])
def test_what_was_never_written_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_cursor(text, int)


def test_a_cursor_of_endless_brackets_is_refused() -> None:
    with pytest.raises(Invalid):
        read_cursor(base64.urlsafe_b64encode(b"[" * 90_000).decode(), int)
