"""A score sheet as lines that a person writes, and what one version changed. No framework here."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

WHOLE: Final = 100  # points in all
BAR: Final = "|"
CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST: Final = 80
LISTS: Final = ("items", "fatal")

Definition = Mapping[str, Any]


class Wrong(ValueError):
    """A line cannot be read; the arguments are the list and the line's number, 0 for the whole."""


class Change(NamedTuple):
    """An item as its line was before and is now; None where there was or is none."""

    old: str | None
    new: str | None


def written(definition: Definition) -> dict[str, str]:
    """Return the two lists of a sheet as lines: `code|Chinese|English|points`."""
    return {name: "\n".join(map(_line, definition[name])) for name in LISTS}


def read(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the sheet that lines describe; `written` is its inverse.

    Raises:
        Wrong: A line lacks a part, a code stands twice, or the points do not come to 100.
    """
    found: dict[str, Any] = {name: [] for name in LISTS}
    known: set[str] = set()
    for name in LISTS:
        for number, line in enumerate(texts.get(name, "").splitlines(), 1):
            if line.strip():
                item = _item(line, scored=name == "items")
                if item is None or item["code"] in known:
                    raise Wrong(name, number)
                known.add(item["code"])
                found[name].append(item)
    if sum(item["points"] for item in found["items"]) != WHOLE:
        raise Wrong("items", 0)
    return found


def changes(old: Definition, new: Definition) -> list[Change]:
    """Return what differs between two sheets, item by item of the same code."""
    before, after = _by_code(old), _by_code(new)
    codes = dict.fromkeys((*after, *before))
    pairs = (Change(before.get(code), after.get(code)) for code in codes)
    return [pair for pair in pairs if pair.old != pair.new]


def _by_code(definition: Definition) -> dict[str, str]:
    return {item["code"]: _line(item) for name in LISTS for item in definition[name]}


def _line(item: Mapping[str, Any]) -> str:
    parts = [item["code"], item["name"], item["name_en"], item.get("points")]
    return BAR.join(str(part) for part in parts if part is not None)


def _item(line: str, *, scored: bool) -> dict[str, Any] | None:
    """Return the item in a line, or None where it is none."""
    parts = [part.strip() for part in line.split(BAR)]
    if len(parts) != (4 if scored else 3) or not all(0 < len(part) <= LONGEST for part in parts):
        return None
    item: dict[str, Any] = dict(zip(("code", "name", "name_en"), parts, strict=False))
    if not CODE.fullmatch(item["code"]) or (scored and not _is_points(parts[3])):
        return None
    return item | {"points": int(parts[3])} if scored else item


def _is_points(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text) <= WHOLE
