"""How long a line rings, a connection takes, and a caller waits."""

import datetime as dt
from typing import Final

RING: Final = dt.timedelta(seconds=20)  # an operator's line rings so long
CONNECT: Final = dt.timedelta(seconds=30)  # from a taken offer to speaking
LONGEST_WAIT: Final = dt.timedelta(minutes=10)  # then the caller is asked for a message


def has_waited_enough(since: dt.datetime, now: dt.datetime) -> bool:
    """Return whether a caller who waits *since* should be asked for a message."""
    return now - since >= LONGEST_WAIT
