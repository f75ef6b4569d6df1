"""Who must never be asked: the dead, whose family would be, and people a call could endanger."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import GuardFailed, NotFound
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.surveys.models import SurveyExemption
from hotline.surveys.states import Exempt, NotPossible
from hotline.workers import queries as workers

SHOWN: Final = 200
WHY: Final = {Exempt.DECEASED: NotPossible.DECEASED, Exempt.PROTECTED: NotPossible.PROTECTED}


def standing(session: Session, worker_id: int | None) -> NotPossible | None:
    """Return why a worker is on the list, or None."""
    found = _open(session, worker_id or 0)
    return WHY[found.reason] if found else None


def exempt(
    session: Session, worker_id: int, reason: Exempt, *, actor: Actor, now: dt.datetime
) -> SurveyExemption:
    """Put a worker's number on the list; no question leaves from this moment on.

    Raises:
        Forbidden: *actor* records no surveys.
        NotFound: There is no such worker.
        GuardFailed: The number is on the list.
    """
    require(actor, Permission.SURVEY_RECORD)
    worker = workers.by_id(session, worker_id)
    if _open(session, worker.id):
        raise GuardFailed(N_("这个号码已在免访名单上。"), guard="exempt")
    made = SurveyExemption(worker_id=worker.id, reason=reason, opened_at=now, opened_by=actor.id)
    session.add(made)
    audit.note(session, actor, "survey.exempt", f"worker:{worker_id}", now=now, reason=reason)
    return made


def lift(session: Session, exemption_id: int, *, actor: Actor, now: dt.datetime) -> None:
    """Take a worker off the list; the line stays with both moments.

    Raises:
        Forbidden: *actor* records no surveys.
        NotFound: There is no such line, or it is over.
    """
    require(actor, Permission.SURVEY_RECORD)
    found = session.get(SurveyExemption, exemption_id, with_for_update=True)
    if found is None or found.closed_at is not None:
        raise NotFound
    found.closed_at, found.closed_by = now, actor.id
    audit.note(session, actor, "survey.ask_again", f"worker:{found.worker_id}", now=now)


def listed(session: Session) -> Sequence[SurveyExemption]:
    """Return who is on the list, the latest first."""
    return session.scalars(
        select(SurveyExemption)
        .where(SurveyExemption.closed_at.is_(None))
        .order_by(SurveyExemption.id.desc())
        .limit(SHOWN)
    ).all()


def _open(session: Session, worker_id: int) -> SurveyExemption | None:
    return session.scalar(
        select(SurveyExemption).where(
            SurveyExemption.worker_id == worker_id, SurveyExemption.closed_at.is_(None)
        )
    )
