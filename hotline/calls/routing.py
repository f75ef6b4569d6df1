"""Who gets which call: the caller who waits longest, the operator who is idle longest."""

import datetime as dt
from collections.abc import Iterable
from typing import Final, TypeVar

RING: Final = dt.timedelta(seconds=20)  # an operator's line rings so long
CONNECT: Final = dt.timedelta(seconds=30)  # from a taken offer to speaking
LONGEST_WAIT: Final = dt.timedelta(minutes=10)  # then the caller is asked for a message

Call = TypeVar("Call")
Operator = TypeVar("Operator")


def pair(waiting: Iterable[Call], ready: Iterable[Operator]) -> list[tuple[Call, Operator]]:
    """Join calls and operators, each given longest waiting first."""
    return list(zip(waiting, ready, strict=False))


def has_waited_enough(since: dt.datetime, now: dt.datetime) -> bool:
    """Return whether a caller who waits *since* should be asked for a message."""
    return now - since >= LONGEST_WAIT
