"""When a worker is asked, asked again, and no more.

The first question leaves at once outside the quiet hours, else when they end; a reminder
follows after 24 hours, and 72 hours later the hotline gives up. By telephone three tries
are made over two days.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from hotline.core.tries import Plan
from hotline.messages.quiet import QuietHours
from hotline.surveys.states import NotPossible, SurveyChannel, SurveyState

REMIND_AFTER: Final = dt.timedelta(hours=24)
GIVE_UP_AFTER: Final = dt.timedelta(hours=72)
NOTIFY_AGAIN: Final = dt.timedelta(days=1)
TRIES: Final = 2  # by SMS
MOST_ASKED: Final = 2
MOST_ASKED_WITHIN: Final = dt.timedelta(days=30)
HIGHEST_LEVEL: Final = 3
CRISIS_CATEGORY: Final = "N2"

#: By telephone (domain, section 1.5, row 28).
CALLS: Final = Plan(tries=3, parts=2, span=dt.timedelta(days=2), between=dt.timedelta(hours=4))
#: How a worker is asked, first to last, by whether an SMS can be answered here and by
#: service class; None is every class without a row of its own.
CHANNELS: Final[Mapping[tuple[bool, str | None], tuple[SurveyChannel, ...]]] = {
    (True, None): (SurveyChannel.SMS,),
    (False, None): (SurveyChannel.KEYPRESS,),
}


class Step(StrEnum):
    """What is to be done with a survey that is due."""

    ASK = "ask"
    GIVE_UP = "give_up"
    TELL_PERSON = "tell_person"  # only somebody at a desk can go on


def channels(class_code: str, *, two_way: bool) -> tuple[SurveyChannel, ...]:
    """Return how workers of a service class are asked, first to last."""
    return CHANNELS.get((two_way, class_code), CHANNELS[two_way, None])


def waking(moment: dt.datetime, quiet: QuietHours | None) -> dt.datetime:
    """Return *moment*, or the end of the quiet hours it falls into."""
    return (quiet.until(moment) if quiet else None) or moment


def next_step(state: SurveyState, channel: SurveyChannel, tries: int) -> Step:
    """Return what is due for an open survey that was sent *tries* times.

    An SMS that has not left yet was only put off: its worker was on the telephone.
    """
    put_off = state is SurveyState.DUE and channel is SurveyChannel.SMS
    if state is not SurveyState.ASKED and not put_off:
        return Step.TELL_PERSON
    return Step.ASK if tries < TRIES else Step.GIVE_UP


def look_again(tries: int, asked_at: dt.datetime) -> dt.datetime:
    """Return when an SMS sent at *asked_at*, the one of number *tries*, has waited long enough."""
    return asked_at + (REMIND_AFTER if tries < TRIES else GIVE_UP_AFTER)


def not_possible(
    *,
    phone: str | None,
    anonymous: bool,
    opted_out: bool,
    level: int | None,
    urgency: str,
    category: str | None,
    asked_lately: int,
    exempt: NotPossible | None = None,
) -> NotPossible | None:
    """Return why nobody may be asked, or None; what could harm the worker weighs most.

    *asked_lately* counts the surveys of the same number in the last 30 days; *exempt* is why
    the number is on the list of those nobody asks.
    """
    if exempt is not None:
        return exempt
    reasons = (
        (level == HIGHEST_LEVEL, NotPossible.LEVEL_3),
        (urgency == "critical" or category == CRISIS_CATEGORY, NotPossible.CRISIS),
        (anonymous, NotPossible.ANONYMOUS),
        (phone is None, NotPossible.NO_NUMBER),
        (opted_out, NotPossible.OPTED_OUT),
        (asked_lately >= MOST_ASKED, NotPossible.CAPPED),
    )
    return next((reason for holds, reason in reasons if holds), None)
