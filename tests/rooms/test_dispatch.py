"""Dispatch: returns with basis and window, the binding ruling, helpers, urgings with receipts."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid, Stale
from hotline.messages.models import DeskNotice
from hotline.sla import urged
from hotline.tickets import assisting, loads, queries, service, urging
from hotline.tickets.models import Ticket
from hotline.tickets.states import Action, State
from hotline.units import queries as units
from tests import matters
from tests.matters import MONDAY, RESULT
from tests.people import Staff

A = Action
RETURN = {"reason": "not_our_duty", "basis": "三定方案第四条", "unit": "150202"}
LATER = MONDAY + dt.timedelta(days=3)


@pytest.fixture
def sent(session: Session, staff: Staff) -> Ticket:
    """Return a ticket that the handler of 150102 has signed for."""
    return session.get_one(Ticket, matters.in_progress(staff)[0])


@pytest.fixture
def act(session: Session, sent: Ticket) -> Callable[..., Any]:
    """Take an action on it at a moment."""

    def take(action: Action, actor: Any, *, now: dt.datetime = MONDAY, **given: Any) -> Any:
        with session.begin_nested():
            return service.perform(session, sent, action, given, actor=actor, now=now)

    return take


def test_a_return_needs_its_basis_and_its_window_and_stops_no_clock(
    session: Session, staff: Staff, sent: Ticket, act: Callable[..., Any]
) -> None:
    """R25: without legal basis or outside the window it is refused; the clock runs on."""
    due = sent.due_at
    with pytest.raises(Invalid) as unfounded:
        act(A.REQUEST_RETURN, staff.handler, **{**RETURN, "basis": " "})
    assert set(unfounded.value.errors) == {"basis"}
    with pytest.raises(GuardFailed) as late:
        act(A.REQUEST_RETURN, staff.handler, now=LATER, **RETURN)
    assert late.value.guard == "in_return_window"
    act(A.REQUEST_RETURN, staff.handler, **RETURN)
    assert (sent.state, sent.due_at, sent.paused_since) == (State.RETURN_REVIEW, due, None)
    act(A.ACCEPT_RETURN, staff.dispatcher)
    assert (sent.due_at, queries.suggested(session, sent)) == (due, "150202")
    act(A.DISPATCH, staff.dispatcher, unit="150202")
    assert queries.suggested(session, sent) is None


def test_the_second_refusal_is_a_ruling_that_binds(
    staff: Staff, sent: Ticket, act: Callable[..., Any]
) -> None:
    """R26: a second disputed return goes to a supervisor, with reasons, and then it is signed."""
    act(A.REQUEST_RETURN, staff.handler, **RETURN)
    act(A.REFUSE_RETURN, staff.dispatcher, reason="属地明确")
    act(A.REQUEST_RETURN, staff.handler, **RETURN)
    with pytest.raises(GuardFailed) as refused:
        act(A.REFUSE_RETURN, staff.dispatcher, reason="属地明确")
    assert refused.value.guard == "binding_ruling"
    with pytest.raises(Invalid):
        act(A.REFUSE_RETURN, staff.supervisor)
    act(A.REFUSE_RETURN, staff.supervisor, reason="裁定由新城区办理")
    with pytest.raises(GuardFailed) as over:
        act(A.REQUEST_RETURN, staff.handler, **RETURN)
    assert over.value.guard == "returns_left"
    act(A.SIGN, staff.handler)


def test_of_two_who_press_at_once_one_wins(session: Session, staff: Staff, sent: Ticket) -> None:
    """R24: both saw the same version; the second is told that it is old, and changes nothing."""
    seen = sent.version
    service.perform(
        session, sent, A.REQUEST_RETURN, RETURN, actor=staff.handler, now=MONDAY, version=seen
    )
    session.commit()
    with pytest.raises(Stale):
        service.perform(
            session, sent, A.SUBMIT_RESULT, RESULT, actor=staff.handler, now=MONDAY, version=seen
        )
    assert sent.state is State.RETURN_REVIEW


def test_each_helper_answers_for_itself(session: Session, staff: Staff, sent: Ticket) -> None:
    unit = units.unit(session, "150202")
    with pytest.raises(Forbidden):
        assisting.add(session, sent, unit, "核对考勤", actor=staff.other_handler, now=MONDAY)
    lead = units.by_id(session, sent.unit_id)
    with pytest.raises(Invalid):
        assisting.add(session, sent, lead, "核对考勤", actor=staff.dispatcher, now=MONDAY)
    helper = assisting.add(session, sent, unit, "核对考勤", actor=staff.handler, now=MONDAY)
    session.flush()
    assert helper.due_at == sent.due_at
    assert queries.by_number(session, staff.other_handler, sent.number) is sent
    with pytest.raises(Forbidden):
        assisting.answer(session, sent, helper, "已核对", actor=staff.handler, now=MONDAY)
    assisting.answer(session, sent, helper, "已核对", actor=staff.other_handler, now=MONDAY)
    with pytest.raises(GuardFailed):
        assisting.answer(session, sent, helper, "再答", actor=staff.other_handler, now=MONDAY)
    again = assisting.enlist(session, sent, unit, now=LATER, asked="再核对")
    assert (again.id, again.answer, again.answered_at) == (helper.id, None, None)


def test_urging_wants_a_receipt_and_silence_is_told(
    session: Session, staff: Staff, sent: Ticket
) -> None:
    word = urging.urge(session, sent, "职工很着急", actor=staff.operator, now=MONDAY)
    session.commit()
    assert urged.tell(transaction, now=MONDAY) == 1
    assert urged.tell(transaction, now=MONDAY) == 0
    assert urged.tell_late(transaction, now=MONDAY) == 0
    assert urged.tell_late(transaction, now=word.due_at) == 1
    heard = select(DeskNotice.kind, DeskNotice.staff_id).where(DeskNotice.kind.like("urging%"))
    assert {*session.execute(heard).all()} == {
        ("urging", staff.handler.id),
        *(("urging_late", who.id) for who in (staff.unit_lead, staff.supervisor)),
        ("urging_late", staff.second_supervisor.id),
    }
    session.refresh(word)
    with pytest.raises(Forbidden):
        urging.answer(session, sent, word, "", actor=staff.operator, now=LATER)
    urging.answer(session, sent, word, "", actor=staff.handler, now=LATER)
    assert (word.closed_at, word.answer, sent.urge_count) == (LATER, "", 1)


def test_supervision_wants_words_and_the_result_overtakes_it(
    session: Session, staff: Staff, sent: Ticket, act: Callable[..., Any]
) -> None:
    first = urging.supervise(session, sent, 1, "超时", actor=staff.supervisor, now=MONDAY)
    second = urging.supervise(session, sent, 2, "升级", actor=staff.supervisor, now=MONDAY)
    assert first is not None
    assert second is not None
    assert first.closed_at == MONDAY, "one level at a time"
    with pytest.raises(Invalid):
        urging.answer(session, sent, second, " ", actor=staff.handler, now=MONDAY)
    with pytest.raises(Invalid):
        urging.supervise(session, sent, 3, "x", actor=staff.supervisor, now=LATER, due_at=MONDAY)
    act(A.SUBMIT_RESULT, staff.handler, **RESULT)
    assert (second.closed_at, second.answer) == (MONDAY, None)
    assert sent.supervision_level == 2


def test_a_unit_is_weighed_by_what_it_holds(session: Session, staff: Staff, sent: Ticket) -> None:
    ticket_id, _ = matters.received()
    matters.act(ticket_id, (A.DISPATCH, staff.dispatcher, {"unit": "150102"}), now=MONDAY)
    sent.due_at = MONDAY + dt.timedelta(hours=2)
    session.flush()
    held = loads.of_units(session, {sent.unit_id}, now=MONDAY)[sent.unit_id]
    assert held == loads.Load(open=2, unsigned=1, overdue=0, soon=1)
    late = loads.of_units(session, {sent.unit_id}, now=sent.due_at + dt.timedelta(seconds=1))
    assert late[sent.unit_id].overdue == 1
