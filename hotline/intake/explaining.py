"""Explaining what the carrier lists and nothing of ours can mend: by a person, with the reason."""

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import GuardFailed, Invalid
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import one
from hotline.core.words import N_
from hotline.intake.models import Difference

LONGEST: Final = 300


def explain(
    session: Session, actor: Actor, difference_id: int, reason: str, *, now: dt.datetime
) -> None:
    """Write down why a difference is none; it alarms nobody any more, and stays on record.

    Raises:
        Forbidden: *actor* does not lead the desk.
        NotFound: There is no such difference.
        GuardFailed: It was mended, or explained before.
        Invalid: No reason is given, or too long a one.
    """
    require(actor, Permission.BOARD)
    row = one(session, Difference, difference_id, lock=True)
    if row.mended_at is not None or row.explained_at is not None:
        raise GuardFailed(N_("这条差异已经补正或说明。"), guard="difference-open")
    words = reason.strip()
    if not 0 < len(words) <= LONGEST:
        raise Invalid({"reason": N_("请填写原因，不超过 300 字")})
    row.explanation, row.explained_by, row.explained_at = words, actor.id, now
    audit.note(session, actor, "difference.explain", f"difference:{row.sid}", now=now, reason=words)
