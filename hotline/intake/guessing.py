"""How often somebody may press a wrong number or PIN.

Three wrong tries of a caller's number are enough for a day; and ten at one ticket,
whoever presses them, since numbers can be forged.
"""

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from hotline.core import attempts
from hotline.core.attempts import Limit

WITHIN: Final = dt.timedelta(days=1)
PER_CALLER: Final = 3
PER_TICKET: Final = 10


def refused(session: Session, caller: str, number: str | None = None, *, now: dt.datetime) -> bool:
    """Return whether *caller* has none left, or *number* is closed to everybody today."""
    return any(
        attempts.barred_until(session, limit, now=now) is not None
        for limit in _limits(caller, number)
    )


def count(session: Session, caller: str, number: str, *, now: dt.datetime) -> None:
    """Count a wrong try of *caller* at the ticket *number*, whether there is one or not."""
    for limit in _limits(caller, number):
        attempts.count(session, limit, now=now)


def _limits(caller: str, number: str | None) -> list[Limit]:
    """Return the limits in the order in which every try locks their rows."""
    limits = [Limit(f"caller:{caller}", PER_CALLER, WITHIN)]
    if number is not None:
        limits.append(Limit(f"ticket:{number}", PER_TICKET, WITHIN))
    return limits
