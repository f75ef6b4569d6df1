"""Notices on a member of staff's desk: beside an SMS, or instead of one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from hotline.core import upsert
from hotline.core.db import new_id
from hotline.messages.models import DeskNotice

SHOWN: Final = 50
NOTICE: Final = cast(Table, DeskNotice.__table__)


def notify(
    session: Session,
    staff_id: int,
    kind: str,
    text: str,
    *,
    now: dt.datetime,
    params: Mapping[str, Any] | None = None,
    ticket_id: int | None = None,
    purpose: str | None = None,
) -> None:
    """Put a line on somebody's desk; once for each *purpose*.

    *text* is a key of the catalogue (marked with `N_`), filled with *params* when shown.
    """
    session.execute(
        upsert.into(session, NOTICE).on_conflict_do_nothing(),
        {
            "id": new_id(),
            "staff_id": staff_id,
            "purpose": purpose,
            "at": now,
            "kind": kind,
            "ticket_id": ticket_id,
            "text": text,
            "params": dict(params or {}),
        },
    )


def unread(session: Session, staff_id: int, limit: int = SHOWN) -> Sequence[DeskNotice]:
    """Return the newest notices somebody has not read."""
    return session.scalars(
        select(DeskNotice)
        .where(DeskNotice.staff_id == staff_id, DeskNotice.read_at.is_(None))
        .order_by(DeskNotice.id.desc())
        .limit(limit)
    ).all()


def put_away(session: Session, staff_id: int, notice_id: int, now: dt.datetime) -> None:
    """Mark one of somebody's notices as read."""
    session.execute(
        update(DeskNotice)
        .where(
            DeskNotice.staff_id == staff_id,
            DeskNotice.id == notice_id,
            DeskNotice.read_at.is_(None),
        )
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )


def mark_read(session: Session, staff_id: int, up_to: int, now: dt.datetime) -> None:
    """Mark somebody's notices as read, up to and with the id *up_to*."""
    session.execute(
        update(DeskNotice)
        .where(
            DeskNotice.staff_id == staff_id,
            DeskNotice.id <= up_to,
            DeskNotice.read_at.is_(None),
        )
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
