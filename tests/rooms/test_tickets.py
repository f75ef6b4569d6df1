"""A ticket on both engines: numbers without gaps, the whole table, approvals, deadlines."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.states import NO_TICKET
from hotline.core.db import db, transaction
from hotline.core.errors import Forbidden, GuardFailed, Stale, TransitionNotAllowed
from hotline.core.roles import Actor, system
from hotline.deadlines import telling
from hotline.tickets import approvals, casework, catalogue, queries, service
from hotline.tickets.intake import Intake, Receipt
from hotline.tickets.models import Channel, DemandType, Ticket, Urgency
from hotline.tickets.narrowing import Filter
from hotline.tickets.records import Approval
from hotline.tickets.states import Action, State
from tests import matters
from tests.people import Staff

A, S = Action, State
MONDAY = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)  # 10:00 in Hohhot
SMS = system("sms")
WAGES = "演示工地三个月没有发工资"


def receive(session: Session, **given: object) -> Ticket:
    matter = Intake(channel=Channel.CALL, narrative=WAGES, **given)  # type: ignore[arg-type]
    receipt = service.receive(session, matter, actor=SMS, now=MONDAY)
    return session.get_one(Ticket, receipt.id)


def classified(session: Session, **given: object) -> Ticket:
    chosen = {
        "category_code": "A1",
        "demand_type": DemandType.COMPLAINT,
        "region_code": "150102",
        "confidential_level": 0,
    }
    return receive(session, **{**chosen, **given})


def act(session: Session, ticket: Ticket, action: Action, actor: Actor, **given: object) -> object:
    return service.perform(session, ticket, action, given, actor=actor, now=MONDAY)


def test_numbers_of_a_day_have_no_gaps(session: Session) -> None:
    def fail(session: Session) -> Receipt:
        service.receive(session, Intake(Channel.SMS, WAGES), actor=SMS, now=MONDAY)
        raise KeyError

    def succeed(session: Session) -> Receipt:
        return service.receive(session, Intake(Channel.SMS, WAGES), actor=SMS, now=MONDAY)

    first = transaction(succeed).number
    with pytest.raises(KeyError):
        transaction(fail)
    assert (first, transaction(succeed).number) == ("261123-0001", "261123-0002")


def test_r35_fifty_writers_at_once_leave_no_gap(app: Flask) -> None:
    def write(_: int) -> str:
        with app.app_context():
            try:
                return transaction(
                    lambda session: (
                        service.receive(
                            session, Intake(Channel.SMS, WAGES), actor=SMS, now=MONDAY
                        ).number
                    )
                )
            finally:
                db.session.remove()

    with ThreadPoolExecutor(50) as writers:
        numbers = sorted(writers.map(write, range(50)))
    assert numbers == [f"261123-{n:04}" for n in range(1, 51)]


def test_a_new_matter_runs_under_triage_until_it_is_classified(
    session: Session, staff: Staff
) -> None:
    ticket = receive(session)
    assert (ticket.class_code, ticket.due_at) == ("triage", MONDAY + dt.timedelta(hours=2))
    changes = {
        "category_code": "A1",
        "region_code": "150102",
        "demand_type": DemandType.COMPLAINT,
        "confidential_level": 1,
    }
    casework.edit(session, ticket, changes, actor=staff.operator, now=MONDAY)
    assert ticket.class_code == "wages"
    assert ticket.due_original == ticket.due_at > MONDAY + dt.timedelta(days=6)


def test_nothing_is_dispatched_before_it_is_classified(session: Session, staff: Staff) -> None:
    with pytest.raises(GuardFailed) as caught:
        act(session, receive(session), A.DISPATCH, staff.dispatcher)
    assert caught.value.guard == "classified"


def test_a_complaint_goes_through_the_unit_and_its_review(session: Session, staff: Staff) -> None:
    ticket = classified(session)
    act(session, ticket, A.DISPATCH, staff.dispatcher)
    assert ticket.unit_id == staff.handler.unit_id
    act(session, ticket, A.SIGN, staff.handler)
    assert ticket.handler_id == staff.handler.id
    result = {"reply": "工资已补发", "result_code": "solved", "contact": "已电话联系"}
    act(session, ticket, A.SUBMIT_RESULT, staff.handler, **result)
    act(session, ticket, A.APPROVE, staff.reviewer)
    assert (ticket.state, ticket.outcome) == (S.RESOLVED, "solved")
    assert ticket.resolved_at == ticket.submitted_at


def test_the_handler_cannot_review_and_a_stranger_cannot_sign(
    session: Session, staff: Staff
) -> None:
    ticket = classified(session)
    act(session, ticket, A.DISPATCH, staff.dispatcher)
    with pytest.raises(GuardFailed):
        act(session, ticket, A.SIGN, staff.other_handler)
    with pytest.raises(Forbidden):
        act(session, ticket, A.SIGN, staff.reviewer)


def test_a_stale_version_changes_nothing(session: Session, staff: Staff) -> None:
    ticket = classified(session)
    with pytest.raises(Stale):
        service.perform(
            session, ticket, A.DISPATCH, {}, actor=staff.dispatcher, now=MONDAY, version=7
        )


def test_voiding_waits_for_a_second_person(session: Session, staff: Staff) -> None:
    ticket = classified(session, demand_type=DemandType.OTHER)
    asked = act(session, ticket, A.VOID, staff.dispatcher, reason="test")
    assert isinstance(asked, Approval)
    assert ticket.state is S.RECEIVED
    with pytest.raises(Forbidden):
        service.decide(
            session, asked, ticket, approve=True, reason=None, actor=staff.dispatcher, now=MONDAY
        )
    service.decide(
        session, asked, ticket, approve=True, reason="同意", actor=staff.supervisor, now=MONDAY
    )
    assert ticket.state is S.VOIDED


def test_merging_takes_the_earlier_deadline_and_unmerging_gives_it_back(
    session: Session, staff: Staff
) -> None:
    target = classified(session, employer="演示建筑公司")
    ticket = receive(session, employer="演示 建筑公司")
    before = target.due_at
    act(session, ticket, A.MERGE, staff.dispatcher, target=target.number)
    assert target.due_at == ticket.due_at < before
    act(session, ticket, A.UNMERGE, staff.dispatcher)
    assert (target.due_at, ticket.state, ticket.merged_into_id) == (before, S.RECEIVED, None)


def test_a_pause_moves_the_deadline_and_keeps_the_original(session: Session, staff: Staff) -> None:
    ticket = classified(session)
    original = ticket.due_at
    act(session, ticket, A.DISPATCH, staff.dispatcher)
    act(session, ticket, A.SIGN, staff.handler)
    act(session, ticket, A.ASK_CALLER, staff.handler, missing="劳动合同")
    later = MONDAY + dt.timedelta(days=2)
    service.perform(session, ticket, A.CALLER_REPLIED, {}, actor=SMS, now=later)
    assert ticket.due_at > original == ticket.due_original
    assert "暂停，顺延 2 天" in telling.told(ticket.due_explained[-1])


def test_an_extension_is_asked_before_expiry_and_granted_by_another(
    session: Session, staff: Staff
) -> None:
    ticket = classified(session)
    act(session, ticket, A.DISPATCH, staff.dispatcher)
    act(session, ticket, A.SIGN, staff.handler)
    later = ticket.due_at + dt.timedelta(days=3)
    asked = approvals.ask_extension(
        session, ticket, later, "等待对账", actor=staff.handler, now=MONDAY
    )
    service.decide(
        session, asked, ticket, approve=True, reason=None, actor=staff.supervisor, now=MONDAY
    )
    assert ticket.due_at == later
    with pytest.raises(GuardFailed, match="一次"):
        approvals.ask_extension(
            session, ticket, later + dt.timedelta(days=1), "再等", actor=staff.handler, now=MONDAY
        )


def test_rework_opens_a_cycle_and_keeps_the_old_result(session: Session, staff: Staff) -> None:
    ticket = classified(session, demand_type=DemandType.INQUIRY)
    act(session, ticket, A.ANSWER_DIRECTLY, staff.operator, reply="可以申请仲裁")
    act(session, ticket, A.SURVEY_DISSATISFIED, SMS, score=5)
    act(session, ticket, A.ORDER_REWORK, staff.supervisor, reason="没有说清楚")
    assert (ticket.state, ticket.cycle, ticket.outcome) == (S.DISPATCHED, 2, None)
    assert len(queries.story(session, staff.supervisor, ticket).results) == 1


def test_a_list_shows_only_the_askers_part_of_the_tree(session: Session, staff: Staff) -> None:
    ticket = classified(session)
    act(session, ticket, A.DISPATCH, staff.dispatcher)

    def seen(actor: Actor) -> list[str]:
        page = queries.page(session, actor, Filter(), cursor=None, limit=10, now=MONDAY)
        return [row.number for row in page.items]

    assert seen(staff.operator) == seen(staff.handler) == [ticket.number]
    assert seen(staff.other_handler) == []


def test_a_list_of_what_is_late_begins_with_what_was_due_first(
    session: Session, staff: Staff
) -> None:
    days = (20, 30, 25, 40)
    made = [matters.received(now=MONDAY - dt.timedelta(late))[0] for late in days]
    expected = sorted(made, key=lambda id_: (session.get_one(Ticket, id_).due_at, id_))
    cursor, found = None, list[int]()
    for _ in made[::2]:
        page = queries.lines(
            session, staff.supervisor, Filter(overdue=True), cursor=cursor, limit=2, now=MONDAY
        )
        found, cursor = found + [row.id for row in page.items], page.next
    assert (found, cursor) == (expected, None)


def test_the_table_refuses_what_it_does_not_name(session: Session, staff: Staff) -> None:
    with pytest.raises(TransitionNotAllowed, match="归档"):
        act(session, classified(session), A.ARCHIVE, system("clock"))


def test_every_entry_of_the_timeline_names_who(session: Session, staff: Staff) -> None:
    ticket = classified(session)
    act(session, ticket, A.DISPATCH, staff.dispatcher)
    story = queries.story(session, staff.supervisor, ticket)
    assert [event.actor_name for event in story.events] == ["sms@1", "dispatcher"]


def test_two_rows_of_one_number_cannot_be(session: Session) -> None:
    receive(session)
    receive(session)
    numbers = session.scalars(select(Ticket.number)).all()
    assert len(set(numbers)) == 2


def test_what_is_sent_back_to_the_centre_is_signed_by_its_operators(
    session: Session, staff: Staff
) -> None:
    ticket = classified(session, demand_type=DemandType.INQUIRY)
    act(session, ticket, A.ANSWER_DIRECTLY, staff.operator, reply="可以申请仲裁")
    act(session, ticket, A.SURVEY_DISSATISFIED, SMS, score=5)
    act(session, ticket, A.ORDER_REWORK, staff.supervisor, reason="没有说清楚")
    act(session, ticket, A.SIGN, staff.second_operator)
    assert (ticket.state, ticket.handler_id) == (S.IN_PROGRESS, staff.second_operator.id)


def test_the_reasons_for_no_ticket_are_those_a_call_may_end_in(session: Session) -> None:
    assert {row.code for row in catalogue.reasons(session, "no_ticket")} == NO_TICKET


def test_more_urgent_is_never_later(session: Session, staff: Staff) -> None:
    ticket = classified(session, demand_type=DemandType.INQUIRY)
    before = ticket.due_at
    casework.set_urgency(
        session, ticket, Urgency.URGENT, "情况紧急", actor=staff.operator, now=MONDAY
    )
    assert (ticket.class_code, ticket.due_at) == ("urgent", before)
