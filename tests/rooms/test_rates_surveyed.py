"""Whoever is asked at last is counted as asked at once, in whichever way the question came."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.calls.states import CallState, EndState
from hotline.core.db import transaction
from hotline.intake import keypad
from hotline.intake.keypad import Pressed
from hotline.rates import jobs as rollup
from hotline.rates.models import DailyCount
from hotline.surveys import jobs, service
from hotline.surveys.models import Survey
from hotline.tickets.models import Ticket
from tests.matters import MONDAY, RULES, WORKER, resolved
from tests.people import Staff

LATER = MONDAY + dt.timedelta(hours=1)
SID = "CAspoken"


def texted(session: Session, staff: Staff) -> None:
    """The worker's call is over, and the clock comes back to them."""
    session.execute(
        update(Call).values(
            state=CallState.ENDED, ended_at=MONDAY, end_state=EndState.ANSWERED, disposition="urge"
        )
    )
    session.commit()
    jobs.chase(transaction, rules=RULES, now=LATER)


def heard(session: Session, staff: Staff) -> None:
    """The worker hears the question at the end of the call they were on."""
    spoken = {"CallSid": SID, "From": WORKER, "To": "+8647112351", "Direction": "inbound"}
    transaction(lambda session: keypad.take(session, Pressed("farewell", spoken, MONDAY)))


def rung(session: Session, staff: Staff) -> None:
    """A surveyor rings, and nobody answers."""
    survey, ticket = session.scalars(select(Survey)).one(), session.scalars(select(Ticket)).one()
    service.rang_in_vain(session, survey, ticket, actor=staff.surveyor, now=LATER)
    session.commit()


@pytest.mark.parametrize("asked", [texted, heard, rung])
def test_whoever_is_asked_late_is_counted_as_asked(
    session: Session, staff: Staff, asked: Callable[[Session, Staff], None]
) -> None:
    resolved(staff)
    worker = session.scalars(select(Ticket.worker_id)).one()
    there = {"queued_at": MONDAY, "answered_at": MONDAY, "received_at": MONDAY, "heard_at": MONDAY}
    session.add(Call(provider_sid=SID, worker_id=worker, raw_from=WORKER, **there))
    session.commit()
    jobs.invite_resolved(transaction, rules=RULES, now=MONDAY)
    assert attempted(session) == 0
    asked(session, staff)
    assert session.scalars(select(Survey.tries)).all() == [1]
    assert attempted(session) == 1


def attempted(session: Session) -> int:
    """Let the clock roll up; return how many were asked by the rollup."""
    rollup.keep_up(transaction, lambda: LATER)
    session.rollback()
    counts = select(DailyCount.n).where(DailyCount.fact == "base_attempted")
    return sum(session.scalars(counts))
