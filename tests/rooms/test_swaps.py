"""Shifts change hands: one asks, the other agrees, a lead decides, and everybody has rest."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import GuardFailed, Invalid, NotFound
from hotline.staff import roster, swaps
from hotline.staff.models import Shift
from hotline.staff.skills import Duty
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms.browsing import Browsers

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def on(
    session: Session, staff: Staff, who: int | None, begins: dt.datetime, hours: int = 8
) -> Shift:
    given = {"actor": staff.supervisor, "now": MONDAY}
    return roster.add_shift(session, who or 0, Duty.SEAT, begins, begins + hours * HOUR, **given)


def test_nobody_is_rostered_without_rest(session: Session, staff: Staff) -> None:
    me = staff.operator.id
    on(session, staff, me, MONDAY)
    with pytest.raises(Invalid):
        on(session, staff, me, MONDAY + 18 * HOUR)
    for day in range(1, 6):
        on(session, staff, me, MONDAY + day * DAY)
    with pytest.raises(Invalid):
        on(session, staff, me, MONDAY + 6 * DAY)
    at_home = MONDAY + 6 * DAY, MONDAY + 6 * DAY + 8 * HOUR
    roster.check_fits(session, me or 0, Duty.ON_CALL, at_home)  # at home is not at work


def test_two_exchange_their_shifts_with_a_leads_word(session: Session, staff: Staff) -> None:
    mine = on(session, staff, staff.operator.id, MONDAY + DAY)
    theirs = on(session, staff, staff.second_operator.id, MONDAY + 2 * DAY)
    early = on(session, staff, staff.operator.id, MONDAY + 3 * DAY - 6 * HOUR)
    asks = {"actor": staff.operator, "now": MONDAY}
    lead = {"actor": staff.supervisor, "now": MONDAY}
    with pytest.raises(NotFound):
        swaps.ask(session, theirs.id, mine.id, **asks)
    swap = swaps.ask(session, mine.id, theirs.id, **asks)
    with pytest.raises(GuardFailed):
        swaps.ask(session, mine.id, theirs.id, **asks)
    with pytest.raises(NotFound):
        swaps.agree(session, swap.id, **asks)
    with pytest.raises(GuardFailed):
        swaps.decide(session, swap.id, approve=True, **lead)
    swaps.agree(session, swap.id, actor=staff.second_operator, now=MONDAY)
    with pytest.raises(Invalid):
        swaps.decide(session, swap.id, approve=True, **lead)  # ten hours before the early one
    roster.remove_shift(session, early.id, **lead)
    session.flush()
    swaps.decide(session, swap.id, approve=True, **lead)
    session.flush()
    begins = {one.staff_id: one.begins_at for one in session.scalars(select(Shift))}
    assert begins == {
        staff.operator.id: MONDAY + 2 * DAY,
        staff.second_operator.id: MONDAY + DAY,
    }
    assert swaps.undecided(session) == []


def test_the_pages_lead_from_asking_to_the_leads_decision(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    session = hotline.session
    mine = on(session, staff, staff.operator.id, hotline.now + 2 * DAY).id
    theirs = on(session, staff, staff.second_operator.id, hotline.now + 3 * DAY).id
    session.commit()
    me, other, lead = browser(), browser(), browser()
    me.signs_in("operator")
    assert "接下来" in me.get("/roster/mine").get_data(as_text=True)
    assert me.post("/roster/swaps", shift=mine, other=theirs).status_code == 303
    assert me.post("/roster/swaps", shift=mine).status_code == 422
    other.signs_in("second_operator")
    (waiting,) = swaps.undecided(session)
    agree = f"/roster/swaps/{waiting.swap.id}/agree"
    assert agree in other.get("/roster/mine").get_data(as_text=True)
    assert other.post(agree).status_code == 303
    lead.signs_in("supervisor")
    decide = f"/roster/swaps/{waiting.swap.id}/decide"
    assert decide in lead.get("/roster").get_data(as_text=True)
    assert lead.post(decide, approve="1").status_code == 303
    session.rollback()
    assert session.get_one(Shift, mine, populate_existing=True).begins_at == hotline.now + 3 * DAY
