"""What was compared with the carrier's lists, as the clock and the commands ask for it."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.intake import quarters
from hotline.intake.models import Difference, Reconciliation

#: A quarter that old is compared no more, unless everything stood still since.
OLDEST = quarters.LATER[-1] + dt.timedelta(days=1)


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
    """Return what the carrier lists in a time and we could not mend, oldest first."""
    return session.scalars(
        select(Difference)
        .where(Difference.mended_at.is_(None), Difference.at >= since, Difference.at < until)
        .order_by(Difference.at, Difference.id)
    ).all()
