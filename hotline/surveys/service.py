"""Asking, and keeping what is answered; the ticket moves by the state table alone."""

import datetime as dt
from typing import Any, Final

from sqlalchemy.orm import Session

from hotline.core.errors import GuardFailed
from hotline.core.language import local
from hotline.core.roles import Actor, Permission, Role, require, system
from hotline.core.tries import next_try, tried_enough
from hotline.core.words import N_
from hotline.messages import desk
from hotline.messages import service as messages
from hotline.messages.rules import Rules
from hotline.messages.states import MessageKind
from hotline.staff import queries as staff
from hotline.surveys import calling, care, queries
from hotline.surveys.models import Survey, SurveyTry
from hotline.surveys.plan import CALLS, NOTIFY_AGAIN, channels, look_again, not_possible, waking
from hotline.surveys.replies import Reading
from hotline.surveys.states import SATISFIED, NotPossible, SurveyChannel, SurveyState
from hotline.telephony.dialling import may_dial
from hotline.telephony.numbers import may_text
from hotline.tickets import service as tickets
from hotline.tickets.models import Ticket
from hotline.tickets.states import Action, State
from hotline.units import queries as units
from hotline.workers import queries as workers
from hotline.workers.models import Worker

CLOCK: Final = system("clock:survey")
SMS: Final = system("sms:survey_answer")
S = SurveyState


def invite(session: Session, ticket: Ticket, *, rules: Rules, now: dt.datetime) -> Survey:
    """Begin the survey of a settled ticket: ask, leave it to a surveyor, or say why not.

    The question leaves now or at the end of the quiet hours. A number that cannot be
    asked as the plan has it is called by a surveyor. Where nobody may be asked the ticket
    is closed as such and never counts as satisfied.
    """
    worker = workers.by_id(session, ticket.worker_id) if ticket.worker_id else None
    survey = _of_cycle(ticket, now)
    session.add(survey)
    session.flush()
    reason = _forbidden(session, ticket, worker, now)
    if reason is not None or worker is None or worker.phone is None:
        give_up(session, survey, ticket, reason=reason or NotPossible.NO_NUMBER, now=now)
    else:
        begin(session, survey, ticket, worker, rules=rules, now=now)
    return survey


def begin(
    session: Session,
    survey: Survey,
    ticket: Ticket,
    worker: Worker,
    *,
    rules: Rules,
    now: dt.datetime,
) -> None:
    """Ask in the first way that the plan has; who cannot be asked so is left to a surveyor."""
    first = channels(ticket.class_code, two_way=rules.two_way)[0]
    if first is SurveyChannel.SMS and may_text(worker.phone, rules.prefixes):
        ask(session, survey, ticket, worker, rules=rules, now=now)
    elif first is SurveyChannel.KEYPRESS and may_dial(worker.phone or ""):
        calling.ask(session, survey, ticket, rules=rules, now=now)
    else:
        survey.channel = SurveyChannel.CALL
        leave_to_person(session, survey, ticket, now=now)


def ask(
    session: Session,
    survey: Survey,
    ticket: Ticket,
    worker: Worker,
    *,
    rules: Rules,
    now: dt.datetime,
) -> None:
    """Send the question, or the reminder, outside the quiet hours.

    Whoever is on the telephone may be asked there, and is never asked twice.
    """
    if calling.on_line(session, worker.id):
        survey.next_at = now + calling.SPOKEN_TO
        return
    leaves_at = waking(now, rules.quiet)
    survey.tries += 1
    survey.state = S.ASKED
    survey.asked_at = survey.asked_at or leaves_at
    survey.next_at = look_again(survey.tries, leaves_at)
    messages.queue(
        session,
        to=worker.phone,
        kind=MessageKind.SURVEY,
        purpose=purpose(survey),
        template="survey" if survey.tries == 1 else "survey_again",
        params={"number": ticket.number},
        language=worker.language,
        ticket_id=ticket.id,
        worker_id=worker.id,
        now=now,
        due_at=leaves_at,
    )


def purpose(survey: Survey) -> str:
    """Return what the last SMS of *survey* is for; the outbox takes each purpose once."""
    return f"survey:{survey.id}:{survey.tries}"


def leave_to_person(session: Session, survey: Survey, ticket: Ticket, *, now: dt.datetime) -> None:
    """Put the survey on the surveyors' desks; tomorrow again, should nobody take it up."""
    survey.next_at = now + NOTIFY_AGAIN
    told = N_("请人工判读回访答复：%(number)s")
    if survey.state is S.DUE:
        told = N_("请电话回访：%(number)s")
    for person in _surveyors(session):
        desk.notify(
            session,
            person,
            "survey",
            told,
            params={"number": ticket.number},
            ticket_id=ticket.id,
            purpose=f"survey:{survey.id}:{now:%Y%m%d%H}:{person}",
            now=now,
        )


