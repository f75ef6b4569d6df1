"""The ledger on the page, on the board and in the API: whoever may look sees the same."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from hotline.core import signing
from hotline.core.db import db
from hotline.ledger.invariants import INVARIANTS
from hotline.ledger.models import LedgerDay
from hotline.staff.models import Staff as StaffRow
from hotline.tickets.models import Ticket
from tests import matters
from tests.harness import Hotline
from tests.people import Staff
from tests.rooms.browsing import Browsers


@contextmanager
def counted(hotline: Hotline) -> Iterator[list[str]]:
    """Gather the statements that are asked inside."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(db.engine, "before_cursor_execute", note)


def wait(hotline: Hotline) -> None:
    """Let each kind of thing have its turn."""
    hotline.forward(minutes=4, every=dt.timedelta(seconds=31))


@pytest.fixture
def orphan(hotline: Hotline, staff: Staff) -> str:
    """A ticket whose handler has left, found by the clock."""
    _, number = matters.in_progress(staff, now=hotline.now)
    wait(hotline)
    session = hotline.session
    session.execute(sa.update(StaffRow).where(StaffRow.login == "handler").values(active=False))
    session.commit()
    wait(hotline)
    return number


def test_the_api_gives_the_eight_and_what_is_against_them(
    hotline: Hotline, staff: Staff, orphan: str
) -> None:
    found = hotline.api(staff.auditor).get("/ledger")
    assert found["next"] is None
    assert [each["code"] for each in found["items"]] == [each.code for each in INVARIANTS]
    by_code = {each["code"]: each for each in found["items"]}
    assert {code for code, each in by_code.items() if not each["holds"]} == {"I2"}
    [exception] = by_code["I2"]["exceptions"]
    assert (exception["kind"], exception["id"]) == ("ticket", orphan)
    assert (exception["what"], exception["link"]) == (
        "handler_left", f"/api/v1/tickets/{orphan}",
    )  # fmt: skip
    assert by_code["I2"]["count"] == 1
    assert by_code["I1"]["exceptions"] == []


def test_before_the_first_round_nothing_is_claimed(hotline: Hotline, staff: Staff) -> None:
    headers = hotline.api(staff.auditor)._headers
    answer = hotline.client.get("/api/v1/ledger", headers=headers).get_json()
    assert {each["holds"] for each in answer["items"]} == {None}


def test_who_has_no_business_with_the_ledger_is_refused(hotline: Hotline, staff: Staff) -> None:
    api = hotline.api(staff.operator)
    assert hotline.client.get("/api/v1/ledger", headers=api._headers).status_code == 403


def test_the_page_shows_the_exception_the_sheet_and_the_key(
    hotline: Hotline, staff: Staff, orphan: str, browser: Browsers
) -> None:
    auditor = browser()
    auditor.signs_in("auditor")
    page = auditor.get("/audit/ledger").get_data(as_text=True)
    assert page.count('class="row"') == 8
    assert f'href="/tickets/{orphan}"' in page
    assert "承办人已停用" in page
    assert signing.public_key() in page
    sheet = hotline.session.scalars(sa.select(LedgerDay)).one()
    assert (sheet.open, sheet.ownerless, sheet.oldest_number) == (1, 1, orphan)
    before = auditor.get("/audit/ledger?day=2026-11-01").get_data(as_text=True)
    assert "这一天没有时钟值守" in before
    assert auditor.get("/audit/ledger?day=soon").status_code == 422


def test_each_sees_the_exceptions_of_their_own_units(
    hotline: Hotline, staff: Staff, orphan: str
) -> None:
    lead = hotline.api(staff.unit_lead).get("/ledger")["items"][1]
    assert (lead["holds"], lead["count"]) == (False, 1)
    session = hotline.session
    other = sa.text("UPDATE ledger_exception SET unit_id = 2")
    session.execute(other)
    session.commit()
    headers = hotline.api(staff.unit_lead)._headers
    lead = hotline.client.get("/api/v1/ledger", headers=headers).get_json()["items"][1]
    assert (lead["holds"], lead["exceptions"]) == (True, [])


def test_the_board_counts_what_has_no_owner(
    hotline: Hotline, orphan: str, browser: Browsers
) -> None:
    supervisor = browser()
    supervisor.signs_in("supervisor")
    page = supervisor.get("/board").get_data(as_text=True)
    tile = page.partition("#I2")[2].partition("</a>")[0]
    assert '<span class="figure">1</span>' in tile


def test_the_ledger_page_asks_as_much_however_many_tickets_there_are(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    auditor = browser()
    auditor.signs_in("auditor")
    counts = []
    for _ in range(2):
        for _ in range(4):
            matters.received(now=hotline.now)
        with counted(hotline) as asked:
            auditor.get("/audit/ledger")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert hotline.session.scalar(sa.select(sa.func.count()).select_from(Ticket)) == 8
