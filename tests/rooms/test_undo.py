"""The last action taken back within ten seconds, by its inverse; the caller hears nothing of it."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import db
from hotline.core.errors import GuardFailed
from hotline.tickets import undo
from hotline.tickets.models import Ticket
from hotline.tickets.records import TicketEvent
from hotline.tickets.states import TRANSITIONS, UNDO_FOR, Action, State
from tests import matters
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms.browsing import Browser, Browsers

AT_ONCE = dt.timedelta(hours=1)  # in one step
CALLER = "+8613800000041"


def stands(ticket_id: int) -> State:
    db.session.rollback()
    return db.session.get_one(Ticket, ticket_id, populate_existing=True).state


def merged(browser: Browsers, staff: Staff) -> tuple[Browser, int, str]:
    """Let a dispatcher merge a matter into another; return who, and the id and number merged."""
    target = matters.in_progress(staff, employer="演示建筑公司")[1]
    ticket_id, number = matters.received(CALLER, employer="演示建筑公司")
    visitor = browser()
    visitor.signs_in("dispatcher")
    visitor.get(f"/tickets/{number}")
    visitor.post(f"/tickets/{number}/actions/merge", target=target)
    return visitor, ticket_id, number


def test_an_action_is_undone_by_its_inverse_and_nothing_is_sent(
    hotline: Hotline, browser: Browsers, staff: Staff
) -> None:
    visitor, ticket_id, number = merged(browser, staff)
    assert 'id="undo"' in visitor.get(f"/tickets/{number}").get_data(as_text=True)
    hotline.forward(AT_ONCE, seconds=5)
    assert "已撤销：合并" in visitor.get(
        visitor.post(f"/tickets/{number}/undo").headers["Location"]
    ).get_data(as_text=True)
    assert stands(ticket_id) is State.RECEIVED
    hotline.forward(AT_ONCE, minutes=2)
    assert hotline.phone(CALLER).inbox == []
    done, undone = db.session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket_id, TicketEvent.action.is_not(None))
        .order_by(TicketEvent.id)
    )
    assert (undone.action, undone.detail["undoes"]) == (Action.UNMERGE, done.id)
    assert 'id="undo"' not in visitor.get(f"/tickets/{number}").get_data(as_text=True)


def test_after_ten_seconds_only_a_reversal_is_left(
    hotline: Hotline, browser: Browsers, staff: Staff
) -> None:
    visitor, ticket_id, number = merged(browser, staff)
    hotline.forward(AT_ONCE, seconds=11)
    assert visitor.post(f"/tickets/{number}/undo").status_code == 422
    assert stands(ticket_id) is State.MERGED
    hotline.phone(CALLER).hears("合并办理")


def test_only_whoever_did_it_and_only_while_nobody_went_on(session: Session, staff: Staff) -> None:
    ticket = session.get_one(Ticket, matters.received()[0])
    matters.act(ticket.id, (Action.DISPATCH, staff.dispatcher, {"unit": "150102"}), now=MONDAY)
    session.refresh(ticket)
    with pytest.raises(GuardFailed):
        undo.undo(session, ticket, actor=staff.supervisor, now=MONDAY)
    matters.act(ticket.id, (Action.SIGN, staff.handler, {}), now=MONDAY)
    session.refresh(ticket)
    with pytest.raises(GuardFailed):
        undo.undo(session, ticket, actor=staff.dispatcher, now=MONDAY)


def test_a_question_to_the_caller_is_withdrawn_with_its_pause(
    session: Session, staff: Staff
) -> None:
    ticket = session.get_one(Ticket, matters.in_progress(staff)[0])
    due = ticket.due_at
    asked = (Action.ASK_CALLER, staff.handler, {"missing": "合同"})
    matters.act(ticket.id, asked, now=MONDAY)
    session.refresh(ticket)
    undo.undo(session, ticket, actor=staff.handler, now=MONDAY + UNDO_FOR / 2)
    assert (ticket.state, ticket.due_at) == (State.IN_PROGRESS, due)


def test_each_inverse_leads_back_where_it_came_from() -> None:
    rows = {row.action: row for row in TRANSITIONS}
    for row in TRANSITIONS:
        if row.undo is not None:
            assert (rows[row.undo].sources, (rows[row.undo].target,)) == (
                (row.target,),
                row.sources,
            )
