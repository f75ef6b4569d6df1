"""Results and their review: demands, evidence, four eyes, rework, the seal of the archive."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.core.roles import system
from hotline.ledger import lives
from hotline.tickets import demands, reviewing, sealing, service
from hotline.tickets.models import Ticket
from hotline.tickets.records import Obligation, TicketEvent, TicketResult
from hotline.tickets.states import Action, State
from tests import matters
from tests.matters import MONDAY, RESULT
from tests.people import Staff

A = Action
CLOCK = system("clock:test")
LATER = MONDAY + dt.timedelta(days=31)
POOR = {"score": 5, "channel": "call"}


def of(session: Session, found: tuple[int, str]) -> Ticket:
    return session.get_one(Ticket, found[0])


def act(
    session: Session, ticket: Ticket, action: Action, actor: Any, *,
    now: dt.datetime = MONDAY, **given: Any,
) -> None:  # fmt: skip
    with session.begin_nested():
        service.perform(session, ticket, action, given, actor=actor, now=now)


def test_each_demand_has_an_outcome_before_the_result_is_taken(
    session: Session, staff: Staff
) -> None:
    ticket = of(session, matters.in_progress(staff))
    for line in ("补发工资", "补缴社保", "道歉"):
        demands.add(session, ticket, line, actor=staff.operator, now=MONDAY)
    session.flush()
    last = demands.of(session, ticket.id)[2]
    demands.withdraw(session, ticket, last.id, actor=staff.operator, now=MONDAY)
    with pytest.raises(Invalid) as open_ones:
        act(session, ticket, A.SUBMIT_RESULT, staff.handler, demands={"1": "solved"}, **RESULT)
    assert set(open_ones.value.errors) == {"demands.2"}
    session.expire_all()
    outcomes = {"1": "solved", "2": "channelled"}
    act(session, ticket, A.SUBMIT_RESULT, staff.handler, demands=outcomes, **RESULT)
    assert [d.outcome for d in demands.of(session, ticket.id)] == ["solved", "channelled", None]
    act(session, ticket, A.BOUNCE, staff.reviewer, defect="no_evidence", note="请附转账凭证")
    act(session, ticket, A.SUBMIT_RESULT, staff.handler, demands={"2": "solved"}, **RESULT)
    assert [d.outcome for d in demands.of(session, ticket.id)] == ["solved", "solved", None]


def test_a_result_needs_evidence_and_another_pair_of_eyes(session: Session, staff: Staff) -> None:
    """R28: contact or a reason, and a reviewer who is not the handler."""
    ticket = of(session, matters.in_progress(staff))
    for contact in (None, " ", {"way": "call"}, {"way": "none"}):
        with pytest.raises(Invalid) as bare:
            act(session, ticket, A.SUBMIT_RESULT, staff.handler, **{**RESULT, "contact": contact})
        assert set(bare.value.errors) == {"contact"}
    excuse = {"way": "none", "reason": "unreachable"}
    given = {**RESULT, "contact": excuse, "internal": "用人单位法人失联"}
    act(session, ticket, A.SUBMIT_RESULT, staff.handler, **given)
    kept = session.scalars(select(TicketResult)).one()
    assert (kept.contact_way, kept.contact_reason, kept.contact) == ("none", "unreachable", None)
    assert kept.internal == "用人单位法人失联"
    assert [line.number for line in reviewing.queue(session, staff.reviewer, limit=5)] == [
        ticket.number
    ]
    both = type(staff.reviewer)(
        staff.handler.id, "both", staff.reviewer.roles | staff.handler.roles, ticket.unit_id
    )
    with pytest.raises(GuardFailed) as own:
        act(session, ticket, A.APPROVE, both)
    assert own.value.guard == "not_handler"
    with pytest.raises(Forbidden):
        act(session, ticket, A.APPROVE, staff.handler)
    act(session, ticket, A.APPROVE, staff.reviewer)
    assert ticket.state is State.RESOLVED


def test_the_same_words_elsewhere_are_seen(session: Session, staff: Staff) -> None:
    first, second = (of(session, matters.resolved(staff)) for _ in range(2))
    rows = session.scalars(select(TicketResult).order_by(TicketResult.id)).all()
    assert reviewing.twins(session, rows) == {row.id for row in rows}
    assert {row.ticket_id for row in rows} == {first.id, second.id}


def test_a_dissatisfied_answer_passes_a_supervisor_and_stays_dissatisfied(
    session: Session, staff: Staff
) -> None:
    """R31: nothing else leads out of it, and upholding leaves the worker's word as it is."""
    ticket = of(session, matters.resolved(staff))
    act(session, ticket, A.SURVEY_DISSATISFIED, staff.surveyor, **POOR)
    assert ticket.state is State.APPRAISAL_REVIEW
    for action in (A.UPHOLD_RESULT, A.ORDER_REWORK):
        with pytest.raises(Forbidden):
            act(session, ticket, action, staff.reviewer, reason="解释到位")
    act(session, ticket, A.UPHOLD_RESULT, staff.supervisor, reason="解释到位")
    assert (ticket.state, ticket.survey_outcome) == (State.SURVEYED, "dissatisfied")


