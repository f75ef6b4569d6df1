"""What is taken down while talking: employer, project, the category's own facts; what is alike."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import Forbidden, Invalid, Stale
from hotline.core.roles import Actor, Role
from hotline.employers import queries as employers
from hotline.employers import service as register_of_employers
from hotline.employers.service import Facts
from hotline.intake import typing as while_typing
from hotline.intake.form import IntakeForm
from hotline.intake.service import register
from hotline.staff import drafts
from hotline.tickets import facts, forms
from hotline.tickets.forms import Kind, Question
from hotline.tickets.likeness import Because
from hotline.tickets.models import Ticket
from tests.matters import MONDAY
from tests.people import Staff

ADMIN = Actor(None, "admin", frozenset({Role.ADMIN}))
FORM = {
    "channel": "visit",
    "caller": "13800000001",
    "narrative": "演示工地拖欠三个月工资，包工头联系不上",
    "category": "A1",
    "demand_type": "complaint",
    "region": "150102",
    "confidential_level": 1,
    "employer": "兴泰建设",
    "project": "演示花园二期",
}
FULL = "内蒙古兴泰建设集团有限公司"


def enter(staff: Staff, **given: object) -> Ticket:
    form = IntakeForm.read({**FORM, **given})
    return transaction(lambda session: register(session, staff.operator, form, now=MONDAY))


def known(code: str | None = None, name: str = FULL, **more: object) -> int:
    given = Facts(name=name, code=code, **more)
    return transaction(
        lambda session: register_of_employers.add(session, given, actor=ADMIN, now=MONDAY).id
    )


def test_an_employer_is_known_by_code_name_variant_and_sound(session: Session) -> None:
    ours = known("91350100M000100Y43", names=("兴泰一建",))
    known(name="包头市演示食品有限公司")
    for said in ("兴泰建设集团", "兴泰一建", "91350100m000100y43"):
        assert employers.named(session, said).id == ours, said
    assert employers.named(session, "兴泰") is None  # typed on the way, not yet a name
    for typed in ("兴泰", "xtjs", "xingtai", "兴泰建设"):
        assert employers.find(session, typed)[0].employer.id == ours, typed
    with pytest.raises(Invalid) as refused:
        known("91350100M000100Y43", name="另一家")
    assert refused.value.errors.keys() == {"code"}


def test_who_keeps_no_register_changes_nothing_in_it(session: Session, staff: Staff) -> None:
    with pytest.raises(Forbidden):
        register_of_employers.add(session, Facts(FULL), actor=staff.handler, now=MONDAY)


def test_r62_a_ticket_keeps_the_form_it_was_asked_by(session: Session, staff: Staff) -> None:
    """R62: a new version changes what is asked next, never what was answered."""
    ticket = enter(staff, facts={"amount_each": "18000", "foreman": None})
    old, answers = facts.of(session, ticket.id)
    assert (old.code, old.version, answers) == ("A1", 1, {"amount_each": 18000, "foreman": None})
    asked = [Question("since", Kind.DATE, "从何时", "Since")]
    facts.publish(session, "A1", asked, "只问一项", after=1, actor=ADMIN, now=MONDAY)
    assert facts.form_of(session, "A1").version == 2
    assert facts.of(session, ticket.id)[0].version == 1
    assert len(forms.questions(facts.of(session, ticket.id)[0].definition)) > 1
    with pytest.raises(Stale):
        facts.publish(session, "A1", asked, "又一版", after=1, actor=ADMIN, now=MONDAY)
    with pytest.raises(Forbidden):
        facts.publish(session, "A1", asked, "x", after=2, actor=staff.operator, now=MONDAY)


def test_facts_and_projects_rest_sealed(session: Session, staff: Staff) -> None:
    enter(staff, facts={"contractor": "某总包"})
    for table, column in (("ticket_facts", "sealed"), ("ticket", "project")):
        kept = session.execute(text(f"SELECT {column} FROM {table}")).scalar_one()
        assert "某总包".encode() not in bytes(kept)
        assert "演示花园".encode() not in bytes(kept)


def test_a_category_without_a_form_takes_no_facts(session: Session, staff: Staff) -> None:
    with pytest.raises(Invalid):
        enter(staff, category="T1", facts={"amount_each": "1"})


def test_r17_what_is_typed_finds_the_like(session: Session, staff: Staff) -> None:
    """R17: same caller, employer by another name, project, or place and words."""
    ours = known()
    first = enter(staff)
    assert first.employer_id == ours
    other = {"caller": "13800000009", "employer": None, "project": None, "region": "150202"}
    enter(staff, **{**other, "narrative": "食堂饭菜不干净", "category": "G2"})

    def reasons(**typed: object) -> dict[str, tuple[Because, ...]]:
        given = IntakeForm.read({"channel": "visit", "narrative": "…", **typed})
        found = while_typing.similar(session, staff.operator, given)
        return {each.line.number: each.likeness.because for each in found}

    assert reasons(caller="13800000001") == {first.number: (Because.CALLER,)}
    assert reasons(employer="兴泰建设集团公司") == {first.number: (Because.EMPLOYER,)}
    assert reasons(project="演示花园二期") == {first.number: (Because.PROJECT,)}
    near = {"category": "A1", "region": "150102", "narrative": "演示工地拖欠工资"}
    assert reasons(**near) == {first.number: (Because.PLACE, Because.WORDS)}
    assert reasons(category="A1", region="150202", employer="别的公司") == {}


def test_a_ticket_from_before_the_register_knew_its_employer_is_found(
    session: Session, staff: Staff
) -> None:
    first = enter(staff, employer="兴泰建设")
    assert first.employer_id is None
    known()
    given = IntakeForm.read({"channel": "visit", "narrative": "…", "employer": FULL})
    (found,) = while_typing.similar(session, staff.operator, given)
    assert (found.line.number, found.likeness.because) == (first.number, (Because.EMPLOYER,))


def test_r17_nobody_is_shown_what_lies_outside_their_units(session: Session, staff: Staff) -> None:
    enter(staff)
    given = IntakeForm.read({"channel": "visit", "narrative": "…", "caller": "13800000001"})
    assert while_typing.similar(session, staff.other_handler, given) == []


def test_a_draft_is_its_writers_own_and_rests_sealed(session: Session, staff: Staff) -> None:
    me, other = staff.operator.id or 0, staff.second_operator.id or 0
    drafts.save(session, me, "call-1", {"narrative": "第一句"}, now=MONDAY)
    drafts.save(session, me, "call-1", {"narrative": "第一句，第二句"}, now=MONDAY)
    assert drafts.find(session, me, "call-1") == ({"narrative": "第一句，第二句"}, MONDAY)
    assert drafts.find(session, other, "call-1") is None
    session.flush()
    kept = session.execute(select(drafts.Draft.__table__.c.fields)).scalar_one()
    assert kept  # opened by the column's type; what rests is asked for below
    rests = session.execute(text("SELECT fields FROM draft")).scalar_one()
    assert "第一句".encode() not in bytes(rests)
    drafts.forget_old(session, now=MONDAY + drafts.KEPT)
    assert drafts.find(session, me, "call-1") is None
