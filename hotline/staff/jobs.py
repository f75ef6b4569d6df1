"""What the clock does for staff: old sessions and old failures are forgotten."""

import datetime as dt
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from hotline.staff.models import LoginFailure, StaffSession
from hotline.staff.throttle import WINDOW

KEPT: Final = dt.timedelta(days=7)


def forget_old(session: Session, *, now: dt.datetime) -> None:
    """Delete failures outside the window, and sessions a week after their last moment.

    Safe to run at any time and twice: nothing that still counts is touched.
    """
    session.execute(delete(LoginFailure).where(LoginFailure.last_at <= now - WINDOW))
    session.execute(delete(StaffSession).where(StaffSession.closes_at <= now - KEPT))
