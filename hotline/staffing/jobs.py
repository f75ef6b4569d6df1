"""The forecasts of today and tomorrow, made once each."""

import datetime as dt
from functools import partial

from sqlalchemy.orm import Session

from hotline.core.db import Transact
from hotline.core.language import local
from hotline.staffing import queries
from hotline.staffing.models import DayForecast


def foresee(transact: Transact, *, now: dt.datetime) -> int:
    """Make the forecast of today and of tomorrow where there is none yet; return how many."""
    today = local(now).date()
    wanted = (today, today + dt.timedelta(days=1))
    return sum(transact(partial(_make, day=day, now=now)) for day in wanted)


def _make(session: Session, *, day: dt.date, now: dt.datetime) -> bool:
    if session.get(DayForecast, day) is not None:
        return False
    made = queries.foreseen(session, day, now=now)
    if made is None:
        return False
    handling = queries.usual(session, now=now).handling
    session.add(DayForecast(day=day, course=list(made.course), handling=handling, made_at=now))
    return True
