"""What the clock does for the chain: new rows of the record get a seal.

The way in pays nothing for it: it writes its rows as ever, and this job follows behind.
"""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import Final

import structlog
from sqlalchemy.orm import Session

from hotline.core.db import Transact, reading
from hotline.ledger import chain, record

log = structlog.get_logger()

TURNS: Final = 40  # seals of one table in a round; then the clock's other jobs get their turn


def seal_new(
    transact: Transact, *, now: dt.datetime, origins: Iterable[str] = record.RECORD
) -> int:
    """Seal what is not sealed yet, in small transactions; return how many rows were.

    Two clocks may try: the number of a seal is unique, and the second sees the first one's.
    Each seal is also told to the log, which lies outside the database: what the log has told,
    a chain that was cut or made anew no longer holds.
    """
    with reading() as session:
        waiting = [origin for origin in origins if chain.unsealed(session, origin, now=now)]
    return sum(_keep_up(transact, origin, now) for origin in waiting)


def _keep_up(transact: Transact, origin: str, now: dt.datetime) -> int:
    rows = 0
    for _ in range(TURNS):
        count = transact(partial(_seal, origin=origin, now=now))
        rows += count
        if count < chain.BATCH:
            break
    return rows


def _seal(session: Session, *, origin: str, now: dt.datetime) -> int:
    made = chain.seal(session, origin, now=now)
    if made is None:
        return 0
    log.info("record.sealed", number=made.number, hash=made.hash.hex(), origin=origin)
    return made.count
