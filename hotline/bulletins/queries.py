"""Bulletins as pages, API, exports and reports ask for them."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select, tuple_
from sqlalchemy.orm import Session, aliased, defer

from hotline.bulletins import content
from hotline.bulletins.models import Bulletin
from hotline.bulletins.periods import Period, PeriodKind
from hotline.bulletins.snapshot import Snapshot
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.rows import one


def bulletin(session: Session, bulletin_id: int) -> Bulletin:
    """Return one edition.

    Raises:
        NotFound: There is none.
    """
    return one(session, Bulletin, bulletin_id)


def newest(session: Session, period: Period) -> Bulletin | None:
    """Return the newest edition of *period*, or None before it is frozen."""
    return session.scalar(
        select(Bulletin)
        .where(Bulletin.kind == period.kind, Bulletin.first == period.first)
        .order_by(Bulletin.edition.desc())
        .limit(1)
    )


def editions(session: Session, period: Period) -> list[Bulletin]:
    """Return every edition of *period*, the first one first, without their numbers."""
    return [
        *session.scalars(
            select(Bulletin)
            .where(Bulletin.kind == period.kind, Bulletin.first == period.first)
            .order_by(Bulletin.edition)
            .options(defer(Bulletin.content))
        )
    ]


def page(
    session: Session, *, kind: PeriodKind | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Bulletin]:
    """List the newest edition of each period, the latest period first, without their numbers.

    Raises:
        Invalid: The cursor is not one of ours.
    """
    later = aliased(Bulletin)
    replaced = exists().where(
        later.kind == Bulletin.kind,
        later.first == Bulletin.first,
        later.edition > Bulletin.edition,
    )
    query = (
        select(Bulletin)
        .where(~replaced, *([Bulletin.kind == kind] if kind else []))
        .order_by(Bulletin.first.desc(), Bulletin.id.desc())
        .limit(limit + 1)
        .options(defer(Bulletin.content))
    )
    if key := read_cursor(cursor, dt.date, int):
        query = query.where(tuple_(Bulletin.first, Bulletin.id) < key)
    return cut(session.scalars(query).all(), limit, lambda row: [row.first, row.id])


def said(found: Bulletin) -> Mapping[str, Any]:
    """Return what a bulletin says, as it was signed."""
    told: Mapping[str, Any] = json.loads(found.content)
    return told


def opened(found: Bulletin) -> Snapshot:
    """Return the numbers of a bulletin, of the same shape as those of today."""
    return content.read(said(found))


def period(found: Bulletin) -> Period:
    """Return the period that a bulletin is of."""
    return Period(found.kind, found.first, found.last)
