"""How long a recording is kept (domain, section 6.1): pure arithmetic. No framework here.

Two years; five where its matter is urgent or a complaint. The days of each
class are rows, so that an installation under other rules changes them without us.
"""

import datetime as dt
from enum import StrEnum


class Retention(StrEnum):
    """For which reason it is kept."""

    ORDINARY = "ordinary"
    GRAVE = "grave"


def last_day(recorded: dt.date, days: int) -> dt.date:
    """Return the last day on which a recording of the day *recorded* is kept."""
    return recorded + dt.timedelta(days=days)
