"""What the clock does for bulletins: each closed period is frozen when its grace is over."""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.bulletins import periods, queries, service
from hotline.bulletins.periods import Period, PeriodKind
from hotline.core.db import Transact, reading
from hotline.core.language import local
from hotline.rates.cohorts import day_of, midnight
from hotline.rates.models import RollupMark
from hotline.tickets.models import Ticket

AT_ONCE: Final = 3  # a round; a new installation with a history takes a few rounds


def freeze_closed(transact: Transact, *, now: dt.datetime) -> int:
    """Freeze what is closed and counted and was not published; return how many periods that is.

    Two clocks may try: an edition of a period is unique, and the second finds the first one's.
    """
    with reading() as session:
        due = _due(session, now)[:AT_ONCE]
    for period in due:
        transact(partial(_freeze, period=period, now=now))
    return len(due)


def _freeze(session: Session, *, period: Period, now: dt.datetime) -> None:
    service.freeze(session, period, actor=service.CLOCK, now=now)


def _due(session: Session, now: dt.datetime) -> list[Period]:
    """Return the periods to freeze, the oldest first: none from before there was a ticket."""
    ours = select(func.min(Ticket.received_at)).where(Ticket.import_id.is_(None))
    began = session.scalar(ours)
    counted = session.scalar(select(func.min(RollupMark.at)))
    if began is None or counted is None:
        return []
    closed = _closed(local(now))
    return sorted(
        period
        for period in closed
        if period.last >= day_of(began)
        and counted >= midnight(period.last + periods.DAY)
        and queries.newest(session, period) is None
    )


def _closed(now: dt.datetime) -> Iterable[Period]:
    return (period for kind in PeriodKind for period in periods.closed(kind, now))
