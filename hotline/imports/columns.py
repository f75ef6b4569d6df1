"""The columns of a kind of file: under which heads they stand, and how a cell is read."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hotline.core.language import zone
from hotline.core.words import N_
from hotline.telephony.numbers import normalise

Read = Callable[[str], Any]
Faults = dict[str, str]
MISSING: Final = N_("必填，不能空着")
DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")


class Unreadable(ValueError):
    """A cell holds what it may not; the argument says why, in plain words."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: What its value is called in the code, and a second head it may stand under.
        head: The head of the example file.
        example: What the example file says.
    """

    name: str
    head: str
    read: Read
    example: str = ""
    required: bool = False


def placed(columns: Sequence[Column], heads: Sequence[str]) -> dict[int, Column]:
    """Return which column stands at each place; heads that nothing is called are left out."""
    known = {each.head: each for each in columns} | {each.name: each for each in columns}
    found: dict[int, Column] = {}
    for place, head in enumerate(heads):
        column = known.get(head.strip().rstrip("*"))
        if column is not None and column not in found.values():
            found[place] = column
    return found


def read(places: Mapping[int, Column], cells: Sequence[str]) -> tuple[dict[str, Any], Faults]:
    """Return the values of a row by name, and what is wrong with it by head."""
    values: dict[str, Any] = {}
    faults: Faults = {}
    for place, column in places.items():
        text = cells[place].strip()
        if not text:
            if column.required:
                faults[column.head] = MISSING
            continue
        try:
            values[column.name] = column.read(text)
        except Unreadable as error:
            faults[column.head] = str(error)
    return values, faults


def words(longest: int) -> Read:
    """Return a reader of free text."""

    def read(text: str) -> str:
        if len(text) > longest:
            raise Unreadable(N_("太长了"))
        return text

    return read


def code(longest: int) -> Read:
    """Return a reader of a code: what stands before the first blank, so `A1 欠薪` is `A1`."""
    inner = words(longest)
    return lambda text: inner(text.split()[0])


def one_of(choices: Mapping[str, Any]) -> Read:
    """Return a reader of one of some words."""

    def read(text: str) -> Any:
        if text not in choices:
            raise Unreadable(N_("不在可选的词里，请照示例文件填写"))
        return choices[text]

    return read


def day(text: str) -> dt.date:
    """Read a day: 2026-01-31, 2026/1/31, 2026年1月31日."""
    found = DAY.fullmatch(text.split(maxsplit=1)[0].removesuffix("T00:00:00"))
    try:
        return dt.date(*map(int, found.groups())) if found else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> dt.date:
    raise Unreadable(N_("日期写成 2026-01-31"))


def moment(text: str) -> dt.datetime:
    """Read a moment of the hotline's zone: a day, and perhaps 09:30 or 09:30:15 after it."""
    try:
        found = DAY.match(text)
        groups, rest = (found.groups(), text[found.end() :].strip(" T")) if found else ((), "")
        date, time = dt.date(*map(int, groups)), CLOCK.fullmatch(rest or "0:00")
        hour, minute, second = (int(part or 0) for part in time.groups()) if time else (24, 0, 0)
        at = dt.datetime(date.year, date.month, date.day, hour, minute, second, tzinfo=zone())
    except (ValueError, TypeError):
        raise Unreadable(N_("时间写成 2026-01-31 09:30")) from None
    return at.astimezone(dt.UTC)


def phone(text: str) -> str:
    """Read a telephone number."""
    number = normalise(text)
    if number is None:
        raise Unreadable(N_("不是有效的电话号码"))
    return number


def count(text: str) -> int:
    """Read a whole number from 1."""
    if not text.isdecimal() or not 0 < int(text) < 10**6:
        raise Unreadable(N_("须是正整数"))
    return int(text)


def several(text: str) -> tuple[str, ...]:
    """Read words with a semicolon between them."""
    return tuple(part.strip() for part in re.split(r"[;；]", text) if part.strip())
