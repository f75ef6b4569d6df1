"""Keeping the rollup equal to the rows."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.db import Transact
from hotline.core.engines import open_snapshot
from hotline.core.journal import read, skip_ahead, unread
from hotline.rates import counting
from hotline.rates.cohorts import COHORTS, day_of, days
from hotline.rates.counting import Difference
from hotline.rates.journals import JOURNALS, Journal, remember_all, unfinished
from hotline.rates.models import DailyCount, RollupMark

BATCH: Final = 200  # entries a turn: on SQLite nobody else writes meanwhile
TURNS: Final = 100  # then the clock's other jobs get their turn


def roll_up(session: Session, *, now: dt.datetime) -> int:
    """Count anew each day that something has changed on since the last turn.

    A day is counted whole, by the same functions as a recount, so a change that is
    read twice or in another order does no harm. Two clocks take turns by the marks,
    which are locked first.

    Returns:
        How many entries were read; at a full batch another turn is worth while.
    """
    entries = 0
    for journal, mark in _marks(session, now):
        ids = unread(session, journal.id, mark, BATCH)
        mark.at = now
        if not ids:
            continue
        entries += len(ids)
        for cohort, day in journal.touched(session, ids):
            counting.repair(session, counting.differences(session, cohort, day))
        read(mark, ids)
    for cohort, day in unfinished(session):
        counting.repair(session, counting.differences(session, cohort, day))
    return entries


def keep_up(transact: Transact, now_fn: Callable[[], dt.datetime]) -> int:
    """Roll up in small transactions until little is left, and return how many entries were read."""
    entries = 0
    for _ in range(TURNS):
        read_now = transact(partial(_turn, now_fn=now_fn))
        entries += read_now
        if read_now < BATCH:
            break
    return entries


def _turn(session: Session, *, now_fn: Callable[[], dt.datetime]) -> int:
    """Roll up from one moment: a day is counted with those rows whose entries are read."""
    open_snapshot(session)
    return roll_up(session, now=now_fn())


def start_afresh(session: Session, *, now: dt.datetime) -> None:
    """Take all entries as read; counting every day anew must follow.

    This is for a rollup that is to be made from many rows at once: after an import, or
    when it is in doubt.
    """
    for journal, mark in _marks(session, now):
        skip_ahead(session, journal.id, mark)
    remember_all(session)


def recount(
    session: Session,
    first: dt.date | None = None,
    last: dt.date | None = None,
    *,
    now: dt.datetime,
    mend: bool = True,
) -> list[Difference]:
    """Compare the rollup with the rows for each day from *first* to *last*, and mend it.

    Without days it takes all that there are rows or counts for. With *mend* the rollup
    equals the rows afterwards; the differences are returned either way, and are empty
    where the job has kept up.
    """
    _marks(session, now)
    found = [
        difference
        for day in days_known(session, first, last)
        for cohort in COHORTS
        for difference in counting.differences(session, cohort, day)
    ]
    if mend:
        counting.repair(session, found)
    return found


def days_known(
    session: Session, first: dt.date | None = None, last: dt.date | None = None
) -> Sequence[dt.date]:
    """Return the days from *first* to *last* that may have rows or counts, in order."""
    known = [
        day_of(moment)
        for cohort in COHORTS
        for moment in session.execute(
            select(func.min(cohort.moment), func.max(cohort.moment))
        ).one()
        if moment
    ]
    counts = session.execute(select(func.min(DailyCount.day), func.max(DailyCount.day))).one()
    known += [day for day in counts if day]
    if not known:
        return []
    low, high = min(known), max(known)
    return list(days(max(low, first or low), min(high, last or high)))


def _marks(session: Session, now: dt.datetime) -> Sequence[tuple[Journal, RollupMark]]:
    """Lock the job's place in each journal; the first turn begins at their start."""
    rows = session.scalars(select(RollupMark).order_by(RollupMark.journal).with_for_update())
    known = {row.journal: row for row in rows}
    for journal in JOURNALS:
        if journal.name not in known:
            known[journal.name] = RollupMark(journal=journal.name, at=now, floor=0, seen=[])
            session.add(known[journal.name])
    session.flush()
    return [(journal, known[journal.name]) for journal in JOURNALS]
