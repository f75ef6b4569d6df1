"""What came, what is foreseen and who is rostered, as the pages ask for them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from hotline.calls import queries as calls
from hotline.calls.models import Call
from hotline.core.language import local
from hotline.core.time import UTCDateTime
from hotline.deadlines import queries as deadlines
from hotline.rates.cohorts import CALLED, days, midnight
from hotline.rates.elapsed import elapsed
from hotline.rates.facts import FACTS
from hotline.staff import queries as staff
from hotline.staff.models import Shift
from hotline.staff.presence import BUSY_OR_READY
from hotline.staff.skills import Duty
from hotline.staffing import forecast, plan
from hotline.staffing.forecast import LIKE, SLOT, SLOTS, Forecast, History, Tested
from hotline.staffing.models import DayForecast
from hotline.staffing.plan import Advice, Assumptions, Slot

WEEKS: Final = dt.timedelta(weeks=LIKE)
TESTED: Final = 28  # days the forecast is tested on
EPOCH: Final = literal(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), UTCDateTime())
SLOT_MS: Final = int(SLOT.total_seconds() * 1000)
ARRIVED: Final = FACTS["calls_queued"]  # who wanted a person; who rings again counts again
HANDLED: Final = FACTS["calls_handled"]
NO_CALLS: Final = [0.0] * SLOTS


@dataclass(frozen=True)
class DayPlan:
    """A day's half hours, the forecast behind them, and how that forecast did lately."""

    assumed: Assumptions
    forecast: Forecast | None
    slots: Sequence[Slot]
    tested: Sequence[Tested]


def history(session: Session, first: dt.date, last: dt.date) -> History:
    """Return the calls that entered the human queue, by local day and half hour.

    Every day from that of the first call on is there, quiet ones with noughts: a day without
    calls is news, days before the hotline opened are none.
    """
    slot = (elapsed(EPOCH, Call.received_at) // SLOT_MS).label("slot")
    rows = session.execute(
        select(slot, func.count())
        .where(CALLED.within(first, last), ARRIVED.where)
        .group_by("slot")
        .order_by("slot")
    ).all()
    if not rows:
        return {}
    begun = _local(rows[0][0]).date()
    found = {day: [0] * SLOTS for day in days(begun, last)}
    for number, n in rows:
        at = _local(number)
        found[at.date()][at.hour * 2 + at.minute // 30] += n
    return found


def _local(slot: int) -> dt.datetime:
    return local(dt.datetime.fromtimestamp(slot * SLOT_MS / 1000, dt.UTC))


def day(session: Session, wanted: dt.date, assumed: Assumptions, *, now: dt.datetime) -> DayPlan:
    """Return the plan of a local day, with the forecast tested on the days that are over."""
    today = local(now).date()
    known = history(session, min(wanted, today - dt.timedelta(days=TESTED)) - WEEKS, today)
    over = {one: counts for one, counts in known.items() if one < today}
    calendar = deadlines.calendar(session)
    made = forecast.foresee(wanted, over, calendar)
    last_days = list(days(today - dt.timedelta(days=TESTED), today - dt.timedelta(days=1)))
    return DayPlan(
        assumed,
        made,
        plan.of_day(
            made.course if made else NO_CALLS,
            rostered(session, wanted),
            _came(known.get(wanted), wanted, now),
            assumed,
        ),
        forecast.back_test(last_days, over, calendar),
    )


def _came(counts: Sequence[int] | None, wanted: dt.date, now: dt.datetime) -> Sequence[int | None]:
    """Return what came in the half hours that are over."""
    starts = [midnight(wanted) + number * SLOT for number in range(SLOTS)]
    known = counts or [0] * SLOTS
    return [known[number] if start + SLOT <= now else None for number, start in enumerate(starts)]


def usual(session: Session, *, now: dt.datetime) -> Assumptions:
    """Return the assumptions with the handling time that was measured in the last four weeks."""
    today = local(now).date()
    handling = FACTS["handling"].counted
    total, n = session.execute(
        select(handling, HANDLED.counted).where(
            CALLED.within(today - dt.timedelta(days=TESTED), today)
        )
    ).one()
    low, high = plan.BOUNDS["handling"]
    return (
        replace(Assumptions(), handling=min(max(round(total / n / 1000), low), high))
        if n
        else (Assumptions())
    )


def rostered(session: Session, wanted: dt.date) -> Sequence[int]:
    """Return how many are rostered for a seat through each half hour of a local day."""
    begins = midnight(wanted)
    shifts = session.execute(
        select(Shift.begins_at, Shift.ends_at).where(
            Shift.duty == Duty.SEAT,
            Shift.begins_at < begins + dt.timedelta(days=1),
            Shift.ends_at > begins,
        )
    )
    return plan.covered([(row[0], row[1]) for row in shifts], begins)


def foreseen(session: Session, wanted: dt.date, *, now: dt.datetime) -> Forecast | None:
    """Return the forecast of a day from those that are over; None where they are too few."""
    yesterday = local(now).date() - dt.timedelta(days=1)
    known = history(session, wanted - WEEKS, yesterday)
    return forecast.foresee(wanted, known, deadlines.calendar(session))


def next_half_hour(session: Session, *, now: dt.datetime) -> Advice | None:
    """Return the advice for the next thirty minutes; None while nothing can be foreseen."""
    at = local(now)
    today, tomorrow = (
        session.get(DayForecast, at.date() + dt.timedelta(days=ahead)) for ahead in (0, 1)
    )
    if today is None:
        return None
    expected = forecast.soon(today.course, (tomorrow or today).course, at.hour * 60 + at.minute)
    there = [presence for _, presence in staff.seats(session) if presence.state in BUSY_OR_READY]
    return plan.advise(
        expected,
        calls.waiting(session).queued,
        len(there),
        replace(Assumptions(), handling=today.handling),
    )
