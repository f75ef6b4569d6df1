"""The life of a survey; this file imports no framework.

due → asked → answered
asked → unclear → answered: a person reads what the rules cannot
asked → unreachable → answered: every try was made, and a late answer still counts
due → not_possible → answered: a worker may speak although nobody asked
any open one → closed: the matter was reopened
"""

from enum import StrEnum
from typing import Final


class SurveyState(StrEnum):
    """How far the asking has come."""

    DUE = "due"  # nobody was asked yet: a number that takes no SMS waits for a surveyor
    ASKED = "asked"
    UNCLEAR = "unclear"  # there is an answer that only a person can read
    ANSWERED = "answered"
    UNREACHABLE = "unreachable"  # every try was made; never counted as satisfied
    NOT_POSSIBLE = "not_possible"  # never counted as satisfied
    CLOSED = "closed"


class SurveyChannel(StrEnum):
    """How the answer came."""

    SMS = "sms"
    KEYPRESS = "keypress"  # pressed during a call
    CALL = "call"  # asked by a surveyor
    PERSON = "person"


class Solved(StrEnum):
    """Whether the matter is solved, in the worker's own judgement."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class NotPossible(StrEnum):
    """Why nobody is asked."""

    NO_NUMBER = "no_number"
    ANONYMOUS = "anonymous"
    OPTED_OUT = "opted_out"
    LEVEL_3 = "level_3"
    CRISIS = "crisis"
    CAPPED = "capped"  # the number was asked twice in 30 days
    DECEASED = "deceased"
    PROTECTED = "protected"


class Exempt(StrEnum):
    """Why a number is on the list of those nobody asks."""

    DECEASED = "deceased"
    PROTECTED = "protected"  # witness protection, domestic violence, threats


class CheckOutcome(StrEnum):
    """What the second call about an answer came to."""

    HEARD = "heard"
    UNREACHABLE = "unreached"
    REFUSED = "unwilling"


S = SurveyState
OPEN: Final = frozenset({S.DUE, S.ASKED, S.UNCLEAR})
WITHOUT_ANSWER: Final = OPEN | {S.UNREACHABLE, S.NOT_POSSIBLE}
SATISFIED: Final = frozenset({1, 2, 3})
