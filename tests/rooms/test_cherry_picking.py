"""A month in which one operator asks only the contented: the report shows 100 % and the rest."""

import re

import pytest
from sqlalchemy.orm import Session

from hotline.calls.states import Disposition
from hotline.core.db import transaction
from hotline.rates import outliers, queries
from hotline.rates.formulas import Rate
from hotline.surveys import checks, service
from hotline.surveys.models import Survey
from hotline.surveys.states import CheckOutcome, SurveyState
from hotline.tickets.models import SurveyOutcome, Ticket
from hotline.tickets.records import TicketEvent
from hotline.tickets.states import State
from tests import matters
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms.browsing import Browsers
from tests.rooms.counted_rows import (
    NOVEMBER,
    answer,
    boss,
    receive,
    roll_up,
    score,
    settle,
    write,
)
from tests.rooms.test_survey_care import DAY, HOUR, LANDLINE, invite, the

TICKETS, UNHAPPY = 36, 3  # of each operator; every third worker is not satisfied


def settled(session: Session, operator: int) -> Ticket:
    ticket = settle(session, receive(session))
    answer(session, staff_id=operator, ticket_id=ticket.id, disposition=Disposition.REGISTERED)
    return ticket


def gave_up(session: Session, ticket: Ticket, *, again: str | None) -> None:
    """Nobody was reached, it says; *again* is what another person found."""
    ticket.state, ticket.survey_outcome = State.SURVEYED, SurveyOutcome.UNREACHABLE
    write(session, ticket, detail={"recheck": again} if again else {})


def a_month(session: Session, honest: list[int], picker: int) -> None:
    for operator in (*honest, picker):
        for n in range(TICKETS):
            ticket, unhappy = settled(session, operator), n % UNHAPPY == 0
            if operator == picker and (unhappy or n % 2):
                gave_up(session, ticket, again="reached" if n < UNHAPPY * 2 else None)
            elif operator != picker and n % 6 == 1:
                gave_up(session, ticket, again="confirmed" if n < 7 else None)
            else:
                score(session, ticket, 5 if unhappy else 1, "call")
    roll_up(session)


@pytest.mark.usefixtures("staff")
def test_who_asks_only_the_contented_is_seen_in_the_report(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    session = hotline.session
    honest = [staff.operator.id or 0, staff.second_operator.id or 0]
    picker = staff.supervisor.id or 0
    a_month(session, honest, picker)
    session.commit()
    groups = queries.rates(session, boss(), NOVEMBER, "operator").groups
    of = {group.key: {rate.metric.code: rate for rate in group.rates} for group in groups}
    mine, theirs = of[str(picker)], of[str(honest[0])]
    assert mine["V4"].printed == "100%", "what would be published"
    assert low_end(mine["V4"]) < 0.8 > mine["V6"].numerator / mine["V6"].denominator
    assert (mine["V3"].printed, theirs["V3"].printed) == ("33.33%", "83.33%")
    assert mine["V12"].printed == "100%", "another person reached whom nobody could reach"
    assert theirs["V12"].printed == "0%"
    lead = browser()
    lead.signs_in("supervisor")
    page = lead.get("/rates?group_by=operator&from=2026-11-01&to=2026-11-30")
    rows = re.findall(r"<tr>.*?</tr>", page.get_data(as_text=True), re.DOTALL)
    marked = [row for row in rows if "tone-warn" in row]
    assert len(marked) == 1
    assert f"operator={picker}" in marked[0]


def low_end(rate: Rate) -> float:
    assert rate.interval is not None
    return rate.interval[0]


def test_whom_a_person_gave_up_another_person_may_reach(
    session: Session, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "ONE_IN", 1)
    ticket_id, _ = matters.resolved(staff, phone=LANDLINE)
    invite()
    for moment in (MONDAY, MONDAY + 5 * HOUR, MONDAY + 2 * DAY + 8 * HOUR):
        survey, ticket = the(session, ticket_id)
        service.rang_in_vain(session, survey, ticket, actor=staff.surveyor, now=moment)
        session.commit()
    survey, _ = the(session, ticket_id)
    assert survey.state is SurveyState.UNREACHABLE
    assert checks.draw(transaction, now=MONDAY + 3 * DAY) == 1
    assert not checks.waiting(session, staff.surveyor), "who rang in vain does not check it"
    ((check, _),) = checks.waiting(session, staff.supervisor)
    later = {"actor": staff.supervisor, "now": MONDAY + 3 * DAY}
    checks.settle(session, check.survey_id, CheckOutcome.HEARD, 5, **later)
    session.flush()
    told = session.query(TicketEvent).order_by(TicketEvent.id.desc()).first()
    assert told is not None
    assert told.detail == {"recheck": "reached"}
    assert session.get_one(Survey, check.survey_id).score is None, "it stays without an answer"


def test_chance_alone_names_nobody() -> None:
    alike = {"a": (30, 40), "b": (33, 40), "c": (27, 40)}
    assert outliers.low(alike) == outliers.high(alike) == set()
    assert outliers.low({**alike, "d": (12, 40)}) == {"d"}
    assert outliers.high({"a": (0, 9), "b": (1, 9), "d": (6, 6)}) == {"d"}
    assert outliers.high({"a": (0, 2), "d": (2, 2)}) == set(), "too few to say"
    assert outliers.low({"a": (0, 0), "b": (3, 3)}) == set()
    assert outliers.tail(1, 3, (3, 3)) == pytest.approx(1 / 5)
