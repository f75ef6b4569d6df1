"""Derivations in the reader's language: each step becomes one sentence."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Final

from hotline.core.language import gettext, local, ngettext
from hotline.core.words import N_
from hotline.deadlines.arithmetic import Limit, Tick
from hotline.deadlines.steps import SENTENCES, Kind, Step

WEEKDAYS: Final = (
    N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"),
)  # fmt: skip
LIMITS: Final[dict[Tick, Callable[[int], str]]] = {
    Tick.MINUTE: lambda n: ngettext("%(num)s 分钟", "%(num)s 分钟", n),
    Tick.HOUR: lambda n: ngettext("%(num)s 小时", "%(num)s 小时", n),
    Tick.DAY: lambda n: ngettext("%(num)s 个自然日", "%(num)s 个自然日", n),
    Tick.WORKING_HOUR: lambda n: ngettext("%(num)s 个工作小时", "%(num)s 个工作小时", n),
    Tick.WORKING_DAY: lambda n: ngettext("%(num)s 个工作日", "%(num)s 个工作日", n),
}
HOUR: Final = 3600
MINUTE: Final = 60


def told(step: Step | str) -> str:
    """Return the sentence of one step; what was written before steps had a form stays as it is."""
    if isinstance(step, str):
        return step
    blanks = {name: SHOWN.get(name, str)(value) for name, value in step.items() if name != "step"}
    if "first" in step:
        first, last = (_day(step[edge]) for edge in ("first", "last"))
        blanks["days"] = first if first == last else gettext("%(a)s 至 %(b)s", a=first, b=last)
    return gettext(SENTENCES[Kind(step["step"])], **blanks)


def all_told(steps: Iterable[Step | str]) -> list[str]:
    """Return the sentences of a derivation."""
    return [told(step) for step in steps]


def limit_words(text: str) -> str:
    """Return a limit such as `5wd` as people say it: `5 个工作日`."""
    limit = Limit.parse(text)
    return LIMITS[limit.tick](limit.amount)


def _day(text: str) -> str:
    day = dt.date.fromisoformat(text)
    return f"{text} {gettext(WEEKDAYS[day.weekday()])}"


def _moment(text: str) -> str:
    return local(dt.datetime.fromisoformat(text)).strftime("%Y-%m-%d %H:%M")


def _to_the_second(text: str) -> str:
    return local(dt.datetime.fromisoformat(text)).strftime("%Y-%m-%d %H:%M:%S")


def _length(seconds: float) -> str:
    hours, rest = divmod(int(seconds), HOUR)
    return gettext("%(h)s 小时 %(m)s 分", h=hours, m=rest // MINUTE)


SHOWN: Final[dict[str, Callable[[Any], str]]] = {
    "at": _moment,
    "since": _moment,
    "until": _moment,
    "due": _to_the_second,
    "last": _day,
    "limit": limit_words,
    "length": _length,
    "name": gettext,
}
