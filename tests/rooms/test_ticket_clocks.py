"""What moves a ticket's deadline and what does not: hand-down, extension, suspension, pauses."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed
from hotline.messages.models import DeskNotice, Message
from hotline.sla import jobs
from hotline.tickets import approvals, service
from hotline.tickets.models import Ticket
from hotline.tickets.records import Approval, EventKind, TicketEvent, TicketResult
from hotline.tickets.states import OPEN, Action, State
from tests import matters
from tests.matters import MONDAY, RESULT
from tests.people import Staff

DAY = dt.timedelta(days=1)
LEAGUE, BANNER = "1501", "150102"


def extension(session: Session, ticket: Ticket, by: Any, now: dt.datetime) -> Approval:
    """Ask for two more days."""
    later = ticket.due_at + 2 * DAY
    return approvals.ask_extension(session, ticket, later, "取证", actor=by, now=now)


def test_a_subordinate_unit_works_inside_the_same_deadline(session: Session, staff: Staff) -> None:
    """R27: handing down never gives a later deadline."""
    ticket = session.get_one(Ticket, matters.in_progress(staff)[0])
    due_at, cycle = ticket.due_at, ticket.cycle
    handler = staff.handler

    def below(session: Session) -> None:
        from hotline.units import queries as units

        kept = session.get_one(Ticket, ticket.id)
        kept.unit_id = units.unit(session, LEAGUE).id

    transaction(below)
    matters.act(ticket.id, (Action.HAND_DOWN, handler, {"unit": BANNER}), now=MONDAY + DAY)
    session.rollback()
    after = session.get_one(Ticket, ticket.id, populate_existing=True)
    assert (after.state, after.due_at, after.cycle) == (State.DISPATCHED, due_at, cycle)


def test_an_extension_keeps_the_first_promise_and_the_caller_is_told(
    session: Session, staff: Staff
) -> None:
    """R29: before expiry, once, by another person, with the caller told."""
    ticket = session.get_one(Ticket, matters.in_progress(staff)[0])
    first = ticket.due_at
    with pytest.raises(GuardFailed):
        extension(session, ticket, staff.handler, first + DAY)
    asked = extension(session, ticket, staff.handler, MONDAY)
    known = {"approve": True, "reason": None, "now": MONDAY}
    with pytest.raises(Forbidden):
        service.decide(session, asked, ticket, actor=staff.handler, **known)
    service.decide(session, asked, ticket, actor=staff.supervisor, **known)
    session.flush()
    assert (ticket.due_at, ticket.due_original) == (first + 2 * DAY, first)
    assert ticket.step_due_at == ticket.due_at
    moved = session.scalars(select(TicketEvent).where(TicketEvent.kind == EventKind.DEADLINE)).one()
    assert moved.detail["told"] is True
    assert session.scalars(select(Message).where(Message.template == "extension")).one()
    with pytest.raises(GuardFailed):
        extension(session, ticket, staff.handler, MONDAY)


def test_a_suspended_matter_returns_to_the_supervisor(session: Session, staff: Staff) -> None:
    """R30: with type, plan and a review date within 90 days; it stays open all the while."""
    ticket_id, _ = matters.in_progress(staff)
    plan = {"type": "policy", "plan": "等待政策", "review_on": "2026-12-20"}
    matters.act(ticket_id, (Action.SUSPEND, staff.handler, plan), now=MONDAY)
    asked = session.scalars(select(Approval)).one()
    ticket = session.get_one(Ticket, ticket_id)
    service.decide(
        session, asked, ticket, approve=True, reason=None, actor=staff.supervisor, now=MONDAY
    )
    session.commit()
    assert ticket.state is State.SUSPENDED
    assert ticket.state in OPEN
    assert jobs.resume_suspended(transaction, now=MONDAY + 26 * DAY) == 0
    assert jobs.resume_suspended(transaction, now=MONDAY + 27 * DAY) == 1
    session.rollback()
    told = session.scalars(select(DeskNotice).where(DeskNotice.kind == "review")).all()
    assert staff.supervisor.id in {notice.staff_id for notice in told}
    assert staff.unit_lead.id in {notice.staff_id for notice in told}


def test_both_times_are_kept_and_only_waiting_pauses_the_net_one(
    session: Session, staff: Staff
) -> None:
    """R40: gross and net are stored; a return to the dispatcher stops no clock."""
    ticket_id, _ = matters.in_progress(staff)
    back = {"reason": "too_little", "basis": "三定方案", "unit": "150103"}
    hours = dt.timedelta(hours=1)
    for after, action, who, given in (
        (1, Action.REQUEST_RETURN, staff.handler, back),
        (3, Action.REFUSE_RETURN, staff.dispatcher, {}),
        (4, Action.SIGN, staff.handler, {}),
        (5, Action.ASK_CALLER, staff.handler, {"missing": "合同"}),
        (29, Action.CALLER_REPLIED, staff.handler, {}),
        (30, Action.SUBMIT_RESULT, staff.handler, RESULT),
    ):
        matters.act(ticket_id, (action, who, given), now=MONDAY + after * hours)
    result = session.scalars(select(TicketResult)).one()
    assert result.gross_seconds == 30 * 3600
    assert result.net_seconds == 6 * 3600
    assert result.due_at is not None
