"""A cursor, an id or a day made by hand: every page says so, and none breaks over it."""

import datetime as dt
import inspect
import re
import sys
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.paging import write_cursor
from hotline.core.roles import APART, Role
from hotline.core.rows import LAST_ID
from hotline.deadlines.models import CalendarImport
from hotline.imports.models import ImportFile, Kind
from hotline.inspection.models import InspectionDraw
from hotline.knowledge.models import Article, LawChange
from hotline.staff.models import StaffRole
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms.browsing import Browsers

NUMBER = re.compile(r"<int:\w+>|<(approval|bulletin|call|callback|campaign)_id>")
WHAT_IF = "sign=4wh&first_contact=1wd&finish=3wd&review=1wd&reply=5wd&start=next_day"
BY_ID, BY_NAME, BY_DAY, BY_MOMENT = (int,), (str, int), (dt.date, int), (dt.datetime, int)
LISTS: dict[str, tuple[type, ...]] = {
    "/bulletins": BY_DAY,
    "/callbacks": BY_ID,
    "/calls": BY_ID,
    "/campaigns": BY_DAY,
    "/board/differences": BY_ID,
    "/employers": BY_NAME,
    "/import": BY_ID,
    "/import/1": BY_ID,
    "/inspection?month=2026-10": BY_ID,
    "/knowledge": BY_ID,
    "/knowledge?view=review": BY_DAY,
    "/knowledge/1": BY_ID,
    "/knowledge/laws": BY_ID,
    "/knowledge/laws/1": BY_ID,
    "/macros": BY_NAME,
    "/masses": BY_ID,
    "/messages": BY_ID,
    "/phrases": BY_NAME,
    "/policy/calendar/files/1": BY_ID,
    "/policy/calendar/files/2": BY_ID,
    f"/policy/classes/complaint/what-if?{WHAT_IF}&valid_from=2099-01-01": BY_ID,
    "/rates/rows?fact=received_settled": BY_MOMENT,
    "/search/words?q=工资": BY_ID,
    "/stations": BY_NAME,
    "/surveys/opt-outs": BY_ID,
    "/tags": (str,),
    "/tickets?view=all": BY_ID,
    "/tickets?view=overdue": BY_MOMENT,
    "/api/v1/articles": BY_ID,
    "/api/v1/bulletins": BY_DAY,
    "/api/v1/callbacks": BY_ID,
    "/api/v1/calls": BY_ID,
    "/api/v1/campaigns": BY_DAY,
    "/api/v1/employers": BY_NAME,
    "/api/v1/messages": BY_ID,
    "/api/v1/rates/rows?fact=received_settled": BY_MOMENT,
    "/api/v1/search?q=工资": BY_ID,
    "/api/v1/tickets": BY_ID,
}
GOOD: dict[type, Any] = {
    int: LAST_ID, str: "张", dt.date: "2026-11-23", dt.datetime: "2026-11-23T01:00:00+00:00",
}  # fmt: skip


def far(kinds: tuple[type, ...]) -> str:
    """Return a cursor of these *kinds* that no page of ours has led to."""
    return write_cursor([GOOD[kind] for kind in kinds])


def made_by_hand(kinds: tuple[type, ...]) -> list[str]:
    """Return texts that are no cursor of these *kinds*: nothing like one, or with one bad part."""
    good = [GOOD[kind] for kind in kinds]
    wrong = [[*good[:at], {"x": 1}, *good[at + 1 :]] for at in range(len(good))]
    return ["broken", *map(write_cursor, [*wrong, [*good, 1], []])]


@pytest.fixture
def lists(session: Session, staff: Staff) -> None:
    """Put up what some of the lists are lists of, and somebody who reads them all."""
    boss = staff.supervisor.id or 0
    held = set(session.scalars(select(StaffRole.role).where(StaffRole.staff_id == boss)))
    wanted = (set(Role) - APART - {Role.SYSTEM, Role.PARTNER} | {Role.ADMIN}) - held
    session.add_all(StaffRole(staff_id=boss, role=role) for role in wanted)
    article = session.scalars(select(Article).order_by(Article.id)).first()
    assert article is not None
    row = {"day": "2027-01-01", "until": "", "scope": "", "name": "", "source": ""}
    file = {"at": MONDAY, "by_name": "x", "name": "x", "rows": [row | {"kind": "holiday"}]}
    session.add_all(
        [
            CalendarImport(id=1, **file),
            CalendarImport(id=2, saved_at=MONDAY, saved_by="x", changed=0, **file),
            ImportFile(
                id=1, kind=Kind.TICKETS, name="x", digest="x", heads=[],
                uploaded_by=boss, uploaded_at=MONDAY,
            ),
            InspectionDraw(
                id=1, month=dt.date(2026, 10, 1), seed="x", drawn_by=boss, drawn_at=MONDAY
            ),
            LawChange(id=1, law="x", note="x", noted_at=MONDAY),
        ]
    )  # fmt: skip
    session.commit()


