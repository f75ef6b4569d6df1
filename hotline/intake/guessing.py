"""How often somebody may press a wrong number or PIN: an exact count in the database.

Three wrong tries of a caller's number are enough for a day; and ten at one ticket,
whoever presses them, since numbers can be forged. Tries under the same key wait for each
other's row.
"""

import datetime as dt
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline.core.privacy import blind_index
from hotline.intake.models import WrongPin

WITHIN: Final = dt.timedelta(days=1)
PER_CALLER: Final = 3
PER_TICKET: Final = 10


def refused(session: Session, caller: str, number: str | None = None, *, now: dt.datetime) -> bool:
    """Return whether *caller* has none left, or *number* is closed to everybody today.

    The rows are held until the transaction ends.
    """
    return any(
        len(_recent(_row(session, key, now).moments, now)) >= most
        for key, most in _keys(caller, number)
    )


def count(session: Session, caller: str, number: str, *, now: dt.datetime) -> None:
    """Count a wrong try of *caller* at the ticket *number*, whether there is one or not."""
    for key, _ in _keys(caller, number):
        row = _row(session, key, now)
        row.moments, row.last_at = [*_recent(row.moments, now), now.isoformat()], now


def forget(session: Session, *, now: dt.datetime) -> None:
    """Delete the tries that count no more."""
    session.execute(delete(WrongPin).where(WrongPin.last_at <= now - WITHIN))


def _keys(caller: str, number: str | None) -> list[tuple[bytes, int]]:
    """Return the keys with their limits, in the order in which every try locks them."""
    keys = [(blind_index(f"caller:{caller}"), PER_CALLER)]
    if number is not None:
        keys.append((blind_index(f"ticket:{number}"), PER_TICKET))
    return keys


def _row(session: Session, key: bytes, now: dt.datetime) -> WrongPin:
    """Return the locked row of *key*; two that make it at once run again by its unique key."""
    row = session.scalar(select(WrongPin).where(WrongPin.key == key).with_for_update())
    if row is None:
        row = WrongPin(key=key, moments=[], last_at=now)
        session.add(row)
        session.flush()
    return row


def _recent(moments: list[str], now: dt.datetime) -> list[str]:
    return [moment for moment in moments if dt.datetime.fromisoformat(moment) > now - WITHIN]
