"""Hours as they hang on a door, read into the spans of `calls.hours`: `周一至周五 9:00-17:30`."""

import re
from typing import Final

from hotline.calls.hours import HOLIDAY, MAKEUP, Span

WEEK: Final = "一二三四五六日"
FRIDAY: Final = 4
FULL: Final = 24 * 60
ALL_DAY: Final = "全天"
DAYS: Final = re.compile(
    rf"(?P<every>每天)|(?P<holiday>节假日)|[周星期]*(?P<first>[{WEEK}天])(?:(?:至|到|-)[周星期]*(?P<last>[{WEEK}天]))?"
)
TIME: Final = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
PLAIN: Final = str.maketrans("：—–～~", ":----")


def read(text: str) -> tuple[Span, ...]:
    """Return when something is open; no holiday counts unless it is named, or every day is.

    A day of the weekend that is worked has the hours of a Friday.

    Raises:
        ValueError: A part names no days or no times; the part is in the error.
    """
    spans: list[Span] = []
    for part in re.split(r"[；;\n]", text.translate(PLAIN)):
        if part.strip():
            spans += _part(part.strip())
    if not spans:
        raise ValueError(text)
    worked = [Span(MAKEUP, each.opens, each.closes) for each in spans if each.weekday == FRIDAY]
    return tuple(dict.fromkeys([*spans, *worked]))


def _part(part: str) -> list[Span]:
    days, times = DAYS.match(part), TIME.findall(part)
    rest = TIME.sub("", part[days.end() :]) if days else part
    if (
        days is None
        or rest.strip(" 、,，") not in {"", ALL_DAY}
        or bool(times) == (ALL_DAY in part)
    ):
        raise ValueError(part)
    spans = [(0, FULL)] if not times else [_span(part, *map(int, each)) for each in times]
    return [Span(day, *span) for day in _days(days) for span in spans]


def _days(said: re.Match[str]) -> range | tuple[int, ...]:
    if said["every"]:
        return range(HOLIDAY + 1)
    if said["holiday"]:
        return (HOLIDAY,)
    first, last = (
        WEEK.index(day.replace("天", "日"))
        for day in (said["first"], said["last"] or said["first"])
    )
    return range(first, last + 1)


def _span(part: str, *clock: int) -> tuple[int, int]:
    opens, closes = clock[0] * 60 + clock[1], clock[2] * 60 + clock[3]
    if not opens < closes <= FULL or max(clock[1], clock[3]) > 59:  # noqa: PLR2004 - minutes
        raise ValueError(part)
    return opens, closes
