"""Which lines are recorded, as data; set once at start.

Every caller is told that the call may be recorded before anybody speaks. A message that is
left for us is always recorded: it is nothing else.
"""

from collections.abc import Iterable

from hotline.staff.presence import Line

_recorded = [frozenset(Line)]


def use(lines: Iterable[str]) -> None:
    """Set on which lines conversations are recorded; the app does it once at start."""
    _recorded[:] = [frozenset(line for line in Line if line in set(lines))]


def is_recorded(line: Line | None) -> bool:
    """Return whether a conversation on *line* is recorded."""
    return line in _recorded[0]