def test_a_cursor_made_by_hand_is_refused_by_every_list(
    lists: None, hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    visitor, api = browser(), hotline.api(staff.supervisor)
    visitor.signs_in("supervisor")
    tried = [
        (address, expected, cursor)
        for address, kinds in LISTS.items()
        for expected, cursors in ((200, [far(kinds)]), (422, made_by_hand(kinds)))
        for cursor in cursors
    ]
    answers = {
        (address, expected, cursor): visitor.get(
            f"{address}{'&' if '?' in address else '?'}cursor={cursor}",
            headers=api._headers if address.startswith("/api/") else {},
        )
        for address, expected, cursor in tried
    }
    for each, answer in answers.items():
        assert (each, answer.status_code) == (each, each[1])
        assert ("不是有效的翻页标记" in answer.text) == (each[1] == 422), each


def test_a_number_that_no_column_holds_is_no_address(
    lists: None, hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    visitor, api = browser(), hotline.api(staff.supervisor)
    visitor.signs_in("supervisor")
    rules = [rule for rule in hotline.app.url_map.iter_rules() if NUMBER.search(rule.rule)]
    tried = {
        (NUMBER.sub(str(number), rule.rule), method): number
        for rule in rules
        for method in {"GET", "POST"} & (rule.methods or set())
        for number in (LAST_ID, LAST_ID + 1)
        if not rule.rule.startswith("/phone/")
    }
    assert len(tried) > 200
    for (path, method), number in tried.items():
        headers = api._headers if path.startswith("/api/") else {}
        path = re.sub("<[^>]+>", "x", path)  # noqa: PLW2901 - what else stands in it
        answer = visitor.get(path, headers=headers) if method == "GET" else visitor.post(path)
        assert answer.status_code < 500, (method, path)
        assert number == LAST_ID or answer.status_code in {401, 404, 405}, (method, path)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "²"])
@pytest.mark.parametrize(
    "address",
    [
        "/cockpit?on={}",
        "/rates?from={}&to={}",
        "/rates/rows?fact=received_settled&from={}&to={}",
        "/staffing?day={}",
        "/tickets?view=all&received_from={}",
        "/tickets?view=all&received_to={}",
        "/api/v1/rates/rows?fact=received_settled&from={}&to={}",
        "/api/v1/tickets?received_from={}T00:00:00%2B14:00",
        "/api/v1/tickets?received_to={}T00:00:00-11:00",
    ],
)
def test_a_day_of_another_age_is_refused(
    hotline: Hotline, staff: Staff, browser: Browsers, address: str, day: str
) -> None:
    visitor, api = browser(), hotline.api(staff.supervisor)
    visitor.signs_in("supervisor")
    headers = api._headers if address.startswith("/api/") else {}
    assert visitor.get(address.format(day, day), headers=headers).status_code == 422


def test_every_list_is_asked(app: Flask) -> None:
    urls = app.url_map.bind("hotline.example")
    endpoints = {urls.match(address.partition("?")[0])[0] for address in LISTS}
    rooms = {view.__module__ for view in app.view_functions.values()}
    turning = {room for room in rooms if '"cursor"' in inspect.getsource(sys.modules[room])}
    assert len(turning) > 20
    assert turning <= {app.view_functions[endpoint].__module__ for endpoint in endpoints}
    paths = app.test_client().get("/api/openapi.json").get_json()["paths"]
    described = {
        f"/api/v1{path}"
        for path, methods in paths.items()
        if "cursor" in {each["name"] for each in methods.get("get", {}).get("parameters", ())}
    }
    assert described == {path.partition("?")[0] for path in LISTS if path.startswith("/api/")}