def rang_in_vain(
    session: Session, survey: Survey, ticket: Ticket, *, actor: Actor, now: dt.datetime
) -> None:
    """Keep that a surveyor rang and nobody answered; after the plan's tries it is given up.

    Raises:
        Forbidden: *actor* records no surveys.
        GuardFailed: The survey waits for nobody's call.
    """
    require(actor, Permission.SURVEY_RECORD)
    if survey.state is not S.DUE:
        raise GuardFailed(N_("这次回访不在等待人工呼叫。"), guard="survey-due")
    session.add(SurveyTry(survey_id=survey.id, at=now, staff_id=actor.id))
    survey.tries += 1
    survey.asked_at = survey.asked_at or now
    survey.channel = SurveyChannel.CALL
    session.flush()
    tries = [local(moment) for moment in queries.tries_by_people(session, survey.id)]
    if tried_enough(CALLS, tries):
        give_up(session, survey, ticket, now=now)
    else:
        survey.next_at = next_try(CALLS, tries).astimezone(dt.UTC)


def give_up(
    session: Session,
    survey: Survey,
    ticket: Ticket,
    *,
    reason: NotPossible | None = None,
    now: dt.datetime,
) -> None:
    """Close the survey without an answer: not possible for *reason*, else unreachable."""
    survey.state = S.NOT_POSSIBLE if reason else S.UNREACHABLE
    survey.reason = reason
    survey.next_at = None
    action = Action.SURVEY_NOT_POSSIBLE if reason else Action.SURVEY_UNREACHABLE
    fields = {"reason": reason.value} if reason else {}
    tickets.perform(session, ticket, action, fields, actor=CLOCK, now=now)


def record_answer(
    session: Session,
    ticket: Ticket,
    reading: Reading,
    *,
    channel: SurveyChannel = SurveyChannel.SMS,
    actor: Actor = SMS,
    now: dt.datetime,
) -> None:
    """Keep the worker's answer and move the ticket; an unclear one goes to a person.

    Args:
        session: The caller's transaction.
        ticket: Resolved, or surveyed without an answer.
        reading: With a score, or ambiguous.
        channel: How the answer came.
        actor: The surveyor, or the system for SMS and key-press.
        now: When the answer came; it counts however late.

    Raises:
        TransitionNotAllowed: The ticket takes no answer in its state.
        GuardFailed: It was answered before, or the surveyor handled the ticket.
    """
    survey = queries.of_cycle(session, ticket)
    if reading.score is None:
        _keep_unclear(session, survey, ticket, reading, now=now)
        return
    late = ticket.state is State.SURVEYED
    fields = {
        "score": reading.score,
        "channel": channel.value,
        "comment": reading.comment or None,
        "contacted": reading.contacted,
        "solved": reading.solved,
        "hotline_score": reading.hotline_score,
        "unit_score": reading.unit_score,
    }
    action = Action.SURVEY_SATISFIED if reading.score in SATISFIED else Action.SURVEY_DISSATISFIED
    tickets.perform(session, ticket, action, fields, actor=actor, now=now)
    if survey is None:
        survey = written_afterwards(session, ticket, now)
    if survey.tries:
        messages.cancel(session, purpose=purpose(survey), reason="answered", now=now)
    settle(survey, reading.score, channel, late=late, comment=reading.comment, now=now)


def settle(
    survey: Survey,
    score: int,
    channel: SurveyChannel,
    *,
    late: bool,
    comment: str | None,
    now: dt.datetime,
) -> None:
    """Write the answer into the survey; the first one is kept beside a corrected one."""
    survey.state = S.ANSWERED
    survey.next_at = None
    survey.score = score
    survey.first_score = survey.first_score or score
    survey.answered_at = now
    survey.channel = channel
    survey.late = late
    survey.comment = comment or survey.comment


def written_afterwards(session: Session, ticket: Ticket, now: dt.datetime) -> Survey:
    """Give a survey that was answered before the clock began it its row."""
    survey = _of_cycle(ticket, now)
    session.add(survey)
    return survey


def _of_cycle(ticket: Ticket, now: dt.datetime) -> Survey:
    return Survey(
        ticket_id=ticket.id,
        cycle=ticket.cycle,
        worker_id=ticket.worker_id,
        state=S.DUE,
        created_at=now,
        next_at=now,
    )


def _keep_unclear(
    session: Session, survey: Survey | None, ticket: Ticket, reading: Reading, *, now: dt.datetime
) -> None:
    survey = survey or written_afterwards(session, ticket, now)
    survey.comment = reading.comment
    survey.state = S.UNCLEAR
    leave_to_person(session, survey, ticket, now=now)


def _forbidden(
    session: Session, ticket: Ticket, worker: Worker | None, now: dt.datetime
) -> NotPossible | None:
    return not_possible(
        phone=worker.phone if worker else None,
        anonymous=ticket.anonymous,
        opted_out=worker is not None and worker.opted_out_at is not None,
        level=ticket.confidential_level,
        urgency=ticket.urgency,
        category=ticket.category_code,
        asked_lately=queries.asked_lately(session, worker.id, now) if worker else 0,
        exempt=care.standing(session, ticket.worker_id),
    )


def _surveyors(session: Session) -> list[int]:
    """Return who asks by telephone: the centre's surveyors, or its supervisors if it has none."""
    centre = units.unit(session, "hotline")
    people: list[Any] = []
    for role in (Role.SURVEYOR, Role.SUPERVISOR):
        people = people or list(staff.leads(session, centre.id, role))
    return [person.id for person in people]
