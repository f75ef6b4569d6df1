"""How a deadline was counted, as data: one small record a step, told later in any language.

A step is a JSON object. `step` says which kind it is; the rest fills the blanks of its sentence in
`SENTENCES`. Moments and days are ISO 8601, lengths are seconds. A step that sets the deadline
carries it as `due`, so that the last of these is the deadline itself. No framework here.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import groupby
from typing import Any, Final

from hotline.core.words import N_

Step = dict[str, Any]


class Kind(StrEnum):
    """What one step of a derivation says."""

    NEXT_DAY = "next_day"  # the limit, counted from the day after
    INSTANT = "instant"  # the limit, counted from the same day or moment
    WORKED = "worked"
    MAKEUP = "makeup"
    SKIPPED = "skipped"
    DAYS = "days"
    HOURS = "hours"
    DUE = "due"
    NAMED = "named"
    PAUSED_DAYS = "paused_days"
    PAUSED_HOURS = "paused_hours"
    EXTENDED = "extended"
    HASTENED = "hastened"
    MERGED = "merged"
    SPLIT = "split"
    PROVISIONAL = "provisional"


SENTENCES: Final[dict[Kind, str]] = {
    Kind.NEXT_DAY: N_("%(at)s 起，时限 %(limit)s，从次日起算"),
    Kind.INSTANT: N_("%(at)s 起，时限 %(limit)s，即时起算"),
    Kind.WORKED: N_("%(days)s：工作日 %(n)s 天，累计 %(total)s"),
    Kind.MAKEUP: N_("%(days)s：调休上班 %(n)s 天，累计 %(total)s"),
    Kind.SKIPPED: N_("%(days)s：%(name)s %(n)s 天，不计"),
    Kind.DAYS: N_("%(days)s：自然日 %(n)s 天"),
    Kind.HOURS: N_("%(since)s 至 %(until)s：计 %(length)s"),
    Kind.DUE: N_("%(due)s 到期"),
    Kind.NAMED: N_("%(at)s 责成重办，指定期限 %(due)s"),
    Kind.PAUSED_DAYS: N_("%(since)s 至 %(until)s 暂停，顺延 %(n)s 天，到 %(due)s"),
    Kind.PAUSED_HOURS: N_("%(since)s 至 %(until)s 暂停，顺延 %(length)s，到 %(due)s"),
    Kind.EXTENDED: N_("经批准延期到 %(due)s"),
    Kind.HASTENED: N_("提高紧急程度不推迟期限：%(due)s"),
    Kind.MERGED: N_("%(number)s 并入，取较早的期限 %(due)s"),
    Kind.SPLIT: N_("由 %(number)s 拆出，不晚于原工单的期限 %(due)s"),
    Kind.PROVISIONAL: N_("%(last)s 之后的放假安排尚未公布，到期时间可能调整"),
}
HOLIDAYS: Final = (  # names of days off as the notices write them, so that they can be translated
    N_("休息日"), N_("元旦"), N_("元旦补假"), N_("春节"), N_("清明节"), N_("劳动节"), N_("端午节"),
    N_("中秋节"), N_("国庆节"), N_("国庆节、中秋节"),
)  # fmt: skip
Judged = tuple[dt.date, Kind, str]  # a day, what it is to the count, and its name


def of(kind: Kind, **blanks: Any) -> Step:
    """Return a step; moments and days among *blanks* are written as ISO 8601."""
    return {"step": kind.value} | {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in blanks.items()
    }


def runs(days: Iterable[Judged]) -> Iterator[Step]:
    """Gather days that follow each other and count alike into one step each."""
    total = 0
    for (kind, name), run in groupby(days, key=lambda day: day[1:]):
        found = [day for day, _, _ in run]
        span = {"first": found[0], "last": found[-1], "n": len(found)}
        if kind is Kind.SKIPPED:
            yield of(kind, **span, name=name)
        else:
            total += len(found)
            yield of(kind, **span, total=total)
