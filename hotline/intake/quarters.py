"""Which quarters of an hour are to be compared with the carrier's lists, and when. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

QUARTER: Final = dt.timedelta(minutes=15)  # the ledger is checked so often (domain, section 1.4)
SOON: Final = dt.timedelta(minutes=5)
#: While it lasts and shortly after, a quarter is compared again and again. Then it is the
#: night's turn, and once more when the last delivery report may have come.
SETTLED: Final = dt.timedelta(minutes=20)
LATER: Final = (dt.timedelta(days=1), dt.timedelta(days=4))
MOST: Final = 96  # quarters, a day, that are listed at one go

Stretch = tuple[dt.datetime, dt.datetime]


def floor(moment: dt.datetime) -> dt.datetime:
    """Return the beginning of the quarter of an hour that *moment* lies in."""
    utc = moment.astimezone(dt.UTC)
    return utc - (utc - dt.datetime.min.replace(tzinfo=dt.UTC)) % QUARTER


def between(since: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
    """Yield every quarter that a time before *until* has a part in."""
    quarter = floor(since)
    while quarter < until:
        yield quarter
        quarter += QUARTER


def next_look(quarter: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Return when a quarter that is compared *now* is to be compared again, None for never."""
    end = quarter + QUARTER
    if now < end + SETTLED:
        return now + SOON
    return next((end + after for after in LATER if end + after > now), None)


def due(
    compared: Mapping[dt.datetime, dt.datetime | None], begun: dt.datetime, now: dt.datetime
) -> list[dt.datetime]:
    """Return the quarters since *begun* that were never compared or are to be again.

    *compared* holds when each quarter that was compared is to be compared again.
    """
    return [
        quarter
        for quarter in between(begun, now)
        if (next_at := compared.get(quarter, now)) is not None and next_at <= now
    ]


def stretches(quarters: Sequence[dt.datetime]) -> Iterator[Stretch]:
    """Yield neighbouring *quarters*, given in order, as stretches of at most `MOST`."""
    for group in _groups(quarters):
        yield group[0], group[-1] + QUARTER


def _groups(quarters: Iterable[dt.datetime]) -> Iterator[list[dt.datetime]]:
    group: list[dt.datetime] = []
    for quarter in quarters:
        if group and (quarter != group[-1] + QUARTER or len(group) == MOST):
            yield group
            group = []
        group.append(quarter)
    if group:
        yield group
