"""The nightly recount: each day of the last half year is counted anew while little else is done.

One day a minute between two and five o'clock, chosen by the clock alone: any number of clocks may
do it, and a night that was missed is made up by the next. What differs is mended, and the leads
hear of it: a rollup that was wrong is news even when it is right again.
"""

import datetime as dt
from functools import partial
from typing import Final

import structlog
from sqlalchemy.orm import Session

from hotline.core.db import Transact
from hotline.core.engines import open_snapshot
from hotline.core.language import local
from hotline.core.roles import Role
from hotline.core.words import N_
from hotline.messages import desk
from hotline.rates import jobs
from hotline.staff import queries as staff
from hotline.units import queries as units

log = structlog.get_logger()

BEGINS: Final = dt.time(2)  # local
DAYS: Final = 180  # one a minute


def day_of_the_minute(now: dt.datetime) -> dt.date | None:
    """Return which day is counted anew at *now*, yesterday first; None outside the hours."""
    here = local(now)
    began = here.replace(hour=BEGINS.hour, minute=0, second=0, microsecond=0)
    minute = int((here - began).total_seconds() // 60)
    return (here - dt.timedelta(days=1 + minute)).date() if 0 <= minute < DAYS else None


def prove(transact: Transact, *, now: dt.datetime) -> int:
    """Count the day of this minute anew; return how many numbers were wrong."""
    day = day_of_the_minute(now)
    return 0 if day is None else transact(partial(_prove, day=day, now=now))


def _prove(session: Session, *, day: dt.date, now: dt.datetime) -> int:
    open_snapshot(session)
    if jobs.roll_up(session, now=now) >= jobs.BATCH:
        return 0  # much is new: the rollup has not caught up, so a difference would mean nothing
    session.flush()
    found = jobs.recount(session, day, day, now=now)
    if found:
        log.error("rates.differed", day=str(day), numbers=len(found), first=found[0].key.fact)
        _alarm(session, day, len(found), now)
    return len(found)


def _alarm(session: Session, day: dt.date, numbers: int, now: dt.datetime) -> None:
    centre = units.unit(session, "hotline")
    for person in staff.leads(session, centre.id, Role.SUPERVISOR):
        desk.notify(
            session,
            person.id,
            "recount",
            N_("夜间重数发现 %(day)s 有 %(n)s 个数字与记录不符，已修复，请查明原因。"),
            params={"day": str(day), "n": numbers},
            purpose=f"recount:{day}:{now:%Y%m%d}:{person.id}",
            now=now,
        )
