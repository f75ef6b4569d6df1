"""Surveys in the hands of people: who may ask, who must not know, and who is left alone."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.core.roles import Actor, Role
from hotline.messages.models import Message
from hotline.messages.states import MessageKind
from hotline.rates import evidence, questions
from hotline.surveys import actions, care, checks, jobs, queries, service
from hotline.surveys.models import Survey, SurveyCheck
from hotline.surveys.states import CheckOutcome, Exempt, NotPossible, SurveyState
from hotline.tickets.contact import Way
from hotline.tickets.models import Outcome, Ticket
from hotline.tickets.records import EventKind, TicketEvent, TicketResult
from hotline.tickets.states import Action, State
from hotline.workers import queries as workers
from hotline.workers.models import OptOutSource
from tests import matters
from tests.harness import Hotline
from tests.matters import MONDAY, RULES, WORKER
from tests.people import Staff
from tests.rooms.browsing import Browsers
from tests.rooms.counted_rows import NOW, ask, numbers_of, receive, score, settle, write

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LANDLINE = "+864714966123"


def invite(now: dt.datetime = MONDAY) -> None:
    jobs.invite_resolved(transaction, rules=RULES, now=now)


def the(session: Session, ticket_id: int) -> tuple[Survey, Ticket]:
    session.rollback()
    survey = session.scalars(select(Survey).where(Survey.ticket_id == ticket_id)).one()
    return survey, session.get_one(Ticket, ticket_id, populate_existing=True)


@pytest.mark.parametrize("reason", list(Exempt))
def test_no_question_leaves_for_the_dead_or_protected(
    session: Session, staff: Staff, reason: Exempt
) -> None:
    """R58: neither the first question nor a reminder, from the moment the number is listed."""
    asked, _ = matters.resolved(staff)
    invite()
    worker = the(session, asked)[1].worker_id or 0
    transaction(lambda s: care.exempt(s, worker, reason, actor=staff.surveyor, now=MONDAY).id)
    jobs.chase(transaction, rules=RULES, now=MONDAY + DAY)
    survey, ticket = the(session, asked)
    assert (survey.state, survey.reason) == (SurveyState.NOT_POSSIBLE, reason)
    assert (ticket.state, ticket.survey_outcome) == (State.SURVEYED, "not_possible")
    later, _ = matters.resolved(staff, now=MONDAY + DAY)
    invite(MONDAY + DAY)
    assert the(session, later)[0].reason == reason
    kinds = session.scalars(select(Message.kind)).all()
    assert kinds.count(MessageKind.SURVEY) == 1, "only the one that left before"
    with pytest.raises(GuardFailed):
        care.exempt(session, worker, reason, actor=staff.surveyor, now=MONDAY)
    (line,) = care.listed(session)
    care.lift(session, line.id, actor=staff.surveyor, now=MONDAY + 2 * DAY)
    assert care.standing(session, worker) is None


def test_a_surveyor_rings_at_several_times_before_giving_up(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.resolved(staff, phone=LANDLINE)
    invite()
    moments = [MONDAY, MONDAY + 5 * HOUR, MONDAY + 2 * DAY + 8 * HOUR]
    for moment in moments:
        survey, _ticket = the(session, ticket_id)
        assert survey.state is SurveyState.DUE
        survey_id = survey.id

        def ring(session: Session, at: dt.datetime = moment, of: int = survey_id) -> None:
            row = queries.by_id(session, of, lock=True)
            service.rang_in_vain(session, row.survey, row.ticket, actor=staff.surveyor, now=at)

        transaction(ring)
    survey, ticket = the(session, ticket_id)
    assert (survey.state, survey.tries) == (SurveyState.UNREACHABLE, 3)
    assert ticket.survey_outcome == "unreachable"
    assert not queries.to_call(session)


def test_whoever_handled_a_matter_takes_no_answer_about_it(session: Session, staff: Staff) -> None:
    """R61: neither a score nor a refusal, by the handler's account or the unit's."""
    ticket_id, _ = matters.resolved(staff)
    both = frozenset({Role.HANDLER, Role.SURVEYOR})
    colleague = replace(staff.handler, id=987)
    for actor in (staff.handler, colleague, staff.unit_lead):
        account = Actor(actor.id, actor.name, both, actor.unit_id, actor.scope)
        for action, given in (
            (Action.SURVEY_SATISFIED, {"score": 1}),
            (Action.SURVEY_NOT_POSSIBLE, {"reason": "refused"}),
        ):
            ticket = session.get_one(Ticket, ticket_id)
            with pytest.raises(GuardFailed) as refused:
                actions.perform(session, ticket, action, given, actor=account, now=MONDAY)
            assert refused.value.guard == "surveyor_apart"


def test_the_unit_learns_of_no_survey_before_its_answer(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    """R60: on the page, in the API, among the messages, in lists of rows and in the menu."""
    _, number = matters.resolved(staff, now=hotline.now)
    hotline.forward(minutes=1, every=dt.timedelta(minutes=1))
    api = {who: hotline.api(getattr(staff, who)) for who in ("unit_lead", "supervisor")}
    assert api["supervisor"].get(f"/tickets/{number}")["survey"]["state"] == "asked"
    assert api["unit_lead"].get(f"/tickets/{number}")["survey"] is None
    kinds = {who: {m["kind"] for m in one.get("/messages")["items"]} for who, one in api.items()}
    assert "survey" in kinds["supervisor"]
    assert "survey" not in kinds["unit_lead"]
    lead = browser()
    lead.signs_in("unit_lead")
    page = lead.get(f"/tickets/{number}").get_data(as_text=True)
    assert "回访邀请" not in page
    assert lead.get("/surveys").status_code == 403
    rows = evidence.fact("survey_waiting")
    today = questions.read({}, hotline.now.date())
    with pytest.raises(Forbidden):
        evidence.rows(hotline.session, staff.unit_lead, rows, today)
    hotline.phone(WORKER).texts("2")
    hotline.forward(minutes=1, every=dt.timedelta(minutes=1))
    assert api["unit_lead"].get(f"/tickets/{number}")["survey"]["score"] == 2


def test_one_answer_in_twenty_is_asked_about_again_by_another_person(
    session: Session, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = sum(checks.is_drawn(n) for n in range(20_000))
    assert 900 < drawn < 1100, "one in twenty, and not by turns"
    ticket_id, _ = matters.resolved(staff, phone=LANDLINE)
    invite()

    def take(session: Session) -> None:
        ticket = session.get_one(Ticket, ticket_id)
        given = {"score": 1, "channel": "call", "solved": "yes"}
        actions.perform(
            session, ticket, Action.SURVEY_SATISFIED, given, actor=staff.surveyor, now=MONDAY
        )

    transaction(take)
    monkeypatch.setattr(checks, "ONE_IN", 1)
    assert checks.draw(transaction, now=MONDAY) == 1
    assert checks.draw(transaction, now=MONDAY) == 0
    assert not checks.waiting(session, staff.surveyor), "nobody checks their own"
    ((check, _ticket),) = checks.waiting(session, staff.supervisor)
    heard = CheckOutcome.HEARD
    with pytest.raises(GuardFailed):
        checks.settle(session, check.survey_id, heard, 5, actor=staff.surveyor, now=MONDAY)
    with pytest.raises(Invalid):
        checks.settle(session, check.survey_id, heard, None, actor=staff.supervisor, now=MONDAY)
    checks.settle(session, check.survey_id, heard, 5, actor=staff.supervisor, now=MONDAY)
    session.flush()
    told = session.scalars(select(TicketEvent).order_by(TicketEvent.id.desc())).first()
    assert told is not None
    assert told.detail == {"recheck": "differs"}
    survey = session.get_one(Survey, check.survey_id)
    assert survey.score == 1, "the answer itself stays"
    assert session.scalars(select(SurveyCheck.outcome)).all() == [heard]


def test_a_call_is_made_by_the_script_and_its_answers_are_kept(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    _, number = matters.resolved(staff, now=hotline.now, phone=LANDLINE)
    hotline.forward(minutes=1, every=dt.timedelta(minutes=1))
    surveyor = browser()
    surveyor.signs_in("surveyor")
    assert number in surveyor.get("/surveys").get_data(as_text=True)
    survey = hotline.session.scalars(select(Survey)).one().id
    page = surveyor.get(f"/surveys/{survey}").get_data(as_text=True)
    assert "承办单位联系过您吗" in page
    assert surveyor.post(f"/surveys/{survey}/answer", solved="no").status_code == 422
    form = {"contacted": "yes", "solved": "no", "unit_score": "5", "score": "4"}
    assert surveyor.post(f"/surveys/{survey}/answer", **form).status_code == 303
    ticket = hotline.api(staff.supervisor).get(f"/tickets/{number}")
    assert (ticket["state"], ticket["survey"]["channel"]) == ("appraisal_review", "call")
    for path in ("/surveys/checks", "/surveys/exempt"):
        assert surveyor.get(path).status_code == 200
    assert surveyor.post("/surveys/exempt", number=number, reason="protected").status_code == 303
    assert "受保护" in surveyor.get("/surveys/exempt").get_data(as_text=True)


def test_each_way_of_not_asking_has_its_word() -> None:
    assert {each.value for each in Exempt} <= {each.value for each in NotPossible}


def test_the_ledger_says_who_left_by_which_word_and_who_came_back(
    hotline: Hotline, staff: Staff, browser: Browsers
) -> None:
    hotline.phone(WORKER).texts("TD")
    hotline.phone("+8613800000009").texts("退订")
    hotline.forward(minutes=3)
    hotline.phone(WORKER).texts("恢复")
    lines = workers.opt_outs(hotline.session).items
    assert [(line.word, line.source) for line in lines] == [
        ("退订", OptOutSource.WORD),
        ("TD", OptOutSource.WORD),
    ]
    assert [line.resumed_by for line in lines] == [None, "恢复"]
    asker = browser()
    asker.signs_in("surveyor")
    page = asker.get("/surveys/opt-outs").get_data(as_text=True)
    assert page.count("退订中") == 1
    assert WORKER not in page, "numbers are masked"
    lead = browser()
    lead.signs_in("unit_lead")
    assert lead.get("/surveys/opt-outs").status_code == 403


def test_who_is_satisfied_after_the_units_call_and_was_not_before_is_flagged(
    session: Session,
) -> None:
    ticket = settle(session, receive(session))
    score(session, ticket, 5)
    ticket.cycle, ticket.survey_outcome = 2, None
    result = TicketResult(
        ticket_id=ticket.id, cycle=2, outcome=Outcome.SOLVED, reply="演示答复", submitted_at=NOW
    )
    session.add(result)
    score(session, ticket, 1)
    assert not queries.changed_after_call(session, ticket)
    result.contact_way = Way.CALL
    session.flush()
    assert queries.changed_after_call(session, ticket)
    result.contact_way = Way.VISIT
    assert not queries.changed_after_call(session, ticket)
    write(session, ticket, kind=EventKind.CONTACT, detail={"way": "call", "reached": True})
    assert queries.changed_after_call(session, ticket), "the call was recorded when it happened"
    assert numbers_of(ask(session, "V13")) == (1, 1)
