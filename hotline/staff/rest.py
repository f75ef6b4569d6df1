"""Rest between shifts, as a pure rule (domain, section 5): 11 hours, and a day off in seven.

Halves of one day, with at most two hours between them, are one stretch of work. On call, at home,
is not work.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from hotline.core.words import N_

REST: Final = dt.timedelta(hours=11)
PAUSE: Final = dt.timedelta(hours=2)  # a meal between the halves of a stretch
LONGEST: Final = dt.timedelta(hours=12)  # a stretch, its pauses among it
DAYS: Final = 6  # in a row

Span = tuple[dt.datetime, dt.datetime]


def broken(spans: Iterable[Span]) -> str | None:
    """Return which rule the *spans* of one person break, in local time; None for none."""
    found = stretches(spans)
    for (_, ended), (begins, _) in pairwise(found):
        if begins - ended < REST:
            return N_("两班之间要休息至少 11 小时")
    if any(ends - begins > LONGEST for begins, ends in found):
        return N_("连续当班不能超过 12 小时")
    if _in_a_row({begins.date() for begins, _ in found}) > DAYS:
        return N_("不能连续当班超过 6 天")
    return None


def stretches(spans: Iterable[Span]) -> Sequence[Span]:
    """Return the spans in order, those with a short pause between them made one."""
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins - found[-1][1] <= PAUSE:
            found[-1] = found[-1][0], max(found[-1][1], ends)
        else:
            found.append((begins, ends))
    return found


def _in_a_row(days: set[dt.date]) -> int:
    most = 0
    for day in days:
        if day - dt.timedelta(days=1) not in days:
            last = day
            while last in days:
                last += dt.timedelta(days=1)
            most = max(most, (last - day).days)
    return most
