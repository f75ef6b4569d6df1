"""What the clock proves by itself, and whom it tells: the rollup by night, the ledger always."""

import datetime as dt
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.core import journal
from hotline.core.db import transaction
from hotline.core.errors import HotlineError
from hotline.core.roles import Actor, system
from hotline.ledger import checking, owners
from hotline.ledger.models import LedgerCheck
from hotline.messages.models import DeskNotice
from hotline.rates import jobs, proving
from hotline.rates.models import DailyCount
from hotline.tickets import casework, queries, service
from hotline.tickets.intake import Intake
from hotline.tickets.models import Channel, DemandType, Ticket, Urgency
from hotline.tickets.records import Approval
from hotline.tickets.states import Action
from tests import matters
from tests.matters import CLASSIFIED, MONDAY
from tests.people import Staff
from tests.proofs import count
from tests.rooms.test_ticket_machine import GIVEN

NIGHT = dt.datetime(2026, 11, 24, 18, 0, tzinfo=dt.UTC)  # 02:00 of the 25th in Hohhot
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


def test_each_day_of_half_a_year_has_its_minute_of_the_night() -> None:
    asked = [proving.day_of_the_minute(NIGHT + n * MINUTE) for n in range(-5, 200)]
    known = [day for day in asked if day]
    assert known == [dt.date(2026, 11, 24) - n * DAY for n in range(180)]


def test_a_wrong_number_is_mended_by_night_and_the_leads_hear_of_it(
    session: Session, staff: Staff
) -> None:
    matters.resolved(staff)
    transaction(lambda session: jobs.roll_up(session, now=NIGHT))
    minute = NIGHT + MINUTE  # the 23rd
    assert proving.prove(transaction, now=minute) == 0
    assert not session.scalars(select(DeskNotice).where(DeskNotice.kind == "recount")).all()
    session.execute(update(DailyCount).where(DailyCount.fact == "settled").values(n=41))
    session.commit()
    assert proving.prove(transaction, now=minute) == 1
    told = session.scalars(select(DeskNotice).where(DeskNotice.kind == "recount")).all()
    assert {row.staff_id for row in told} == {staff.supervisor.id, staff.second_supervisor.id}
    assert told[0].params == {"day": "2026-11-23", "n": 1}
    assert proving.prove(transaction, now=minute) == 0


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_what_comes_in_while_a_day_is_counted_waits_for_the_next_turn(
    app: Flask, session: Session, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is counted before its entry is read: where it stood then would be forgotten."""
    late: list[int] = []

    def comes_in() -> int:
        with app.app_context():
            return matters.received()[0]

    def unread(*given: Any) -> Any:
        ids = journal.unread(*given)
        if not late:
            with ThreadPoolExecutor(1) as another:
                late.append(another.submit(comes_in).result())
        return ids

    matters.received()  # its day is counted in this turn
    monkeypatch.setattr(jobs, "unread", unread)
    jobs.keep_up(transaction, lambda: MONDAY)
    assert session.scalars(select(DailyCount.n).where(DailyCount.fact == "due_counted")).all() == [
        1
    ]
    session.rollback()
    ticket = session.get_one(Ticket, late[0])  # in danger, it is due on another day
    casework.set_urgency(
        session, ticket, Urgency.CRITICAL, "演示", actor=staff.supervisor, now=MONDAY
    )
    session.commit()
    jobs.keep_up(transaction, lambda: MONDAY)
    assert jobs.recount(session, now=MONDAY, mend=False) == []


def test_the_leads_hear_when_an_invariant_breaks_and_only_then(
    session: Session, staff: Staff
) -> None:
    ticket_id, _ = matters.received()
    checking.sum_up(session, now=MONDAY)
    session.execute(update(Ticket).where(Ticket.id == ticket_id).values(step_due_at=None))
    for minutes in (1, 2):
        checking.ask(session, checking.KINDS[3], [ticket_id], now=MONDAY + minutes * MINUTE)
        checking.sum_up(session, now=MONDAY + minutes * MINUTE)
    told = session.scalars(select(DeskNotice).where(DeskNotice.kind == "ledger")).all()
    assert [row.params for row in told] == [{"code": "I2"}] * 2, "two leads, once each"
    assert session.get_one(LedgerCheck, "I2").holds is False


ACTORS = (
    *("operator", "dispatcher", "handler", "unit_lead", "reviewer", "surveyor"),
    *("supervisor", "second_supervisor"),
)


ENDS = {  # taken now and then only, so that the walk gets far
    *(Action.REJECT_INTAKE, Action.ANSWER_DIRECTLY, Action.TRANSFER_OUT, Action.WITHDRAW),
    *(Action.VOID, Action.MERGE, Action.RECALL, Action.ARCHIVE),
}


@pytest.mark.proof
def test_after_a_thousand_random_steps_everything_has_an_owner_and_a_next_due_time(
    session: Session, staff: Staff
) -> None:
    """R8: whatever is done to tickets, in any order, nothing is left without owner or timer."""
    draw = random.Random(12351)
    now, moved = MONDAY, 0
    ids, seen = [_receive(session, draw, now) for _ in range(6)], set()
    for step in range(count(250, 1000)):
        if step % 25 == 24:
            ids.append(_receive(session, draw, now))
        now += dt.timedelta(minutes=draw.randint(1, 600))
        ticket = session.get_one(Ticket, draw.choice(ids))
        moved += _step(session, draw, staff, ticket, now)
        seen.add(ticket.state)
        if step % 50 == 49:
            session.flush()
            assert list(owners.tickets(session, ids, now)) == []
    assert moved > step / 4, moved
    assert len(seen) >= 7, seen


def _receive(session: Session, draw: random.Random, now: dt.datetime) -> int:
    demand = draw.choice(list(DemandType))
    matter = Intake(
        channel=Channel.CALL, narrative="演示工地欠薪", **{**CLASSIFIED, "demand_type": demand}
    )
    return service.receive(session, matter, actor=system("sms"), now=now).id


def _step(
    session: Session, draw: random.Random, staff: Staff, ticket: Ticket, now: dt.datetime
) -> bool:
    """Do something to a ticket that somebody may do, or decide what waits for a second person."""
    who = system("clock") if draw.random() < 0.2 else getattr(staff, draw.choice(ACTORS))
    waits = session.scalar(
        select(Approval).where(Approval.ticket_id == ticket.id, Approval.decision == "asked")
    )
    try:
        with session.begin_nested():
            return _decide_or_act(session, draw, ticket, who, waits, now)
    except HotlineError:
        session.refresh(ticket)
        return False


def _decide_or_act(
    session: Session,
    draw: random.Random,
    ticket: Ticket,
    who: Actor,
    waits: Approval | None,
    now: dt.datetime,
) -> bool:
    if waits is not None and draw.random() < 0.5:
        yes = draw.random() < 0.7
        service.decide(session, waits, ticket, approve=yes, reason="复核", actor=who, now=now)
        return True
    offered = queries.allowed(session, ticket, who, now)
    longer = [action for action in offered if action not in ENDS or draw.random() < 0.1]
    action = draw.choice(longer or offered or list(Action))
    given: dict[str, Any] = GIVEN.get(action.value, {"reason": "演示"})
    service.perform(session, ticket, action, given, actor=who, now=now)
    return True
