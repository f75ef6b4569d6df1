"""The first contact: by when it is owed, what counts, and that nobody can date it back."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed
from hotline.core.roles import Actor
from hotline.messages.models import DeskNotice
from hotline.rates import jobs, queries
from hotline.rates.questions import Question
from hotline.sla import contacts
from hotline.tickets import queries as queries_of_tickets
from hotline.tickets import reaching, service
from hotline.tickets.contact import Way
from hotline.tickets.models import Ticket
from hotline.tickets.narrowing import Filter
from hotline.tickets.states import Action
from tests import matters
from tests.matters import MONDAY, RESULT
from tests.people import Staff
from tests.rooms.browsing import Browsers
from tests.rooms.counted_rows import boss

HOUR = dt.timedelta(hours=1)
THURSDAY = MONDAY + dt.timedelta(days=3)
SPOKE = {"way": "call", "at": MONDAY.isoformat(), "note": "已电话联系"}


def counted(session: Session) -> tuple[int, int]:
    while jobs.roll_up(session, now=THURSDAY):
        session.flush()
    asked = Question(MONDAY.date(), THURSDAY.date())
    (whole,) = queries.rates(session, boss(), asked).groups
    (rate,) = (one for one in whole.rates if one.metric.code == "T7-contact")
    return rate.numerator, rate.denominator


def test_a_contact_counts_when_it_is_recorded_and_by_whom_it_should(
    session: Session, staff: Staff
) -> None:
    soon, late, vain, told = (
        session.get_one(Ticket, matters.in_progress(staff)[0]) for _ in range(4)
    )
    assert counted(session) == (0, 4)
    by = reaching.owed(session, soon)
    assert by == MONDAY + dt.timedelta(hours=4), "wages, in the winter season: four working hours"

    def record(
        ticket: Ticket, now: dt.datetime, *, by: Actor = staff.handler, reached: bool = True
    ) -> None:
        reaching.record(session, ticket, Way.CALL, None, reached=reached, actor=by, now=now)

    record(soon, MONDAY)
    record(late, THURSDAY)
    record(vain, MONDAY, reached=False)
    assert reaching.owed(session, soon) is None
    assert reaching.owed(session, vain) == by, "who rang in vain has reached nobody"
    given = {**RESULT, "contact": SPOKE}
    service.perform(session, told, Action.SUBMIT_RESULT, given, actor=staff.handler, now=THURSDAY)
    assert counted(session) == (1, 4), "a call of Monday that is told of on Thursday is late"
    with pytest.raises(Forbidden):
        record(vain, MONDAY, by=staff.other_handler)
    with pytest.raises(GuardFailed):
        record(told, THURSDAY)


def test_who_is_to_be_called_stands_in_a_list_and_the_clock_reminds_of_it(
    session: Session, staff: Staff
) -> None:
    first, second = (matters.in_progress(staff, now=MONDAY + n * HOUR) for n in range(2))

    def listed(cursor: str | None = None) -> tuple[list[str], str | None]:
        wanted = Filter(uncontacted=True)
        page = queries_of_tickets.lines(
            session, staff.handler, wanted, cursor=cursor, limit=1, now=MONDAY
        )
        return [line.number for line in page.items], page.next

    def told(at: dt.datetime) -> list[str]:
        session.rollback()
        before = set(session.scalars(sa.select(DeskNotice.id)))
        contacts.remind(transaction, now=at)
        session.rollback()
        new = sa.select(DeskNotice).where(
            DeskNotice.kind == "contact", DeskNotice.id.not_in(before)
        )
        return [f"{row.staff_id} {row.params['number']}" for row in session.scalars(new)]

    numbers, cursor = listed()
    assert (numbers, listed(cursor)[0]) == ([first[1]], [second[1]]), "the first due first"
    handler, lead = staff.handler.id, staff.unit_lead.id
    assert told(MONDAY + HOUR) == []
    assert told(MONDAY + 2 * HOUR) == [f"{handler} {first[1]}"]
    assert told(MONDAY + 2 * HOUR) == []
    ticket = session.get_one(Ticket, second[0])
    reaching.record(
        session, ticket, Way.CALL, None, reached=True, actor=staff.handler, now=MONDAY + 2 * HOUR
    )
    session.commit()
    assert listed() == ([first[1]], None)
    assert set(told(MONDAY + 5 * HOUR)) == {f"{who} {first[1]}" for who in (handler, lead)}


def test_the_handler_sees_by_when_and_records_it(staff: Staff, browser: Browsers) -> None:
    _, number = matters.in_progress(staff)
    page = browser()
    page.signs_in("handler")
    assert "首次联系期限" in page.get(f"/tickets/{number}").get_data(as_text=True)
    made = page.post(
        f"/tickets/{number}/sides/contact", way="way_visit", reached="yes", text="到工地见了面"
    )
    assert made.status_code == 303, made.get_data(as_text=True)
    shown = page.get(f"/tickets/{number}").get_data(as_text=True)
    assert "首次联系期限" not in shown
    assert "走访 · 已联系上" in shown
    assert "到工地见了面" in shown
