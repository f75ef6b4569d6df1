"""Statutory limits on a ticket, and legal aid that comes first."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import GuardFailed, Invalid
from hotline.deadlines.limitation import Fact
from hotline.messages.models import DeskNotice
from hotline.tickets import limitation
from hotline.tickets.models import Ticket
from tests import matters
from tests.matters import MONDAY
from tests.people import Staff

TODAY = dt.date(2026, 11, 23)


def test_legal_aid_comes_first_where_a_week_is_left(session: Session, staff: Staff) -> None:
    """R66: one click within seven days; the supervisors hear, and it stays owed."""
    ticket = session.get_one(Ticket, matters.in_progress(staff)[0])
    known = {"actor": staff.operator, "now": MONDAY}
    with pytest.raises(GuardFailed):
        limitation.ask_aid_first(session, ticket, **known)
    limitation.enter(session, ticket, {Fact.AWARDED: TODAY - dt.timedelta(days=9)}, **known)
    session.flush()
    (last,) = limitation.of_ticket(session, ticket, TODAY)
    assert (last.rule.code, last.left) == ("suit", 6)
    for _ in range(2):
        limitation.ask_aid_first(session, ticket, **known)
        session.flush()
    told = session.scalars(select(DeskNotice).where(DeskNotice.kind == "legal_aid")).all()
    leads = {staff.supervisor.id, staff.second_supervisor.id, staff.unit_lead.id}
    assert {notice.staff_id for notice in told} == leads
    with pytest.raises(Invalid):
        limitation.aid_arranged(session, ticket, " ", actor=staff.handler, now=MONDAY)
    limitation.aid_arranged(session, ticket, "演示律师事务所", actor=staff.handler, now=MONDAY)
    session.flush()
    assert limitation.aid_owed(session, ticket) is None


def test_entered_days_replace_each_other_and_lie_in_the_past(
    session: Session, staff: Staff
) -> None:
    ticket = session.get_one(Ticket, matters.in_progress(staff)[0])
    known = {"actor": staff.operator, "now": MONDAY}
    limitation.enter(session, ticket, {Fact.LEFT: TODAY, Fact.INJURED: TODAY}, **known)
    session.flush()
    limitation.enter(session, ticket, {Fact.LEFT: dt.date(2026, 5, 31)}, **known)
    session.flush()
    assert limitation.facts(session, ticket) == {Fact.LEFT: dt.date(2026, 5, 31)}
    with pytest.raises(Invalid) as refused:
        limitation.enter(session, ticket, {Fact.KNEW: dt.date(2026, 11, 24)}, **known)
    assert list(refused.value.errors) == ["knew_on"]
