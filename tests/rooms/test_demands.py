"""What callers ask for, line by line, and what they were promised."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import GuardFailed, Invalid, NotFound
from hotline.intake.form import IntakeForm
from hotline.intake.service import register
from hotline.tickets import demands
from hotline.tickets.models import Outcome, Ticket
from tests import matters
from tests.matters import MONDAY
from tests.people import Staff

FORM = {"channel": "visit", "narrative": "工资和社保", "caller": "13800000001"}
FRIDAY = "2026-11-27T18:00:00+08:00"


def test_each_demand_has_a_row_and_a_promise_its_moment(session: Session, staff: Staff) -> None:
    given = {"demands": ("补发三个月工资", "补缴社保"), "promise": "回电", "promise_at": FRIDAY}
    form = IntakeForm.read({**FORM, **given})
    ticket = transaction(lambda s: register(s, staff.operator, form, now=MONDAY))
    kept = demands.of(session, ticket.id)
    assert [each.text for each in kept] == ["补发三个月工资", "补缴社保"]
    demands.add(session, ticket, " 赔礼道歉 ", actor=staff.operator, now=MONDAY)
    demands.withdraw(session, ticket, kept[1].id, actor=staff.operator, now=MONDAY)
    demands.settle(kept[0], Outcome.SOLVED, "已到账", now=MONDAY)
    session.flush()
    assert [each.open for each in demands.of(session, ticket.id)] == [False, False, True]
    with pytest.raises(NotFound):  # it came to something already
        demands.withdraw(session, ticket, kept[0].id, actor=staff.operator, now=MONDAY)
    (owed,) = demands.promises(session, ticket.id)
    assert owed.due_at == dt.datetime.fromisoformat(FRIDAY)
    demands.keep(session, ticket, owed.id, actor=staff.operator, now=MONDAY)
    assert demands.promises(session, ticket.id)[0].kept_at == MONDAY


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"promise": "回电"}, "promise"),
        ({"promise": "回电", "promise_at": "2026-11-20T18:00:00+08:00"}, "promise_at"),
        ({"demands": ("一",) * 21}, "demands"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    session: Session, staff: Staff, given: dict[str, object], field: str
) -> None:
    def take_in() -> None:
        form = IntakeForm.read({**FORM, **given})
        transaction(lambda s: register(s, staff.operator, form, now=MONDAY))

    with pytest.raises(Invalid) as refused:
        take_in()
    assert refused.value.errors.keys() == {field}


def test_a_settled_matter_takes_no_more(session: Session, staff: Staff) -> None:
    ticket = session.get_one(Ticket, matters.resolved(staff)[0])
    with pytest.raises(GuardFailed):
        demands.add(session, ticket, "又一项", actor=staff.operator, now=MONDAY)
