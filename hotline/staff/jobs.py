"""What the clock does for staff: presences end, old sessions and drafts are forgotten."""

import datetime as dt
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from hotline.core.db import Transact
from hotline.staff import drafts, service
from hotline.staff.models import StaffSession

KEPT: Final = dt.timedelta(days=7)


def forget_old(session: Session, *, now: dt.datetime) -> None:
    """Delete sessions a week after their last moment, and drafts a month after theirs.

    Safe to run at any time and twice: nothing that still counts is touched.
    """
    drafts.forget_old(session, now=now)
    session.execute(delete(StaffSession).where(StaffSession.closes_at <= now - KEPT))


def end_presences(transact: Transact, *, now: dt.datetime) -> int:
    """End wrap-ups that ran out and sign out whose page is gone; return how many there were."""
    return transact(
        lambda session: (
            service.end_wrap_ups(session, now=now) + service.sign_out_lost(session, now=now)
        )
    )
