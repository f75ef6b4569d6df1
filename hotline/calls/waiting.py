"""How long a caller will wait, as a pure rule; where it cannot be known, nothing is said."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

FEWEST: Final = 5  # calls that were handled lately; fewer tell nothing of the next one
LATELY: Final = dt.timedelta(hours=2)
MOST: Final = 20  # calls looked at
MINUTE: Final = dt.timedelta(minutes=1)


def expected_wait(
    ahead: int, handled: Sequence[dt.timedelta], working: int, ready: int
) -> dt.timedelta | None:
    """Return how long a caller still waits, or None where nobody can say.

    While all lines are busy one comes free every mean handling time divided by how many
    work, and the caller has to see that *ahead* + 1 times.

    Args:
        ahead: How many wait before them.
        handled: How long each of the last calls took, its record included.
        working: How many take calls: ready, ringing, talking or finishing a record.
        ready: How many of these are free.
    """
    if working == 0 or len(handled) < FEWEST:
        return None
    mean = sum(handled, dt.timedelta()) / len(handled)
    return max(ahead + 1 - ready, 0) * mean / working


def minutes(wait: dt.timedelta | None) -> int | None:
    """Return *wait* in whole minutes, rounded up, so that no promise is too short."""
    return None if wait is None else -(-wait // MINUTE)
