"""The editor of a form: moved, changed, seen as it will look, published, old tickets untouched."""

import re

import pytest
from sqlalchemy.orm import Session

from hotline.core.db import db, transaction
from hotline.core.roles import Role
from hotline.staff import service as accounts
from hotline.tickets import facts, forms
from hotline.tickets.form_changes import Did, changes
from hotline.tickets.forms import Kind, Question
from hotline.web import form_editor as editor
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import ADMIN, PASSWORD, Staff
from tests.rooms.browsing import Browser, Browsers

OTHERS = Question("others", Kind.YES_NO, "还有别人吗", "Any others")
COUNT = Question("count", Kind.NUMBER, "几人", "How many", needs=("others", "yes"))
PAID = Question("paid", Kind.CHOICE, "怎样付", "How", options=(("月薪", "monthly"),))


@pytest.fixture
def admin(hotline: Hotline, browser: Browsers, session: Session) -> Browser:
    """Sign an administrator in."""
    given = {"unit_id": 2, "roles": [Role.ADMIN], "password": PASSWORD}
    transaction(
        lambda s: accounts.add(s, login="keeper", phone=None, actor=ADMIN, now=MONDAY, **given).id
    )
    found = browser()
    found.signs_in("keeper")
    return found


def held(rows: list[editor.Row]) -> dict[str, str]:
    return {f"{part}.{at}": row[part] for at, row in enumerate(rows) for part in row}


def test_what_changed_is_told_field_by_field() -> None:
    wider = PAID._replace(width="half")
    found = changes([OTHERS, COUNT, PAID], [wider, OTHERS, Question("new", Kind.DATE, "x", "x")])
    assert [(each.did, each.parts) for each in found] == [
        (Did.CHANGED, ("width",)), (Did.MOVED, ()), (Did.ADDED, ()), (Did.REMOVED, ()),
    ]  # fmt: skip
    assert changes([OTHERS, PAID], [OTHERS, PAID]) == []


def test_the_editor_loses_no_field_and_its_buttons_do_what_they_say() -> None:
    asked = [OTHERS, COUNT, PAID]
    rows = editor.rows_of(asked)
    assert editor.questions(rows) == asked
    moved, at = editor.pressed(rows, "up.2")
    assert ([row["key"] for row in moved], at) == (["others", "paid", "count"], 1)
    assert editor.faults(editor.questions(moved)) == {}
    assert set(editor.faults(editor.questions(editor.pressed(rows, "up.1")[0]))) == {0}
    assert len(editor.pressed(rows, "remove.0")[0]) == 2
    assert editor.pressed(rows, "remove.9") == (rows, None)
    (*_, new), at = editor.pressed(rows, "add")
    assert (new["key"], at) == ("field_1", 3)


@pytest.mark.parametrize(
    "wrong",
    [
        COUNT._replace(needs=("others", "perhaps")),
        PAID._replace(options=(("月薪", ""),)),
        PAID._replace(options=(("月薪", "a"), ("月薪", "b"))),
        PAID._replace(label="长" * 81),
        PAID._replace(key="others"),
    ],
    ids=["answer", "english", "twice", "long", "key"],
)
def test_a_field_that_cannot_be_asked_is_named(wrong: Question) -> None:
    assert set(editor.faults([OTHERS, wrong])) == {1}


def test_an_administrator_looks_first_and_publishes_then(admin: Browser, staff: Staff) -> None:
    page = admin.get("/forms/A1/next").get_data(as_text=True)
    (seen,) = re.findall(r'name="version" value="(\d+)"', page)
    old = transaction(lambda s: forms.questions(facts.form_of(s, "A1").definition))
    more = OTHERS._replace(key="more_people")
    rows = editor.rows_of([*old, more])
    looked = admin.post("/forms/A1/next", do="preview", version=seen, **held(rows))
    text = looked.get_data(as_text=True)
    assert 'name="facts.more_people"' in text
    assert "新增" in text
    db.session.rollback()
    assert facts.form_of(db.session(), "A1").version == 1
    nameless = held(rows) | {"label.0": ""}
    bad = admin.post("/forms/A1/next", do="publish", version=seen, **nameless)
    assert bad.status_code == 422
    assert "中文和英文名称都要写" in bad.get_data(as_text=True)
    assert admin.post("/forms/A1/next", do="publish", version=seen, **held(rows)).status_code == 422
    given = {"do": "publish", "version": seen, "note": "加问还有没有别人", **held(rows)}
    assert admin.post("/forms/A1/next", **given).status_code == 303
    assert admin.post("/forms/A1/next", **given).status_code == 409
    shown = admin.get("/forms/A1").get_data(as_text=True)
    assert "加问还有没有别人" in shown
    db.session.rollback()
    assert forms.questions(facts.form_of(db.session(), "A1").definition)[-1] == more


def test_a_leaf_without_a_form_gets_its_first_and_nobody_else_writes_one(
    admin: Browser, browser: Browsers, staff: Staff
) -> None:
    assert "A2" in admin.get("/forms").get_data(as_text=True)
    rows = editor.rows_of([OTHERS])
    given = {"do": "publish", "version": "0", "note": "第一版", **held(rows)}
    admin.get("/forms/A2/next")
    assert admin.post("/forms/A2/next", **given).status_code == 303
    assert admin.get("/forms/Z9/next").status_code == 404
    operator = browser()
    operator.signs_in("operator")
    assert operator.get("/forms/A2").status_code == 200
    assert operator.get("/forms/A2/next").status_code == 403
