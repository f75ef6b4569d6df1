"""How often somebody may try to log in: per login, and per address.

An attempt is counted before the password is looked at and struck out when it was right.
"""

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from hotline.core import attempts
from hotline.core.attempts import Limit
from hotline.core.errors import TooMany

WINDOW: Final = dt.timedelta(minutes=15)
PER_LOGIN: Final = 5
PER_ADDRESS: Final = 20


def count(session: Session, login: str, ip: str, *, now: dt.datetime) -> None:
    """Count an attempt as failed until `forgive` says otherwise.

    Raises:
        TooMany: Five failures for the login or twenty from the address in 15 minutes.
    """
    for limit in _limits(login, ip):
        opens = attempts.barred_until(session, limit, now=now)
        if opens is not None:
            raise TooMany(retry_after=max(1, int((opens - now).total_seconds()) + 1))
        attempts.count(session, limit, now=now)


def forgive(session: Session, login: str, ip: str, *, counted_at: dt.datetime) -> None:
    """Strike out the attempt counted at *counted_at*: it was right after all."""
    for limit in _limits(login, ip):
        attempts.strike_out(session, limit, counted_at=counted_at)


def _limits(login: str, ip: str) -> tuple[Limit, Limit]:
    """Return the limits in the order in which every attempt locks their rows."""
    return (
        Limit(f"login:{login.casefold()}", PER_LOGIN, WINDOW),
        Limit(f"address:{ip}", PER_ADDRESS, WINDOW),
    )
