"""The life of a callback, as a table, and the plan of its tries. No framework here.

Domain reference, section 1.4: three tries in two parts of the day over a day and
a night, then a message and three days of patience. Only a person who was reached, or who
came back by themselves, counts as answered.
"""

import datetime as dt
from enum import StrEnum
from typing import Final

from hotline.core.tries import Plan


class CallbackState(StrEnum):
    """How far an obligation has come."""

    OPEN = "open"
    SMS_SENT = "sms_sent"  # tried enough; we have written and wait
    CLOSED_REACHED = "closed_reached"
    CLOSED_SELF_RETURNED = "closed_self_returned"
    CLOSED_UNREACHABLE = "closed_unreachable"
    CLOSED_NO_NUMBER = "closed_no_number"


class Outcome(StrEnum):
    """What a try came to."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    SWITCHED_OFF = "switched_off"
    REFUSED = "refused"
    WRONG_NUMBER = "wrong_number"


S = CallbackState
OPEN: Final = frozenset({S.OPEN, S.SMS_SENT})
MET: Final = frozenset({S.CLOSED_REACHED, S.CLOSED_SELF_RETURNED})

FIRST_TRY: Final = dt.timedelta(minutes=30)  # from the missed call, in staffed hours
URGENT_TRY: Final = dt.timedelta(minutes=5)  # from when we know of danger, at any hour
RETURNED: Final = dt.timedelta(hours=24)  # whoever calls again so soon has returned
TRIES: Final = Plan(tries=3, parts=2, span=dt.timedelta(hours=24), between=dt.timedelta(hours=4))
PATIENCE: Final = dt.timedelta(hours=72)  # after the message
