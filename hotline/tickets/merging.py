"""Two people change one thing at once: whose word counts for which field. No framework here."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

ABSENT: Final = object()  # not there, which is another thing than None: "does not know"


class Clash(NamedTuple):
    """A field that both changed, each to something else."""

    mine: Any
    theirs: Any


class Merged(NamedTuple):
    """What is to be written, and what only the writer can decide."""

    changes: dict[str, Any]
    clashes: dict[str, Clash]


def three_way(
    names: Iterable[str],
    was: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
) -> Merged:
    """Return what *mine* changes of *was*, and where *theirs* has changed the same since.

    What only the other touched stays as they wrote it: it is not among the changes.
    """
    changes: dict[str, Any] = {}
    clashes: dict[str, Clash] = {}
    for name in names:
        seen, typed, there = (_plain(each.get(name, ABSENT)) for each in (was, mine, theirs))
        if typed in (seen, there):
            continue
        if there != seen:
            clashes[name] = Clash(mine.get(name), theirs.get(name))
        changes[name] = mine.get(name, ABSENT)
    return Merged(changes, clashes)


def _plain(value: Any) -> Any:
    """Return *value* as a browser sends it back: its line ends are not somebody's change."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
