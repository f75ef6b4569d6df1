"""Tickets that belong together: merged with both in view, linked, split, and taken apart again."""

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.db import db, transaction
from hotline.core.errors import GuardFailed, Invalid
from hotline.intake import service as intake
from hotline.intake.form import IntakeForm
from hotline.tickets import demands, links, queries, splitting, tags
from hotline.tickets.links import LinkKind
from hotline.tickets.models import Outcome, Ticket
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import Action, State
from tests import matters
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms.browsing import Browsers

FIRST, SECOND = "+8613800000031", "+8613800000032"
EMPLOYER = "演示建筑公司"


def pair(staff: Staff) -> tuple[tuple[int, str], tuple[int, str]]:
    """Commit two matters of two workers of one employer, the first one under way."""
    first = matters.in_progress(staff, phone=FIRST, employer=EMPLOYER)
    return first, matters.received(SECOND, employer=EMPLOYER)


def merge(staff: Staff, number: str, into: str) -> None:
    ticket_id = db.session.scalar(select(Ticket.id).where(Ticket.number == number))
    db.session.rollback()
    matters.act(ticket_id, (Action.MERGE, staff.dispatcher, {"target": into}), now=MONDAY)


def with_demands(session: Session, ticket_id: int, staff: Staff, *texts: str) -> list[int]:
    for text in texts:
        ticket = session.get_one(Ticket, ticket_id)
        demands.add(session, ticket, text, actor=staff.operator, now=MONDAY)
    session.commit()
    return [each.id for each in demands.of(session, ticket_id)]


def test_whoever_was_merged_writes_to_the_ticket_that_goes_on(
    hotline: Hotline, staff: Staff
) -> None:
    (first_id, first), (_, second) = pair(staff)
    hotline.settle()
    phone = hotline.phone(SECOND)
    merge(staff, second, first)
    hotline.forward(dt.timedelta(minutes=1), seconds=11)
    assert "合并办理" in phone.inbox[-1]
    asked = {"missing": "劳动合同"}
    matters.act(first_id, (Action.ASK_CALLER, staff.handler, asked), now=MONDAY)
    phone.texts("合同我找到了")
    ticket = hotline.session.get_one(Ticket, first_id)
    assert ticket.state is State.IN_PROGRESS, "who waited for words works on"
    story = queries.story(hotline.session, staff.handler, ticket)
    assert "合同我找到了" in [event.note for event in story.events]
    assert hotline.session.scalar(select(func.count()).select_from(Ticket)) == 2
    matters.act(
        first_id,
        (Action.SUBMIT_RESULT, staff.handler, matters.RESULT),
        (Action.APPROVE, staff.reviewer, {}),
        now=hotline.now,
    )
    hotline.settle()
    assert f"{second}有了结果" in phone.inbox[-1], "the caller hears it under the own number"
    phone.texts("钱还没有到")
    proposals = select(TicketEvent.ticket_id).where(TicketEvent.kind == EventKind.PROPOSAL)
    assert hotline.session.scalars(proposals).all() == [first_id]


def test_a_demand_shares_the_outcome_of_the_merge_and_waits_again_after_it(
    session: Session, staff: Staff
) -> None:
    (first_id, first), (second_id, second) = pair(staff)
    with_demands(session, second_id, staff, "补发工资")
    merge(staff, second, first)
    matters.act(
        first_id,
        (Action.SUBMIT_RESULT, staff.handler, matters.RESULT),
        (Action.APPROVE, staff.reviewer, {}),
        now=MONDAY,
    )
    assert demands.of(session, second_id)[0].outcome is Outcome.SOLVED
    matters.act(second_id, (Action.UNMERGE, staff.dispatcher, {}), now=MONDAY)
    session.expire_all()
    assert demands.of(session, second_id)[0].open


def test_one_merge_is_one_deep(session: Session, staff: Staff) -> None:
    (_, first), (second_id, second) = pair(staff)
    third = matters.received("+8613800000033", employer=EMPLOYER)[1]
    merge(staff, third, second)
    with pytest.raises(GuardFailed) as refused:
        merge(staff, second, first)
    assert refused.value.guard == "holds_none"
    assert session.get_one(Ticket, second_id).state is State.RECEIVED


def test_a_repeat_call_is_a_new_contact_on_the_old_ticket(session: Session, staff: Staff) -> None:
    (first_id, first), (second_id, second) = pair(staff)
    merge(staff, second, first)
    form = IntakeForm.read({"channel": "call", "caller": SECOND, "narrative": "老板又拖了"})
    done = transaction(lambda s: intake.attach(s, staff.operator, form, first, now=MONDAY).id)
    assert done == second_id
    story = queries.story(session, staff.handler, session.get_one(Ticket, first_id))
    assert "老板又拖了" in [event.note for event in story.events]
    stranger = IntakeForm.read({"channel": "call", "caller": "13800000039", "narrative": "x"})
    with pytest.raises(GuardFailed):
        transaction(lambda s: intake.attach(s, staff.operator, stranger, first, now=MONDAY))


