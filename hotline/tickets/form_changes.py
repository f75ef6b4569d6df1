"""What one version of a form changed of another. No framework here."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from hotline.tickets.forms import Question


class Did(StrEnum):
    """What happened to a field."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Change(NamedTuple):
    """A field that is not as it was: before, after, and which of its attributes differ."""

    did: Did
    old: Question | None
    new: Question | None
    parts: tuple[str, ...] = ()


def changes(old: Sequence[Question], new: Sequence[Question]) -> list[Change]:
    """Return what became of each field, in the new order, then what was taken away.

    A field is the same as long as its key is. Of those that stayed, those outside the runs that
    both versions share are moved.
    """
    before, after = ({each.key: each for each in part} for part in (old, new))
    still = _in_order([each.key for each in old if each.key in after], [each.key for each in new])
    found = []
    for key, each in after.items():
        was = before.get(key)
        if was is None:
            found.append(Change(Did.ADDED, None, each))
            continue
        parts = tuple(name for name in each._fields if getattr(was, name) != getattr(each, name))
        if parts:
            found.append(Change(Did.CHANGED, was, each, parts))
        if key not in still:
            found.append(Change(Did.MOVED, was, each))
    gone = [Change(Did.REMOVED, each, None) for key, each in before.items() if key not in after]
    return found + gone


def _in_order(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Return the keys of the runs that both have in the same order."""
    runs = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {key for run in runs for key in old[run.a : run.a + run.size]}
