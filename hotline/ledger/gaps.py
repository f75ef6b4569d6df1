"""I6: the numbers of a day have no gap, and no number is outside the day's count."""

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from hotline.core.bundle import prefix, written_number
from hotline.core.language import local, zone
from hotline.ledger.faults import Fault
from hotline.tickets.models import DayCounter, Ticket


def midnight(day: dt.date) -> dt.datetime:
    """Return the moment at which *day* begins in the hotline's zone."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=zone())


def days(session: Session, ordinals: Sequence[int], now: dt.datetime) -> Iterator[Fault]:
    """Yield each number that the counter of one of these days has given and no ticket bears."""
    for day in map(dt.date.fromordinal, ordinals):
        within = and_(
            Ticket.received_at >= midnight(day),
            Ticket.received_at < midnight(day + dt.timedelta(days=1)),
        )
        rows = session.execute(
            select(DayCounter.n, Ticket.number)
            .outerjoin(Ticket, within)
            .where(DayCounter.day == day)
        ).all()
        borne = {number for _, number in rows}
        for n in range(1, rows[0][0] + 1 if rows else 0):
            if (number := written_number(day, n)) not in borne:
                yield Fault(day.toordinal(), number, "number_missing")


def lately(session: Session, now: dt.datetime) -> Sequence[int]:
    """Return today and yesterday."""
    today = local(now).date().toordinal()
    return [today - 1, today]


def counted_days(session: Session, above: int, limit: int) -> Sequence[int]:
    """Return the days that have a counter, in order."""
    after = dt.date.fromordinal(max(above, 1))
    known = select(DayCounter.day).where(DayCounter.day > after).order_by(DayCounter.day)
    return [day.toordinal() for day in session.scalars(known.limit(limit))]


def tickets(session: Session, ids: Sequence[int], now: dt.datetime) -> Iterator[Fault]:
    """Yield which of these tickets bear a number that their day's counter has not given."""
    rows = session.execute(
        select(Ticket.id, Ticket.number, Ticket.received_at, Ticket.unit_id).where(
            Ticket.id.in_(ids)
        )
    ).all()
    counted = _counted(session, {local(row.received_at).date() for row in rows})
    for row in rows:
        day = local(row.received_at).date()
        n = row.number.removeprefix(prefix(day))
        if not n.isdecimal() or not 1 <= int(n) <= counted.get(day, 0):
            yield Fault(row.id, row.number, "number_uncounted", row.unit_id)


def _counted(session: Session, days: set[dt.date]) -> dict[dt.date, int]:
    rows = session.execute(select(DayCounter.day, DayCounter.n).where(DayCounter.day.in_(days)))
    return {row.day: row.n for row in rows}