def test_a_merge_is_seen_before_it_is_made_and_taken_back(browser: Browsers, staff: Staff) -> None:
    (first_id, first), (second_id, second) = pair(staff)
    visitor = browser()
    visitor.signs_in("dispatcher")
    asked = visitor.get(f"/tickets/{second}/actions/merge")
    assert asked.headers["Location"] == f"/tickets/{second}/merge"
    assert f"target={first}" in visitor.get(f"/tickets/{second}/merge").get_data(as_text=True)
    page = visitor.get(f"/tickets/{second}/merge?target={first}").get_data(as_text=True)
    assert f"并入 {first}" in page
    assert visitor.get(f"/tickets/{second}/merge?target=000000-0000").status_code == 422
    visitor.post(f"/tickets/{second}/actions/merge", target=first, version="1")
    whole = visitor.get(f"/tickets/{first}").get_data(as_text=True)
    assert second in whole
    assert f"已并入 {first}" in visitor.get(f"/tickets/{second}").get_data(as_text=True)
    visitor.post(f"/tickets/{second}/actions/unmerge")
    db.session.rollback()
    assert db.session.get_one(Ticket, second_id).state is State.RECEIVED
    assert db.session.get_one(Ticket, first_id).state is State.IN_PROGRESS


def test_a_link_stands_on_both_until_it_is_ended(browser: Browsers, staff: Staff) -> None:
    (first_id, first), (second_id, second) = pair(staff)
    visitor = browser()
    visitor.signs_in("operator")
    visitor.get(f"/tickets/{first}")
    visitor.post(f"/tickets/{second}/links", other=first, kind="employer")
    page = visitor.get(f"/tickets/{first}").get_data(as_text=True)
    assert f'href="/tickets/{second}"' in page
    again = visitor.post(f"/tickets/{first}/links", other=second, kind="related")
    assert again.status_code == 422
    assert visitor.post(f"/tickets/{first}/links", other=second, kind="split").status_code == 422
    (row,) = db.session.scalars(select(links.TicketLink)).all()
    db.session.rollback()
    visitor.post(f"/tickets/{first}/links/{row.id}/end")
    told = select(TicketEvent.ticket_id, TicketEvent.detail).where(
        TicketEvent.kind == EventKind.LINK
    )
    assert [(each.ticket_id, each.detail["number"]) for each in db.session.execute(told)] == [
        (second_id, first), (first_id, second), (first_id, second), (second_id, first)
    ]  # fmt: skip


def test_what_one_may_not_find_is_linked_without_words(session: Session, staff: Staff) -> None:
    (first_id, _), (second_id, _) = pair(staff)
    first, second = session.get_one(Ticket, first_id), session.get_one(Ticket, second_id)
    links.link(session, first, second, LinkKind.RELATED, actor=staff.operator, now=MONDAY)
    assert links.of(session, staff.operator, first)[0].ticket is second
    assert links.of(session, staff.handler, first)[0].ticket is None
    third = session.get_one(Ticket, matters.received()[0])
    with pytest.raises(GuardFailed):
        links.link(session, first, third, LinkKind.EMPLOYER, actor=staff.operator, now=MONDAY)


def test_a_split_takes_demands_along_in_the_same_time_and_is_merged_back(
    session: Session, staff: Staff
) -> None:
    ticket_id, number = matters.in_progress(staff, phone=FIRST, confidential_level=1)
    chosen = with_demands(session, ticket_id, staff, "补发工资", "补缴社保")
    by = {"actor": staff.supervisor, "now": MONDAY}
    tags.coin(session, "家访", None, **by)
    tags.add(session, session.get_one(Ticket, ticket_id), "家访", **by)
    session.commit()
    later = MONDAY.replace(day=25)

    def split(going: list[int]) -> tuple[int, str]:
        def work(s: Session) -> tuple[int, str]:
            ticket = s.get_one(Ticket, ticket_id)
            new = splitting.split(s, ticket, going, actor=staff.operator, now=later)
            return new.id, new.number

        return transaction(work)

    new_id, new_number = split(chosen[1:])
    old, new = session.get_one(Ticket, ticket_id), session.get_one(Ticket, new_id)
    assert [each.text for each in demands.of(session, new_id)] == ["补缴社保"]
    assert (new.worker_id, new.confidential_level) == (old.worker_id, 1)
    rows = queries.as_seen(session, staff.supervisor, [old, new])
    assert [[tag.name for tag in each] for each in tags.of(session, rows).values()] == [
        ["家访"]
    ] * 2
    assert new.due_at == new.due_original == old.due_at, "a split buys no time"
    for one, other in ((old, new_number), (new, number)):
        story = queries.story(session, staff.supervisor, one)
        assert [e.detail["number"] for e in story.events if e.kind is EventKind.LINK] == [other]
    with pytest.raises(Invalid):  # something must be left
        split(chosen[:1])
    merge(staff, new_number, number)
    session.expire_all()
    assert new.merged_into_id == ticket_id
