"""Wages owed: sums per claimant, payments by proof, instalments that bind and are followed up."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import GuardFailed, Invalid, NotFound
from hotline.money import jobs, queries, service
from hotline.money.models import Proof
from hotline.tickets import urging
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind, Obligation, TicketEvent
from tests import matters
from tests.matters import MONDAY
from tests.people import Staff

TODAY = dt.date(2026, 11, 23)
YUAN = 100


def test_recovered_is_what_was_paid_and_says_on_whose_word(session: Session, staff: Staff) -> None:
    """R63: claimed, verified, agreed and paid per claimant; the sum recovered is of payments."""
    ticket = session.get_one(Ticket, matters.in_progress(staff)[0])
    given = {"actor": staff.handler, "now": MONDAY}
    first = service.claim(session, ticket, "演示职工甲", 18_000 * YUAN, **given)
    second = service.claim(session, ticket, "演示职工乙", 9_000 * YUAN, **given)
    service.assess(session, ticket, first.id, 15_000 * YUAN, 12_000 * YUAN, **given)
    assert queries.recovered(session, TODAY, dt.date.max).total == 0
    service.pay(session, ticket, first.id, 5_000 * YUAN, TODAY, Proof.UNIT, **given)
    service.pay(session, ticket, first.id, 1_000 * YUAN, TODAY, Proof.BANK, **given)
    service.pay(session, ticket, second.id, 1, TODAY, Proof.BANK, **given)
    account = queries.accounts(session, ticket.id)[0]
    assert (account.claim.verified, account.claim.agreed) == (1_500_000, 1_200_000)
    assert (account.paid, account.proofs) == (600_000, [Proof.BANK, Proof.UNIT])
    found = queries.recovered(session, TODAY, TODAY + dt.timedelta(days=1), scope="/1/")
    assert found.by_proof == {Proof.UNIT: 500_000, Proof.BANK: 100_001}
    assert (found.total, found.claimants) == (600_001, 2)
    assert queries.recovered(session, dt.date(2026, 1, 1), TODAY).total == 0


def test_what_cannot_be_is_not_written(session: Session, staff: Staff) -> None:
    ticket = session.get_one(Ticket, matters.in_progress(staff)[0])
    other = session.get_one(Ticket, matters.in_progress(staff)[0])
    given = {"actor": staff.handler, "now": MONDAY}
    row = service.claim(session, ticket, "演示职工甲", 100, **given)
    tomorrow = TODAY + dt.timedelta(days=1)
    with pytest.raises(Invalid):
        service.pay(session, ticket, row.id, 100, tomorrow, Proof.BANK, **given)
    with pytest.raises(Invalid):
        service.plan(session, ticket, row.id, 100, TODAY - dt.timedelta(days=1), **given)
    with pytest.raises(NotFound):
        service.pay(session, other, row.id, 100, TODAY, Proof.BANK, **given)
    part = service.plan(session, ticket, row.id, 100, tomorrow, **given)
    with pytest.raises(Invalid):
        service.pay(session, ticket, row.id, 99, TODAY, Proof.BANK, instalment_id=part.id, **given)
    service.pay(session, ticket, row.id, 100, TODAY, Proof.BANK, instalment_id=part.id, **given)
    assert session.get_one(Obligation, part.obligation_id).closed_at == MONDAY
    with pytest.raises(GuardFailed):
        service.pay(session, ticket, row.id, 100, TODAY, Proof.BANK, instalment_id=part.id, **given)


def test_a_missed_instalment_opens_the_follow_up_by_itself(session: Session, staff: Staff) -> None:
    """R64: each is an obligation with a date; missed, it is supervised and reopening proposed."""
    ticket = session.get_one(Ticket, matters.resolved(staff)[0])
    given = {"actor": staff.handler, "now": MONDAY}
    row = service.claim(session, ticket, "演示职工甲", 300, **given)
    late = service.plan(session, ticket, row.id, 100, TODAY, **given)
    service.plan(session, ticket, row.id, 200, TODAY + dt.timedelta(days=60), **given)
    session.commit()
    assert jobs.follow_up(transaction, now=MONDAY) == 0, "the day itself is still in time"
    later = MONDAY + dt.timedelta(days=1)
    assert jobs.follow_up(transaction, now=later) == 1
    assert jobs.follow_up(transaction, now=later) == 0
    session.expire_all()
    words = urging.open_on(session, ticket)
    assert [(word.level, word.asked_by) for word in words] == [(1, None)]
    proposed = session.scalars(select(TicketEvent).where(TicketEvent.kind == EventKind.PROPOSAL))
    assert [event.detail for event in proposed] == [{"proposed": "reopen"}]
    owed = select(Obligation).where(Obligation.closed_at.is_(None))
    assert len(session.scalars(owed).all()) == 2, "missed is not forgiven"
    service.pay(
        session, ticket, row.id, 100, TODAY, Proof.WORKER, instalment_id=late.id,
        actor=staff.handler, now=later,
    )  # fmt: skip
    assert len(session.scalars(owed).all()) == 1
