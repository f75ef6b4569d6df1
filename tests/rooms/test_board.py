"""The board's seats, and what an operator's page says of itself, without a browser."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from hotline.calls import queries as calls
from hotline.calls.models import Call
from hotline.core.db import transaction
from hotline.staff import breaks, queries, roster, service
from hotline.staff.presence import Line, PresenceState, Why
from hotline.staff.skills import Skill
from tests.harness import MONDAY, Hotline
from tests.people import Staff
from tests.rooms.browsing import Browsers

S = PresenceState
MINUTE = dt.timedelta(minutes=1)


def ready(hotline: Hotline, person: int | None) -> int:
    """Let somebody be ready."""
    who = person or 0
    transaction(
        lambda session: (
            service.set_presence(session, who, S.READY, Line.SIMULATED, now=hotline.now).state
        )
    )
    return who


def stands(hotline: Hotline, person: int) -> tuple[PresenceState, str | None]:
    """Return where somebody stands, and why."""
    found = queries.presence(hotline.session, person)
    assert found is not None
    return found.state, found.reason


def test_an_open_page_keeps_its_operator_signed_in(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    me = ready(hotline, staff.operator.id)
    page = browser()
    page.signs_in("operator")
    for _ in range(5):
        assert page.post("/shift/beat").status_code == 204
        hotline.forward(MINUTE, minutes=1)
    assert stands(hotline, me)[0] is S.READY
    hotline.forward(MINUTE, minutes=2)
    assert stands(hotline, me) == (S.OFFLINE, Why.BROWSER_LOST)


def test_a_sign_of_life_is_no_visit(hotline: Hotline, staff: Staff, browser: Browsers) -> None:
    page = browser()
    page.signs_in("operator")
    for _ in range(4):
        hotline.forward(10 * MINUTE, minutes=10)
        page.post("/shift/beat", headers={"X-Refresh": "1"})
    assert page.get("/account").status_code == 302, "a page left open is no person"


def test_the_board_says_why_somebody_is_away_and_for_how_long(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    me = ready(hotline, staff.operator.id)
    other = ready(hotline, staff.second_operator.id)
    transaction(
        lambda session: (
            service.set_presence(
                session, me, S.AWAY, Line.SIMULATED, reason="meal", now=hotline.now
            ).state
        )
    )
    transaction(lambda session: service.ring(session, other, 5, hotline.now))
    board = browser()
    board.signs_in("supervisor")
    shown = board.get("/board").get_data(as_text=True)
    assert "就餐" in shown
    assert 'data-until="2026-11-23T02:45:00+00:00"' in shown
    assert f"force-{me}" in shown
    assert f"force-{other}" not in shown, "nobody is forced out of a call"
    hotline.forward(23 * MINUTE, minutes=46)
    board.signs_in("supervisor")
    assert "超过时限" in board.get("/board").get_data(as_text=True)


def test_a_lead_changes_a_state_from_the_board(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    me = ready(hotline, staff.operator.id)
    board = browser()
    board.signs_in("supervisor")
    board.get("/board")
    assert board.post(f"/board/seats/{me}", state="away").status_code == 422
    assert board.post(f"/board/seats/{me}", state="lunch", reason="x").status_code == 422
    assert board.post(f"/board/seats/{me}", state="away", reason="培训").status_code == 303
    assert stands(hotline, me) == (S.AWAY, "lead")


@pytest.mark.parametrize("path", ["/board/seats/1", "/shift/beat", "/shift/extend"])
def test_others_change_nothing(browser: Browsers, path: str, hotline: Hotline) -> None:
    page = browser()
    page.signs_in("handler")
    assert page.post(path, state="away", reason="x").status_code == 403


def test_a_record_is_lengthened_from_the_page(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    me = ready(hotline, staff.operator.id)
    page = browser()
    page.signs_in("operator")
    assert page.post("/shift/extend").status_code == 422
    transaction(lambda session: service.ring(session, me, 5, hotline.now))
    transaction(lambda session: service.talk(session, me, hotline.now))
    transaction(lambda session: service.wrap_up(session, me, hotline.now))
    assert page.post("/shift/extend").status_code == 303
    found = queries.presence(hotline.session, me)
    assert found is not None
    assert found.until == hotline.now + dt.timedelta(seconds=90)


def test_a_lead_keeps_the_roster_and_the_skills(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    me = staff.operator.id or 0
    page = browser()
    page.signs_in("supervisor")
    assert "今日出勤" in page.get("/roster").get_data(as_text=True)
    assert page.post(f"/roster/people/{me}/skills", skill="law").status_code == 303
    assert roster.skills(hotline.session, [me]) == {me: frozenset({Skill.LAW})}
    shift = {"staff": str(me), "duty": "on_call", "begins_at": "2026-11-23T22:00"}
    assert page.post("/roster/shifts", **shift).status_code == 422
    assert page.post("/roster/shifts", **shift, ends_at="2026-11-24T08:00").status_code == 303
    kept = roster.coming(hotline.session, hotline.now)[0]
    assert kept.begins_at == dt.datetime(2026, 11, 23, 14, tzinfo=dt.UTC)
    assert "备班" in page.get("/roster").get_data(as_text=True)
    assert page.post(f"/roster/shifts/{kept.id}/remove").status_code == 303
    assert not roster.coming(hotline.session, hotline.now)


def test_a_lead_sets_the_opening_hours_and_the_breaks(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    page = browser()
    page.signs_in("supervisor")
    assert "主线开放时间" in page.get("/lines").get_data(as_text=True)
    monday = {"hours-0": "09:00-12:00, 14:00-17:30"}
    assert page.post("/lines/own/hours", **monday).status_code == 303
    open_on_monday = calls.hours(hotline.session).of(MONDAY.date())
    assert [(span.opens, span.closes) for span in open_on_monday] == [(540, 720), (840, 1050)]
    assert "09:00-12:00, 14:00-17:30" in page.get("/lines").get_data(as_text=True)
    wrong = page.post("/lines/own/hours", **{"hours-1": "九点到五点"})
    assert wrong.status_code == 422
    assert page.post("/lines/own/hours", **{"hours-0": ""}).status_code == 422
    assert calls.hours(hotline.session).of(MONDAY.date()) == open_on_monday
    assert page.post("/lines/+8600000000/hours").status_code == 404

    assert page.post("/lines/breaks/short", minutes="12", counted="1").status_code == 303
    reason = next(each for each in breaks.reasons(hotline.session) if each.code == "short")
    assert (reason.minutes, reason.counted) == (12, True)
    assert page.post("/lines/breaks/short", minutes="0").status_code == 422
    operator = browser()
    operator.signs_in("operator")
    assert operator.get("/lines").status_code == 403


def test_a_calls_page_says_why_it_went_where_it_went(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    ready(hotline, staff.operator.id)
    hotline.phone("+8613800000001").calls()
    call = hotline.session.scalars(select(Call)).one()
    page = browser()
    page.signs_in("supervisor")
    shown = page.get(f"/calls/{call.id}").get_data(as_text=True)
    assert "空闲最久" in shown
    assert "当时空闲 1 人" in shown


def test_r53_the_board_looks_again_within_two_seconds_of_news(
    hotline: Hotline, browser: Browsers
) -> None:
    """R53: `bench/figures.py` measures the rest: the telling, the page, the month's report."""
    lead = browser()
    lead.signs_in("supervisor")
    page = lead.get("/board").get_data(as_text=True)
    waits = re.search(r"board from:body throttle:(\d+)ms", page)
    assert waits is not None
    assert int(waits[1]) <= 1_500
