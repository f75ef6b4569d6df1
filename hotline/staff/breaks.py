"""What people may step away for, and how long: kept by the lead."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import Invalid
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import one
from hotline.core.words import N_
from hotline.staff.models import BreakReason

LONGEST: Final = 8 * 60  # minutes


def reasons(session: Session) -> Sequence[BreakReason]:
    """Return every reason in the order of the menu."""
    return session.scalars(select(BreakReason).order_by(BreakReason.place)).all()


def change(
    session: Session,
    code: str,
    *,
    minutes: int | None,
    counted: bool,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Say how long a break of that reason lasts at most, None for as long as it takes.

    *counted* ones count towards how many may be on a break at once.

    Raises:
        Forbidden: *actor* does not lead the desk.
        Invalid: It lasts less than a minute or longer than a shift.
        NotFound: There is no such reason.
    """
    require(actor, Permission.BOARD)
    reason = one(session, BreakReason, code)
    if minutes is not None and not 0 < minutes <= LONGEST:
        raise Invalid({"minutes": N_("请填 1 到 480 分钟；不限时长请留空")})
    reason.minutes, reason.counted = minutes, counted
    limits = {"minutes": minutes, "counted": counted}
    audit.note(session, actor, "break.change", f"break:{code}", now=now, **limits)
