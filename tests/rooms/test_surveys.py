"""Surveys on both engines: asked once a cycle, answered whenever, never satisfied by silence."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import GuardFailed
from hotline.messages.models import DeskNotice, Message
from hotline.messages.states import MessageKind, MessageState
from hotline.surveys import jobs, queries, service
from hotline.surveys.models import Survey
from hotline.surveys.replies import read
from hotline.surveys.states import SurveyChannel, SurveyState
from hotline.tickets.models import Ticket
from hotline.tickets.states import Action, State
from hotline.workers.models import Worker
from tests import matters
from tests.matters import MONDAY, RULES, WORKER
from tests.people import Staff

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def invite(now: dt.datetime = MONDAY) -> int:
    return jobs.invite_resolved(transaction, rules=RULES, now=now)


def chase(now: dt.datetime) -> int:
    return jobs.chase(transaction, rules=RULES, now=now)


def the_survey(session: Session, ticket_id: int) -> Survey:
    session.rollback()
    return session.scalars(
        select(Survey).where(Survey.ticket_id == ticket_id).order_by(Survey.cycle.desc())
    ).first()  # type: ignore[return-value]


def the_ticket(session: Session, ticket_id: int) -> Ticket:
    session.rollback()
    return session.get_one(Ticket, ticket_id, populate_existing=True)


def sent(session: Session) -> Sequence[Message]:
    session.rollback()
    return session.scalars(
        select(Message).where(Message.kind == MessageKind.SURVEY).order_by(Message.id)
    ).all()


def answer(ticket_id: int, text: str, now: dt.datetime, **given: Any) -> None:
    def work(session: Session) -> None:
        ticket = session.get_one(Ticket, ticket_id)
        service.record_answer(session, ticket, read(text), now=now, **given)

    transaction(work)


def test_a_resolved_ticket_is_surveyed_once_however_often_the_clock_looks(
    session: Session, staff: Staff
) -> None:
    ticket_id, number = matters.resolved(staff)
    assert invite() == 1
    assert invite() == 0
    (message,) = sent(session)
    assert (message.address, message.template, message.due_at) == (WORKER, "survey", MONDAY)
    assert message.params["number"] == number
    survey = the_survey(session, ticket_id)
    assert (survey.state, survey.tries, survey.asked_at) == (SurveyState.ASKED, 1, MONDAY)


def test_at_night_the_question_waits_for_the_morning(session: Session, staff: Staff) -> None:
    night = MONDAY + 13 * HOUR  # 23:00
    matters.resolved(staff, now=night)
    invite(night)
    assert sent(session)[0].due_at == MONDAY + 22.5 * HOUR  # 08:30


def test_silence_is_reminded_once_and_then_given_up(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.resolved(staff)
    invite()
    assert chase(MONDAY + DAY - HOUR) == 0
    assert chase(MONDAY + DAY) == 1
    assert [row.template for row in sent(session)] == ["survey", "survey_again"]
    assert chase(MONDAY + 4 * DAY - HOUR) == 0
    assert chase(MONDAY + 4 * DAY) == 1
    survey, ticket = the_survey(session, ticket_id), the_ticket(session, ticket_id)
    assert (survey.state, survey.next_at) == (SurveyState.UNREACHABLE, None)
    assert (ticket.state, ticket.survey_outcome) == (State.SURVEYED, "unreachable")
    assert chase(MONDAY + 9 * DAY) == 0


@pytest.mark.parametrize(
    ("text", "score", "state"),
    [("２", 2, State.SURVEYED), ("不满意，钱还没给", 4, State.APPRAISAL_REVIEW)],
)
def test_an_answer_moves_the_ticket(
    session: Session, staff: Staff, text: str, score: int, state: State
) -> None:
    ticket_id, _ = matters.resolved(staff)
    invite()
    answer(ticket_id, text, MONDAY + HOUR)
    survey = the_survey(session, ticket_id)
    assert (survey.state, survey.score, survey.late) == (SurveyState.ANSWERED, score, False)
    assert the_ticket(session, ticket_id).state is state
    assert chase(MONDAY + 9 * DAY) == 0


def test_after_an_answer_no_reminder_leaves(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.resolved(staff)
    invite()
    chase(MONDAY + DAY)
    answer(ticket_id, "1", MONDAY + DAY)
    assert sent(session)[-1].state is MessageState.CANCELLED


def test_a_late_answer_counts_with_its_time(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.resolved(staff)
    invite()
    chase(MONDAY + DAY)
    chase(MONDAY + 4 * DAY)
    (found,) = queries.open_of(session, the_survey(session, ticket_id).worker_id or 0)
    assert found.ticket.id == ticket_id
    answer(ticket_id, "5", MONDAY + 20 * DAY)
    survey, ticket = the_survey(session, ticket_id), the_ticket(session, ticket_id)
    assert (survey.score, survey.late, survey.answered_at) == (5, True, MONDAY + 20 * DAY)
    assert (ticket.state, ticket.survey_outcome) == (State.APPRAISAL_REVIEW, "dissatisfied")
    assert not queries.open_of(session, survey.worker_id or 0)


def test_an_unclear_answer_goes_to_the_surveyor(session: Session, staff: Staff) -> None:
    ticket_id, number = matters.resolved(staff)
    invite()
    answer(ticket_id, "一般", MONDAY + HOUR)
    survey = the_survey(session, ticket_id)
    assert (survey.state, survey.comment) == (SurveyState.UNCLEAR, "一般")
    assert the_ticket(session, ticket_id).state is State.RESOLVED
    (notice,) = session.scalars(select(DeskNotice)).all()
    assert (notice.staff_id, notice.params) == (staff.surveyor.id, {"number": number})
    chase(MONDAY + 5 * DAY)  # nobody gives it up: the surveyor hears of it again
    assert the_survey(session, ticket_id).state is SurveyState.UNCLEAR
    assert len(session.scalars(select(DeskNotice)).all()) == 2
    answer(ticket_id, "3", MONDAY + 6 * DAY, channel=SurveyChannel.CALL, actor=staff.surveyor)
    survey = the_survey(session, ticket_id)
    assert (survey.state, survey.score, survey.comment) == (SurveyState.ANSWERED, 3, "一般")


def test_a_late_unclear_answer_waits_for_the_surveyor_too(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.resolved(staff)
    invite()
    chase(MONDAY + DAY)
    chase(MONDAY + 4 * DAY)
    answer(ticket_id, "一般", MONDAY + 5 * DAY)
    assert jobs.follow(transaction, now=MONDAY + 5 * DAY) == 0
    assert chase(MONDAY + 7 * DAY) == 1
    assert the_survey(session, ticket_id).state is SurveyState.UNCLEAR
    fields = {"score": 4, "channel": "call"}
    matters.act(
        ticket_id, (Action.SURVEY_DISSATISFIED, staff.surveyor, fields), now=MONDAY + 8 * DAY
    )
    assert jobs.follow(transaction, now=MONDAY + 8 * DAY) == 1
    survey = the_survey(session, ticket_id)
    assert (survey.score, survey.late) == (4, True)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"anonymous": True}, "anonymous"),
        ({"phone": None}, "no_number"),
        ({"confidential_level": 3}, "level_3"),
        ({"category_code": "N2"}, "crisis"),
    ],
)
def test_whoever_may_not_be_asked_is_not(
    session: Session, staff: Staff, given: dict[str, Any], reason: str
) -> None:
    ticket_id, _ = matters.resolved(staff, **given)
    invite()
    survey, ticket = the_survey(session, ticket_id), the_ticket(session, ticket_id)
    assert (survey.state, survey.reason) == (SurveyState.NOT_POSSIBLE, reason)
    assert (ticket.state, ticket.survey_outcome) == (State.SURVEYED, "not_possible")
    assert not sent(session)


def test_whoever_opts_out_after_the_question_is_not_reminded(
    session: Session, staff: Staff
) -> None:
    ticket_id, _ = matters.resolved(staff)
    invite()
    session.execute(update(Worker).values(opted_out_at=MONDAY + HOUR))
    session.commit()
    chase(MONDAY + DAY)
    assert the_survey(session, ticket_id).reason == "opted_out"
    assert len(sent(session)) == 1


def test_a_number_is_asked_at_most_twice_in_thirty_days(session: Session, staff: Staff) -> None:
    tickets = [matters.resolved(staff)[0] for _ in range(3)]
    invite()
    states = sorted(the_survey(session, ticket_id).state for ticket_id in tickets)
    assert states == ["asked", "asked", "not_possible"]
    assert len(sent(session)) == 2


def test_a_landline_is_called_by_a_surveyor(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.resolved(staff, phone="+864711234567")
    invite()
    survey = the_survey(session, ticket_id)
    assert (survey.state, survey.channel) == (SurveyState.DUE, SurveyChannel.CALL)
    assert not sent(session)
    assert session.scalars(select(DeskNotice.staff_id)).all() == [staff.surveyor.id]


def test_an_answer_belongs_to_the_ticket_it_names_else_to_the_last_asked(
    session: Session, staff: Staff
) -> None:
    first, number = matters.resolved(staff)
    invite()
    second, _ = matters.resolved(staff, now=MONDAY + HOUR)
    invite(MONDAY + HOUR)
    found = queries.open_of(session, the_survey(session, first).worker_id or 0)
    named = queries.addressed(found, read(f"{number} 1").number)
    last = queries.addressed(found, None)
    assert named is not None
    assert last is not None
    assert (named.ticket.id, last.ticket.id) == (first, second)
    assert queries.addressed(found, "261123-9999") is None


def test_a_surveyor_s_answer_on_the_ticket_is_kept_in_the_survey(
    session: Session, staff: Staff
) -> None:
    ticket_id, _ = matters.resolved(staff)
    invite()
    fields = {"score": 4, "channel": "call", "comment": "还没有拿到钱"}
    matters.act(ticket_id, (Action.SURVEY_DISSATISFIED, staff.surveyor, fields), now=MONDAY + HOUR)
    assert jobs.follow(transaction, now=MONDAY + 2 * HOUR) == 1
    survey = the_survey(session, ticket_id)
    assert (survey.score, survey.channel, survey.answered_at) == (4, "call", MONDAY + HOUR)
    assert jobs.follow(transaction, now=MONDAY + 2 * HOUR) == 0


def test_a_surveyor_may_be_faster_than_the_clock(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.resolved(staff)
    matters.act(ticket_id, (Action.SURVEY_SATISFIED, staff.surveyor, {"score": 1}), now=MONDAY)
    assert invite() == 0
    assert jobs.follow(transaction, now=MONDAY + HOUR) == 1
    assert the_survey(session, ticket_id).score == 1


def test_reopening_closes_the_open_survey_and_the_next_cycle_has_its_own(
    session: Session, staff: Staff
) -> None:
    ticket_id, _ = matters.resolved(staff)
    invite()
    matters.act(ticket_id, (Action.REOPEN, staff.supervisor, {}), now=MONDAY + HOUR)
    assert jobs.follow(transaction, now=MONDAY + HOUR) == 1
    assert the_survey(session, ticket_id).state is SurveyState.CLOSED
    again = [
        (Action.DISPATCH, staff.dispatcher, {"unit": "150102"}),
        (Action.SIGN, staff.handler, {}),
        (Action.SUBMIT_RESULT, staff.handler, matters.RESULT),
        (Action.APPROVE, staff.reviewer, {}),
    ]
    matters.act(ticket_id, *again, now=MONDAY + 2 * HOUR)
    assert invite(MONDAY + 2 * HOUR) == 1
    assert the_survey(session, ticket_id).cycle == 2
    assert len(sent(session)) == 2


def test_an_answer_is_given_once(session: Session, staff: Staff) -> None:
    ticket_id, _ = matters.resolved(staff)
    invite()
    answer(ticket_id, "1", MONDAY + HOUR)
    with pytest.raises(GuardFailed):
        answer(ticket_id, "5", MONDAY + 2 * HOUR)
    assert the_survey(session, ticket_id).score == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"state": SurveyState.ANSWERED, "next_at": None},
        {"score": 9, "answered_at": MONDAY, "state": SurveyState.ANSWERED, "next_at": None},
        {"state": SurveyState.UNREACHABLE},
        {"next_at": None},
    ],
)
def test_the_promises_are_constraints(
    session: Session, staff: Staff, broken: dict[str, Any]
) -> None:
    ticket_id, _ = matters.resolved(staff)
    invite()
    with pytest.raises(IntegrityError):
        session.execute(update(Survey).where(Survey.ticket_id == ticket_id).values(**broken))


def test_one_bad_row_stops_no_other(
    session: Session, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = [matters.resolved(staff, phone=f"+861380000000{n}")[0] for n in range(3)]
    real = service.invite

    def invite_or_fail(session: Session, ticket: Ticket, **given: Any) -> Survey:
        if ticket.id == tickets[1]:
            raise KeyError("a defect")
        return real(session, ticket, **given)

    monkeypatch.setattr(service, "invite", invite_or_fail)
    assert invite() == 2
    assert the_survey(session, tickets[1]) is None
    monkeypatch.undo()
    assert invite() == 1
