"""Steps that need two people never wait for somebody who does not exist."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.core.db import new_id, transaction
from hotline.core.roles import Role
from hotline.messages.models import DeskNotice
from hotline.sla import second
from hotline.sla.models import Alert, Rise
from hotline.staff.models import Staff as Person
from hotline.staff.models import StaffRole
from hotline.tickets.models import Ticket
from hotline.tickets.states import Action, State
from hotline.units import queries as units
from tests import matters
from tests.matters import MONDAY, RESULT
from tests.people import Staff, password_hash


def raise_stuck() -> int:
    return second.raise_stuck(transaction, now=MONDAY)


def submitted(staff: Staff) -> int:
    """Return a ticket whose result waits for a reviewer."""
    ticket_id, _ = matters.in_progress(staff)
    matters.act(ticket_id, (Action.SUBMIT_RESULT, staff.handler, RESULT), now=MONDAY)
    return ticket_id


def hire(session: Session, role: Role, unit: str) -> int:
    """Hire one more person of *role* at *unit*."""
    person = Person(
        id=new_id(),
        login=f"more-{role}",
        name="演示人员",
        password_hash=password_hash(),
        unit_id=units.unit(session, unit).id,
        active=True,
        locale="zh_CN",
        created_at=MONDAY,
    )
    session.add(person)
    session.flush()
    session.add(StaffRole(staff_id=person.id, role=role))
    session.commit()
    return person.id


def grant(session: Session, staff_id: int | None, role: Role) -> None:
    session.add(StaffRole(staff_id=staff_id or 0, role=role))
    session.commit()


def dismiss(session: Session, *ids: int | None) -> None:
    session.execute(update(Person).where(Person.id.in_(ids)).values(active=False))
    session.commit()


def told(session: Session) -> Sequence[int]:
    session.rollback()
    return sorted(
        session.scalars(select(DeskNotice.staff_id).where(DeskNotice.kind == "second_person"))
    )


def test_a_reviewer_further_up_is_the_ordinary_case(session: Session, staff: Staff) -> None:
    submitted(staff)
    assert raise_stuck() == 0
    assert told(session) == []


def test_a_unit_whose_only_reviewer_did_the_work(session: Session, staff: Staff) -> None:
    submitted(staff)
    grant(session, staff.handler.id, Role.REVIEWER)
    assert raise_stuck() == 1
    supervisors = (staff.supervisor.id, staff.second_supervisor.id)
    assert told(session) == sorted([staff.reviewer.id or 0, *(each or 0 for each in supervisors)])
    assert session.scalars(select(Alert.template)).all() == ["staff_second"]
    assert raise_stuck() == 0  # once a step
    assert session.scalars(select(Rise.occasion)).one() == "result_review:1"


def test_a_second_reviewer_in_the_unit_is_enough(session: Session, staff: Staff) -> None:
    submitted(staff)
    grant(session, staff.handler.id, Role.REVIEWER)
    hire(session, Role.REVIEWER, "150102")
    assert raise_stuck() == 0


def test_it_rises_to_the_nearest_unit_that_can(session: Session, staff: Staff) -> None:
    submitted(staff)
    grant(session, staff.handler.id, Role.REVIEWER)
    nearest = hire(session, Role.REVIEWER, "1501")
    assert raise_stuck() == 1
    assert nearest in told(session)
    assert staff.reviewer.id not in told(session)


def test_nobody_anywhere_alarms_the_hotlines_supervisors(session: Session, staff: Staff) -> None:
    submitted(staff)
    dismiss(session, staff.reviewer.id)
    assert raise_stuck() == 1
    assert told(session) == sorted([staff.supervisor.id or 0, staff.second_supervisor.id or 0])


def test_a_judgement_that_the_reviewer_may_not_make(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.resolved(staff)
    score = {"score": 5, "channel": "call"}
    matters.act(ticket_id, (Action.SURVEY_DISSATISFIED, staff.surveyor, score), now=MONDAY)
    assert raise_stuck() == 0
    dismiss(session, staff.supervisor.id, staff.second_supervisor.id)
    session.execute(update(Ticket).values(reviewer_id=staff.unit_lead.id))
    session.commit()
    assert raise_stuck() == 1
    assert session.scalars(select(Rise.occasion)).one() == f"{State.APPRAISAL_REVIEW}:1"


def test_a_request_for_approval_that_only_the_asker_could_grant(
    session: Session, staff: Staff
) -> None:
    ticket_id, _ = matters.received(demand_type="suggestion")
    matters.act(ticket_id, (Action.VOID, staff.dispatcher, {"reason": "misdial"}), now=MONDAY)
    assert raise_stuck() == 0  # a supervisor may decide as well
    dismiss(session, staff.supervisor.id, staff.second_supervisor.id, staff.unit_lead.id)
    assert raise_stuck() == 1


def test_a_request_whose_ticket_moved_on_stops_no_other(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.received(demand_type="suggestion")
    matters.act(ticket_id, (Action.VOID, staff.dispatcher, {"reason": "misdial"}), now=MONDAY)
    matters.act(ticket_id, (Action.TAKE, staff.dispatcher, {}), now=MONDAY)
    submitted(staff)
    grant(session, staff.handler.id, Role.REVIEWER)
    assert raise_stuck() == 1
