"""Staffing from rows: what came, what is foreseen of it, and the advice on the board."""

import datetime as dt

from hotline.calls.states import EndState
from hotline.core.db import transaction
from hotline.staff import roster
from hotline.staff.skills import Duty
from hotline.staffing import forecast, jobs, queries
from hotline.staffing.plan import Assumptions
from tests.harness import Hotline
from tests.people import Staff
from tests.rooms.browsing import Browsers
from tests.rooms.test_rates_published import calls

WEEK = dt.timedelta(weeks=1)
MINUTES = dt.timedelta(minutes=15)  # from the full hour, so that the half hour is certain


def weeks_of_calls(hotline: Hotline, n: int) -> None:
    """Let *n* calls come at this time of each of the last four weeks."""
    session = hotline.session
    for week in range(1, 5):
        came = hotline.now - week * WEEK + MINUTES
        over = {"received_at": came, "heard_at": came, "queued_at": came, "answered_at": came}
        ended = came + dt.timedelta(seconds=300)
        done = {"talked_ms": 300_000, "ended_at": ended, "wrap_up_done_at": ended}
        calls(session, n, EndState.ANSWERED, **over, **done)
    session.commit()


def test_the_board_foresees_the_next_half_hour(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    board = browser()
    board.signs_in("supervisor")
    assert 'id="advice"' not in board.get("/board").get_data(as_text=True), "nothing is known yet"
    assert "还不能预测这一天" in board.get("/staffing").get_data(as_text=True)
    weeks_of_calls(hotline, 6)
    assert jobs.foresee(transaction, now=hotline.now) == 2, "today and tomorrow"
    assert jobs.foresee(transaction, now=hotline.now) == 0, "a forecast is made once"
    advice = queries.next_half_hour(hotline.session, now=hotline.now)
    assert advice is not None
    assert advice.calls == 6
    assert advice.needed == advice.missing == 3
    assert "还缺 3 席" in board.get("/board").get_data(as_text=True)


def test_a_day_stands_beside_its_roster_and_its_forecast_is_tested(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    weeks_of_calls(hotline, 6)
    lead = staff.supervisor
    at = hotline.now.replace(minute=0)
    transaction(
        lambda session: (
            roster.add_shift(
                session,
                staff.operator.id or 0,
                Duty.SEAT,
                at,
                at + 8 * dt.timedelta(hours=1),
                actor=lead,
                now=hotline.now,
            ).id
        )
    )
    assert queries.usual(hotline.session, now=hotline.now) == Assumptions(handling=300)
    today = hotline.now.date()
    found = queries.day(hotline.session, today, Assumptions(handling=300), now=hotline.now)
    ten = found.slots[20]
    assert (ten.expected, ten.service.seats, ten.to_roster, ten.rostered) == (6, 3, 5, 1)
    assert ten.missing == 4
    assert ten.came is None, "it is not over"
    assert found.slots[0].came == 0
    monday = next(one for one in found.tested if one.forecast.day == today - WEEK)
    assert list(monday.forecast.like) == [today - n * WEEK for n in (2, 3, 4)]
    assert monday.forecast.total == sum(monday.came) == 6
    page = browser()
    page.signs_in("supervisor")
    shown = page.get("/staffing?share=90&shrinkage=0").get_data(as_text=True)
    assert f"按天误差 {100 * (forecast.error_by_day(found.tested) or 0):.1f}%" in shown
    assert page.get("/staffing?share=100").status_code == 422
    page.signs_in("operator")
    assert page.get("/staffing").status_code == 403
