"""What the clock does about surveys: ask, ask again, give up, follow what people did."""

import datetime as dt
from typing import Any, Final

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from hotline.core.db import Transact
from hotline.core.rounds import each_due
from hotline.messages.rules import Rules
from hotline.surveys import calling, care, plan, service
from hotline.surveys.models import Survey
from hotline.surveys.plan import Step
from hotline.surveys.states import NotPossible, SurveyChannel, SurveyState
from hotline.tickets.models import SurveyOutcome, Ticket
from hotline.tickets.records import TicketEvent
from hotline.tickets.states import Action, State
from hotline.workers import queries as workers

ANSWERED: Final = (SurveyOutcome.SATISFIED, SurveyOutcome.DISSATISFIED)
ANSWERS: Final = (Action.SURVEY_SATISFIED, Action.SURVEY_DISSATISFIED)
TAKE_ANSWERS: Final = (State.RESOLVED, State.SURVEYED)
LOOK_BACK: Final = dt.timedelta(days=7)


def invite_resolved(transact: Transact, *, rules: Rules, now: dt.datetime) -> int:
    """Begin the survey of each resolved ticket that has none in this cycle."""
    due = select(Ticket).where(Ticket.state == State.RESOLVED, ~_has_survey())

    def invite(session: Session, ticket: Ticket) -> None:
        service.invite(session, ticket, rules=rules, now=now)

    return each_due(transact, due, Ticket.id, invite)


def chase(transact: Transact, *, rules: Rules, now: dt.datetime) -> int:
    """Remind, give up, or tell a surveyor anew, as each survey's time comes."""
    due = select(Survey).where(Survey.next_at <= now)

    def go_on(session: Session, survey: Survey) -> None:
        ticket = _locked(session, survey)
        if ticket.cycle == survey.cycle and ticket.state in TAKE_ANSWERS:
            _go_on(session, survey, ticket, rules=rules, now=now)

    return each_due(transact, due, Survey.id, go_on)


def follow(transact: Transact, *, now: dt.datetime) -> int:
    """Bring surveys into line with tickets that people moved on without them.

    A surveyor records an answer on the ticket, a supervisor opens it again: the row of
    the survey follows, so that every answer is counted and nobody is asked in vain.
    """
    of_ticket = select(Survey).join(Ticket, Ticket.id == Survey.ticket_id)
    left = of_ticket.where(
        Survey.next_at.is_not(None),
        or_(
            Ticket.cycle != Survey.cycle,
            Ticket.state.not_in(TAKE_ANSWERS),
            Ticket.survey_outcome.in_(ANSWERED),
            and_(Ticket.state == State.SURVEYED, Survey.state != SurveyState.UNCLEAR),
        ),
    )
    answered_late = of_ticket.where(
        Ticket.touched_at > now - LOOK_BACK,
        Ticket.survey_outcome.in_(ANSWERED),
        Ticket.cycle == Survey.cycle,
        Survey.state.in_((SurveyState.UNREACHABLE, SurveyState.NOT_POSSIBLE)),
    )
    without = select(Ticket).where(
        Ticket.state.in_((State.SURVEYED, State.APPRAISAL_REVIEW)),
        Ticket.survey_outcome.in_(ANSWERED),
        Ticket.touched_at > now - LOOK_BACK,
        ~_has_survey(),
    )

    def catch_up(session: Session, survey: Survey) -> None:
        _catch_up(session, survey, _locked(session, survey), now=now)

    def write_down(session: Session, ticket: Ticket) -> None:
        survey = service.written_afterwards(session, ticket, now)
        _catch_up(session, survey, ticket, now=now)

    return (
        each_due(transact, left, Survey.id, catch_up)
        + each_due(transact, answered_late, Survey.id, catch_up)
        + each_due(transact, without, Ticket.id, write_down)
    )


def _has_survey() -> Any:
    return exists().where(Survey.ticket_id == Ticket.id, Survey.cycle == Ticket.cycle)


def _locked(session: Session, survey: Survey) -> Ticket:
    return session.scalars(
        select(Ticket).where(Ticket.id == survey.ticket_id).with_for_update()
    ).one()


def _go_on(
    session: Session,
    survey: Survey,
    ticket: Ticket,
    *,
    rules: Rules,
    now: dt.datetime,
) -> None:
    exempt = care.standing(session, survey.worker_id)
    if exempt is not None:
        service.give_up(session, survey, ticket, reason=exempt, now=now)
        return
    if survey.channel is SurveyChannel.KEYPRESS and survey.state is not SurveyState.UNCLEAR:
        _call_again(session, survey, ticket, rules=rules, now=now)
        return
    step = plan.next_step(survey.state, survey.channel, survey.tries)
    if step is Step.TELL_PERSON:
        service.leave_to_person(session, survey, ticket, now=now)
        return
    worker = workers.by_id(session, survey.worker_id) if survey.worker_id else None
    if worker is None or worker.opted_out_at is not None:
        service.give_up(session, survey, ticket, reason=NotPossible.OPTED_OUT, now=now)
    elif step is Step.ASK:
        service.ask(session, survey, ticket, worker, rules=rules, now=now)
    else:
        service.give_up(session, survey, ticket, now=now)


def _call_again(
    session: Session, survey: Survey, ticket: Ticket, *, rules: Rules, now: dt.datetime
) -> None:
    due = calling.due(session, survey, now=now)
    if due is None:
        service.give_up(session, survey, ticket, now=now)
    elif due > now:
        survey.next_at = due
    else:
        calling.ask(session, survey, ticket, rules=rules, now=now)


def _catch_up(session: Session, survey: Survey, ticket: Ticket, *, now: dt.datetime) -> None:
    answer = _answer_on(session, survey)
    if answer is not None:
        service.settle(
            survey,
            int(answer.detail["score"]),
            SurveyChannel(answer.detail.get("channel", SurveyChannel.PERSON)),
            late=answer.from_state is State.SURVEYED,
            comment=None,
            now=answer.at,
        )
        return
    survey.next_at = None
    if ticket.cycle == survey.cycle and ticket.survey_outcome is SurveyOutcome.NOT_POSSIBLE:
        survey.state = SurveyState.NOT_POSSIBLE
        survey.reason = survey.reason or "surveyor"
    else:
        survey.state = SurveyState.CLOSED


def _answer_on(session: Session, survey: Survey) -> TicketEvent | None:
    """Return the entry of the ticket's timeline that answered *survey*."""
    return session.scalar(
        select(TicketEvent)
        .where(
            and_(TicketEvent.ticket_id == survey.ticket_id, TicketEvent.cycle == survey.cycle),
            TicketEvent.action.in_(ANSWERS),
        )
        .order_by(TicketEvent.id.desc())
        .limit(1)
    )
