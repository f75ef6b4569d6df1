"""How often somebody may try to log in: an exact count in the database, so it fails closed.

An attempt is counted before the password is looked at and struck out when it was right.
Attempts under the same key wait for each other's row, on both engines.
"""

import datetime as dt
import hashlib
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import TooMany
from hotline.staff.models import LoginFailure

WINDOW: Final = dt.timedelta(minutes=15)
PER_LOGIN: Final = 5
PER_ADDRESS: Final = 20


def count(session: Session, login: str, ip: str, *, now: dt.datetime) -> None:
    """Count an attempt as failed until `forgive` says otherwise.

    Raises:
        TooMany: Five failures for the login or twenty from the address in 15 minutes.
    """
    for key, limit in _keys(login, ip):
        row = _row(session, key, now)
        recent = _recent(row.moments, now)
        if len(recent) >= limit:
            opens = dt.datetime.fromisoformat(recent[-limit]) + WINDOW
            raise TooMany(retry_after=max(1, int((opens - now).total_seconds()) + 1))
        row.moments = [*recent, now.isoformat()]
        row.last_at = now


def forgive(session: Session, login: str, ip: str, *, counted_at: dt.datetime) -> None:
    """Strike out the attempt counted at *counted_at*: it was right after all."""
    for key, _ in _keys(login, ip):
        row = session.get(LoginFailure, key, with_for_update=True)
        if row is not None and counted_at.isoformat() in row.moments:
            moments = list(row.moments)
            moments.remove(counted_at.isoformat())
            row.moments = moments


def _keys(login: str, ip: str) -> tuple[tuple[str, int], ...]:
    """Return the keys with their limits, in the order in which every attempt locks them."""
    return (_key("login", login.casefold()), PER_LOGIN), (_key("ip", ip), PER_ADDRESS)


def _key(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}:{text}".encode()).hexdigest()


def _row(session: Session, key: str, now: dt.datetime) -> LoginFailure:
    """Return the locked row of *key*; two that make it at once run again by its unique key."""
    row = session.scalar(select(LoginFailure).where(LoginFailure.key == key).with_for_update())
    if row is None:
        row = LoginFailure(key=key, moments=[], last_at=now)
        session.add(row)
        session.flush()
    return row


def _recent(moments: list[str], now: dt.datetime) -> list[str]:
    return [moment for moment in moments if dt.datetime.fromisoformat(moment) > now - WINDOW]
