"""How confidential a matter is: who may change it, who sees it, and where it must not go."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline.core.db import new_id, transaction
from hotline.core.errors import Forbidden, GuardFailed, NotFound
from hotline.core.roles import Actor, Role
from hotline.intake import service as intake
from hotline.intake.form import IntakeForm
from hotline.tickets import casework, confidence, queries, service, sight
from hotline.tickets.intake import employer_key
from hotline.tickets.models import Ticket
from hotline.tickets.narrowing import Filter
from hotline.tickets.records import Consent, Keeper
from hotline.tickets.states import Action
from hotline.units import queries as units
from hotline.units.models import Unit, UnitKind
from tests.matters import MONDAY, WORKER, in_progress, received
from tests.people import HIRED, Staff

EMPLOYER = "演示建筑公司"
CLASSIFIED = {"category": "A1", "demand_type": "complaint", "region": "150102"}


def registered(session: Session, staff: Staff, **given: object) -> Ticket:
    form = IntakeForm.read(
        {
            "channel": "call",
            "caller": WORKER,
            "narrative": "三个月没有发工资",
            **CLASSIFIED,
            **given,
        }
    )
    return intake.register(session, staff.operator, form, now=MONDAY)


def enterprise_union(session: Session) -> tuple[Unit, Actor]:
    """Add the union inside the enterprise, below 150102, and somebody who works there."""
    above = units.unit(session, "150102")
    unit = Unit(
        id=new_id(), code="150102-001", name="演示建筑公司工会", name_en="Union at Demo Builders",
        kind=UnitKind.BASIC, parent_id=above.id, path="", region_code="150102",
        valid_from=HIRED.date(), employer_key=employer_key(EMPLOYER),
    )  # fmt: skip
    unit.path = f"{above.path}{unit.id}/"
    session.add(unit)
    session.flush()
    handler = Actor(7, "inside", frozenset({Role.HANDLER}), unit.id, unit.path)
    return unit, handler


def test_r14_a_complaint_about_an_employer_is_level_1_until_the_caller_consents(
    session: Session, staff: Staff
) -> None:
    """R14: level 1 by default; lower only at the hotline, with words that are kept."""
    ticket = registered(session, staff, employer=EMPLOYER)
    assert ticket.confidential_level == 1
    with pytest.raises(GuardFailed, match="同意"):
        casework.edit(session, ticket, {"confidential_level": 0}, actor=staff.operator, now=MONDAY)
    with pytest.raises(Forbidden):
        confidence.set_level(session, ticket, 0, "同意", actor=staff.handler, now=MONDAY)
    confidence.set_level(session, ticket, 0, "录音 3 分 20 秒", actor=staff.operator, now=MONDAY)
    assert ticket.confidential_level == 0
    assert [row.words for row in session.scalars(select(Consent))] == ["录音 3 分 20 秒"]


def test_an_open_complaint_keeps_that_the_caller_was_asked(session: Session, staff: Staff) -> None:
    registered(session, staff, employer=EMPLOYER, confidential_level=0)
    assert [row.level for row in session.scalars(select(Consent))] == [0]
    assert registered(session, staff).confidential_level is None  # no employer: ask


def test_r73_the_union_inside_the_enterprise_needs_the_callers_consent(
    session: Session, staff: Staff
) -> None:
    """R73: neither dispatched to it nor seen by it before; its name stays hidden after."""
    unit, inside = enterprise_union(session)
    ticket = registered(session, staff, employer=EMPLOYER)
    give = {"unit": unit.code}

    def dispatch() -> None:
        service.perform(session, ticket, Action.DISPATCH, give, actor=staff.dispatcher, now=MONDAY)

    with pytest.raises(GuardFailed) as refused:
        dispatch()
    assert refused.value.guard == "employers_union"
    session.refresh(ticket)
    confidence.agree(session, ticket, "愿意由厂工会处理", actor=staff.operator, now=MONDAY)
    dispatch()
    seen = queries.story(session, inside, queries.by_number(session, inside, ticket.number))
    assert seen.sight.hides("name")
    assert not seen.sight.hides("words")
    confidence.set_level(session, ticket, 2, None, actor=staff.operator, now=MONDAY)
    session.flush()
    with pytest.raises(NotFound):  # what was agreed to was level 1
        queries.by_number(session, inside, ticket.number)


def test_r36_a_complaint_about_a_union_goes_one_level_above_it(
    session: Session, staff: Staff
) -> None:
    """R36: the union complained of and those below it neither see nor get it."""
    ticket = registered(session, staff, category="R1", confidential_level=1)
    about = units.unit(session, "150102")
    assert ticket.about_unit_id == about.id
    for code in ("150102",):
        with pytest.raises(GuardFailed) as refused:
            service.perform(
                session, ticket, Action.DISPATCH, {"unit": code}, actor=staff.dispatcher,
                now=MONDAY,
            )  # fmt: skip
        assert refused.value.guard == "not_complained_of"
        session.refresh(ticket)
    service.perform(session, ticket, Action.DISPATCH, {}, actor=staff.dispatcher, now=MONDAY)
    assert units.by_id(session, ticket.unit_id).code == "1501"
    ticket.unit_id = about.id  # whatever went wrong elsewhere
    session.flush()
    for person in (staff.handler, staff.unit_lead):
        with pytest.raises(NotFound):
            queries.by_number(session, person, ticket.number)
    assert queries.by_number(session, staff.operator, ticket.number)


def test_at_the_highest_level_two_named_persons_see_it_and_nobody_else(
    session: Session, staff: Staff
) -> None:
    ticket = registered(session, staff, employer=EMPLOYER, confidential_level=3)

    def reads(actor: Actor) -> bool:
        return sight.sight(session, actor, ticket).clear

    assert reads(staff.operator)  # who took it down
    assert not reads(staff.supervisor)
    confidence.name_keeper(
        session, ticket, staff.supervisor.id or 0, actor=staff.operator, now=MONDAY
    )
    assert reads(staff.supervisor)
    with pytest.raises(GuardFailed):
        confidence.name_keeper(
            session, ticket, staff.reviewer.id or 0, actor=staff.operator, now=MONDAY
        )
    found = Filter(caller=WORKER)
    page = {"cursor": None, "limit": 5, "now": MONDAY}
    assert queries.lines(session, staff.supervisor, found, **page).items
    assert not queries.lines(session, staff.reviewer, found, **page).items
    shown = queries.lines(session, staff.reviewer, Filter(), **page).items[0]
    assert (shown.subject, shown.employer, shown.caller) == ("保密工单", None, None)
    with pytest.raises(Forbidden):
        casework.edit(session, ticket, {"subject": "x"}, actor=staff.reviewer, now=MONDAY)


def test_a_third_seat_is_refused_by_the_table(session: Session, staff: Staff) -> None:
    ticket_id, _ = received()
    for seat, who in ((1, staff.operator), (3, staff.supervisor)):
        session.add(Keeper(ticket_id=ticket_id, staff_id=who.id, seat=seat, at=MONDAY))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_unit_works_from_the_brief_and_reads_its_own_notes(
    session: Session, staff: Staff
) -> None:
    _, number = in_progress(staff, confidential_level=2)

    def work(session: Session) -> None:
        ticket = queries.by_number(session, staff.operator, number)
        confidence.write_brief(
            session, ticket, "某工地拖欠三个月工资", actor=staff.operator, now=MONDAY
        )
        for who, text in ((staff.operator, "热线备注"), (staff.handler, "单位备注")):
            casework.add_note(session, ticket, text, actor=who, now=MONDAY)

    transaction(work)
    ticket = queries.by_number(session, staff.unit_lead, number)
    story = queries.story(session, staff.unit_lead, ticket)
    assert story.ticket.narrative == "某工地拖欠三个月工资"
    assert [event.note for event in story.events if event.kind == "note"] == [None, "单位备注"]
