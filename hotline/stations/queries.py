"""Stations, as lists, calls and SMS ask for them."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from hotline.calls.hours import Hours, is_open
from hotline.core.language import local
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.rows import one
from hotline.deadlines import queries as deadlines
from hotline.stations import hours, nearness
from hotline.stations.models import Kind, Station

LOOKED_AT: Final = 200  # of a league and of the whole region, before the nearest are taken
WHOLE_REGION: Final = "150000"


def by_id(session: Session, station_id: int) -> Station:
    """Return one station.

    Raises:
        NotFound: There is none.
    """
    return one(session, Station, station_id)


def page(
    session: Session,
    *,
    region: str | None,
    kind: Kind | None,
    cursor: str | None,
    limit: int,
) -> Page[Station]:
    """Return stations by region and number: those of *region* and below, the former ones too."""
    query = select(Station).order_by(Station.region_code, Station.id).limit(limit + 1)
    if region:
        query = query.where(Station.region_code.between(*nearness.within(region)))
    if kind:
        query = query.where(Station.kind == kind)
    if key := read_cursor(cursor, str, int):
        query = query.where(tuple_(Station.region_code, Station.id) > key)
    return cut(session.scalars(query).all(), limit, lambda row: [row.region_code, row.id])


def near(
    session: Session, region: str, today: dt.date, *, kind: Kind | None = None, limit: int = 3
) -> Sequence[Station]:
    """Return what is open to somebody in *region*, the nearest first."""
    league = region[: nearness.LEAGUE].ljust(nearness.BANNER, "0")
    query = select(Station).where(
        or_(
            Station.region_code.between(*nearness.within(league)),
            Station.region_code == WHOLE_REGION,
        ),
        valid(today),
    )
    if kind:
        query = query.where(Station.kind == kind)
    rows = session.scalars(query.order_by(Station.region_code, Station.id).limit(LOOKED_AT)).all()
    return sorted(rows, key=lambda row: (nearness.steps(row.region_code, region), row.id))[:limit]


def valid(today: dt.date) -> ColumnElement[bool]:
    """Return the condition that a station is there *today*."""
    last = or_(Station.valid_to.is_(None), Station.valid_to >= today)
    return and_(Station.valid_from <= today, last)


def open_now(session: Session, stations: Sequence[Station], now: dt.datetime) -> set[int]:
    """Return the ids of those that are open at this moment, holidays by the calendar."""
    calendar, here = deadlines.calendar(session), local(now)
    return {
        row.id
        for row in stations
        if (row.valid_to is None or row.valid_to >= here.date())
        and is_open(Hours(hours.read(row.hours), calendar), here)
    }