def test_two_reworks_and_no_third_each_with_its_own_result(session: Session, staff: Staff) -> None:
    """R32: at most two cycles of rework; each keeps deadline, result and outcome of demands."""
    ticket = of(session, matters.in_progress(staff))
    demands.add(session, ticket, "补发工资", actor=staff.operator, now=MONDAY)
    for cycle in (1, 2, 3):
        if cycle > 1:
            act(session, ticket, A.SIGN, staff.handler)
        given = {**RESULT, "reply": f"第{cycle}次答复"}
        with pytest.raises(Invalid):
            act(session, ticket, A.SUBMIT_RESULT, staff.handler, **given)
        session.expire_all()
        act(session, ticket, A.SUBMIT_RESULT, staff.handler, demands={"1": "solved"}, **given)
        act(session, ticket, A.APPROVE, staff.reviewer)
        act(session, ticket, A.SURVEY_DISSATISFIED, staff.surveyor, **POOR)
        if cycle < 3:
            act(session, ticket, A.ORDER_REWORK, staff.supervisor, reason="未解决")
    with pytest.raises(GuardFailed) as third:
        act(session, ticket, A.ORDER_REWORK, staff.supervisor, reason="未解决")
    assert third.value.guard == "reworks_left"
    kept = session.scalars(select(TicketResult).order_by(TicketResult.id)).all()
    assert [(row.cycle, row.reply) for row in kept] == [
        (cycle, f"第{cycle}次答复") for cycle in (1, 2, 3)
    ]
    assert len({row.due_at for row in kept}) == 2, "the reworks have half the time, the same moment"


@pytest.mark.parametrize("kind", ["referral", "letter", "legal_aid", "instalment", "callback"])
def test_what_is_owed_keeps_the_book_open(session: Session, staff: Staff, kind: str) -> None:
    """R33: no archive while a referral, letter, legal-aid case, instalment or callback is open."""
    ticket = of(session, matters.resolved(staff))
    act(session, ticket, A.SURVEY_NOT_POSSIBLE, staff.surveyor, reason="refused")
    owed = Obligation(ticket_id=ticket.id, kind=kind, what="…", opened_at=MONDAY)
    session.add(owed)
    session.flush()
    with pytest.raises(GuardFailed) as refused:
        act(session, ticket, A.ARCHIVE, CLOCK, now=LATER)
    assert refused.value.guard == "no_obligation"
    owed.closed_at = LATER
    act(session, ticket, A.ARCHIVE, CLOCK, now=LATER)
    assert ticket.state is State.ARCHIVED


def test_the_archive_seals_what_stands_in_it(session: Session, staff: Staff) -> None:
    """R34: the hash of timeline and results lies in the signed record; a change shows."""
    ticket = of(session, matters.resolved(staff))
    act(session, ticket, A.SURVEY_NOT_POSSIBLE, staff.surveyor, reason="refused")
    act(session, ticket, A.ARCHIVE, CLOCK, now=LATER)
    session.commit()
    last = session.scalars(select(TicketEvent).order_by(TicketEvent.id.desc())).first()
    assert last is not None
    assert len(last.detail["seal"]) == 64
    assert sealing.altered(session, [ticket.id]) == []
    assert list(lives.as_sealed(session, [ticket.id], LATER)) == []
    session.execute(update(TicketResult).values(fields={"paid": 1}))
    found = list(lives.as_sealed(session, [ticket.id], LATER))
    assert [(fault.label, fault.what) for fault in found] == [(ticket.number, "ticket_altered")]
    assert ticket.id in lives.archived_above(session, 0, 10)
