"""What was compared with the carrier's lists, as the clock and the commands ask for it."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import and_, func, not_, select
from sqlalchemy.orm import Session

from hotline.core.paging import Page, cut, read_cursor
from hotline.intake import quarters
from hotline.intake.models import Difference, Reconciliation

#: A quarter that old is compared no more, unless everything stood still since.
OLDEST = quarters.LATER[-1] + dt.timedelta(days=1)
STANDING = and_(Difference.mended_at.is_(None), Difference.explained_at.is_(None))


def quarters_due(session: Session, now: dt.datetime) -> Sequence[dt.datetime]:
    """Return the quarters of an hour to compare now, in order; at first the last two."""
    first = session.scalar(select(func.min(Reconciliation.since)))
    last = session.scalar(select(func.max(Reconciliation.since)))
    if first is None or last is None:
        return [*quarters.between(now - quarters.QUARTER, now)]
    begun = max(first, min(last, quarters.floor(now - OLDEST)))
    rows = session.execute(
        select(Reconciliation.since, Reconciliation.next_at).where(Reconciliation.since >= begun)
    )
    return quarters.due({row.since: row.next_at for row in rows}, begun, now)


def open_differences(
    session: Session, since: dt.datetime, until: dt.datetime
) -> Sequence[Difference]:
    """Return what the carrier lists in a time and nobody mended or explained, oldest first."""
    return session.scalars(
        select(Difference)
        .where(STANDING, Difference.at >= since, Difference.at < until)
        .order_by(Difference.at, Difference.id)
    ).all()


def differences(
    session: Session, *, settled: bool, cursor: str | None = None, limit: int = 50
) -> Page[Difference]:
    """Return differences, newest first: those that stand open, or those mended or explained.

    Raises:
        Invalid: The cursor is not one of ours.
    """
    asked = select(Difference).where(not_(STANDING) if settled else STANDING)
    if key := read_cursor(cursor, int):
        asked = asked.where(Difference.id < key[0])
    found = session.scalars(asked.order_by(Difference.id.desc()).limit(limit + 1)).all()
    return cut(found, limit, lambda row: [row.id])
