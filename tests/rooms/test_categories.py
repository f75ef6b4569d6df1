"""Categories: a retired one names its successor and is offered no more; its tickets keep it."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from hotline.core.db import db, transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.core.roles import Role
from hotline.intake.form import IntakeForm
from hotline.intake.service import register
from hotline.staff import service as accounts
from hotline.tickets import casework, catalogue, categories
from hotline.tickets.categories import Names
from hotline.tickets.models import Ticket
from tests import matters
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import ADMIN, PASSWORD, Staff
from tests.rooms.browsing import Browsers

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
BY = {"actor": ADMIN, "now": MONDAY}
NAMES = Names("演示小类", "Demo leaf")
FORM = {
    "channel": "visit", "caller": "13800000001", "narrative": "演示", "demand_type": "inquiry",
    "region": "150102", "confidential_level": 0,
}  # fmt: skip


def codes(session: Session, on: dt.date) -> set[str]:
    return {row.code for row in catalogue.offered(session, on)}


def test_a_retired_leaf_is_offered_until_its_last_day_and_its_successor_after(
    session: Session, staff: Staff
) -> None:
    ticket_id, _ = matters.received(category_code="A2")
    categories.add(session, "A30", NAMES, TODAY + DAY, **BY)
    categories.retire(session, "A2", TODAY, "A30", **BY)
    session.commit()
    assert {"A2", "A30"} & codes(session, TODAY) == {"A2"}
    assert {"A2", "A30"} & codes(session, TODAY + DAY) == {"A30"}
    form = IntakeForm.read({**FORM, "category": "A2"})
    with pytest.raises(Invalid) as refused:
        transaction(lambda s: register(s, staff.operator, form, now=MONDAY + DAY))
    assert refused.value.errors.keys() == {"category"}
    ticket = session.get_one(Ticket, ticket_id)
    given = {"actor": staff.operator, "now": MONDAY + DAY}
    casework.edit(session, ticket, {"subject": "另一个主题", "category_code": "A2"}, **given)
    assert ticket.category_code == "A2"
    ticket.category_code = "A1"
    with pytest.raises(Invalid):
        casework.edit(session, ticket, {"category_code": "A2"}, **given)
    with pytest.raises(GuardFailed):
        categories.retire(session, "A30", TODAY + DAY, "A1", **BY)
    categories.take_up(session, "A2", **BY)
    assert "A2" in codes(session, TODAY + 9 * DAY)


@pytest.mark.parametrize(
    ("last_day", "successor", "wrong"),
    [
        (TODAY, None, {"successor"}),
        (TODAY, "A2", {"successor"}),
        (TODAY, "Z1", {"successor"}),
        (TODAY - DAY, "A1", {"valid_to"}),
    ],
)
def test_a_retired_leaf_asks_for_a_successor_that_lasts(
    session: Session, last_day: dt.date, successor: str | None, wrong: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        categories.retire(session, "A2", last_day, successor, **BY)
    assert refused.value.errors.keys() == wrong


@pytest.mark.parametrize(
    ("code", "names", "first", "wrong"),
    [
        ("A2", NAMES, TODAY, {"code"}),
        ("Z1", NAMES, TODAY, {"code"}),
        ("A030", NAMES, TODAY, {"code"}),
        ("A30", Names("", "x" * 121), TODAY - DAY, {"name", "name_en", "valid_from"}),
    ],
)
def test_a_new_leaf_is_of_a_group_and_has_names(
    session: Session, code: str, names: Names, first: dt.date, wrong: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        categories.add(session, code, names, first, **BY)
    assert refused.value.errors.keys() == wrong


def test_an_administrator_changes_the_tree_and_nobody_else(
    hotline: Hotline, browser: Browsers, staff: Staff
) -> None:
    given = {"unit_id": 2, "roles": [Role.ADMIN], "password": PASSWORD, "phone": None}
    transaction(lambda s: accounts.add(s, login="keeper", **given, **BY).id)
    admin, operator = browser(), browser()
    admin.signs_in("keeper")
    operator.signs_in("operator")
    assert "A2" in operator.get("/categories").get_data(as_text=True)
    assert operator.get("/categories/A2").status_code == 403
    with pytest.raises(Forbidden):
        categories.take_up(db.session(), "A2", actor=staff.supervisor, now=MONDAY)
    db.session.rollback()
    names = NAMES._asdict()
    admin.post("/categories", code="a30", valid_from="2026-11-23", **names)
    admin.post("/categories/A30", name="换个说法", name_en="Other words")
    page = "/categories/A2"
    assert admin.post(f"{page}/retire", valid_to="", successor="A30").status_code == 422
    assert admin.post(f"{page}/retire", valid_to="2026-11-23", successor="A30").status_code == 303
    shown = admin.get("/categories").get_data(as_text=True)
    assert "换个说法" in shown
    assert "用到 2026-11-23" in shown
    assert "A30" in operator.get("/tickets/new").get_data(as_text=True)
    assert admin.post(f"{page}/take-up").status_code == 303
