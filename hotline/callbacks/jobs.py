"""What the clock does for callbacks: debts of ended calls, and the end of patience."""

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from hotline.callbacks import dialling, service
from hotline.calls import service as calls
from hotline.core.db import Transact

BATCH: Final = 100


def settle_ended(transact: Transact, *, now: dt.datetime) -> int:
    """Owe a callback for each ended call that no door saw to; the row is the event.

    Returns:
        How many calls there were.
    """

    def work(session: Session) -> int:
        ended = calls.unsettled(session, limit=BATCH)
        for call in ended:
            service.heed(session, call, now=now)
        return len(ended)

    return transact(work)


def settle_dialled(transact: Transact, *, now: dt.datetime) -> int:
    """Make tries of the calls that were placed; the row is the event."""
    return transact(lambda session: dialling.settle(session, now=now, limit=BATCH))


def close_unreachable(transact: Transact, *, now: dt.datetime) -> int:
    """Close callbacks whose worker answered neither calls nor message for three days."""
    return transact(lambda session: service.close_unreachable(session, now=now, limit=BATCH))
