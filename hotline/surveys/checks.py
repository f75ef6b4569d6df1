"""A second opinion on what a person took down: one survey in twenty is asked again by another.

Answers are drawn, and workers whom a person gave up as unreachable: who never rings the unhappy
takes down true answers only. Which ones is drawn by a keyed hash of the survey, so nobody can
tell. What the second call heard goes into the ticket's sealed timeline and never changes the
answer itself.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from hotline.core.db import Transact, reading
from hotline.core.errors import GuardFailed, Invalid, NotFound
from hotline.core.privacy import blind_index
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.surveys.models import Survey, SurveyCheck, SurveyTry
from hotline.surveys.states import SATISFIED, CheckOutcome, SurveyChannel, SurveyState
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import Action
from hotline.tickets.timeline import write

ONE_IN: Final = 20
LOOK_BACK: Final = dt.timedelta(days=3)
SHOWN: Final = 100
BY_A_PERSON: Final = (SurveyChannel.CALL, SurveyChannel.PERSON)
SCORES: Final = (Action.SURVEY_SATISFIED, Action.SURVEY_DISSATISFIED)


class Drawn(NamedTuple):
    """An answer to be checked, and the ticket it is about."""

    check: SurveyCheck
    ticket: Ticket


def is_drawn(survey_id: int) -> bool:
    """Return whether a survey is in the sample; without the installation's key nobody knows."""
    return int.from_bytes(blind_index(f"recall:{survey_id}")[:8], "big") % ONE_IN == 0


def draw(transact: Transact, *, now: dt.datetime) -> int:
    """Draw from what people took down lately; return how many were drawn."""
    known = exists().where(SurveyCheck.survey_id == Survey.id)
    answered = select(Survey.id).where(
        Survey.answered_at > now - LOOK_BACK,
        Survey.state == SurveyState.ANSWERED,
        Survey.channel.in_(BY_A_PERSON),
        ~known,
    )
    given_up = (
        select(Survey.id)
        .join(SurveyTry, SurveyTry.survey_id == Survey.id)
        .where(SurveyTry.at > now - LOOK_BACK, Survey.state == SurveyState.UNREACHABLE, ~known)
    )
    with reading() as session:
        lately = {*session.scalars(answered), *session.scalars(given_up)}
    drawn = sorted(id_ for id_ in lately if is_drawn(id_))
    if drawn:
        transact(lambda session: _enter(session, drawn, now))
    return len(drawn)


def _enter(session: Session, drawn: Sequence[int], now: dt.datetime) -> None:
    for survey in session.scalars(select(Survey).where(Survey.id.in_(drawn))):
        session.add(
            SurveyCheck(survey_id=survey.id, drawn_at=now, taken_by=_taken_by(session, survey))
        )


def _taken_by(session: Session, survey: Survey) -> int | None:
    """Return who took the answer, or rang last in vain."""
    if survey.state is SurveyState.UNREACHABLE:
        last = select(SurveyTry.staff_id).where(SurveyTry.survey_id == survey.id)
        return session.scalar(last.order_by(SurveyTry.at.desc()).limit(1))
    return session.scalar(
        select(TicketEvent.actor_id)
        .where(
            TicketEvent.ticket_id == survey.ticket_id,
            TicketEvent.cycle == survey.cycle,
            TicketEvent.action.in_(SCORES),
        )
        .order_by(TicketEvent.id.desc())
        .limit(1)
    )


def waiting(session: Session, actor: Actor) -> Sequence[Drawn]:
    """Return what *actor* may check: answers that another person took, the longest drawn first."""
    rows = session.execute(
        select(SurveyCheck, Ticket)
        .join(Survey, Survey.id == SurveyCheck.survey_id)
        .join(Ticket, Ticket.id == Survey.ticket_id)
        .where(SurveyCheck.outcome.is_(None), SurveyCheck.taken_by.is_distinct_from(actor.id))
        .order_by(SurveyCheck.drawn_at)
        .limit(SHOWN)
    )
    return [Drawn(check, ticket) for check, ticket in rows]


def settle(
    session: Session,
    survey_id: int,
    outcome: CheckOutcome,
    score: int | None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> SurveyCheck:
    """Write down what the second call heard.

    Raises:
        Forbidden: *actor* records no surveys.
        NotFound: Nothing of that survey waits to be checked.
        GuardFailed: *actor* took the answer, or handled the ticket.
        Invalid: A score is missing, or there is one where nobody was heard.
    """
    require(actor, Permission.SURVEY_RECORD)
    check = session.get(SurveyCheck, survey_id, with_for_update=True)
    if check is None or check.outcome is not None:
        raise NotFound
    survey = session.get_one(Survey, survey_id)
    ticket = session.get_one(Ticket, survey.ticket_id)
    if actor.id in (check.taken_by, ticket.handler_id):
        raise GuardFailed(N_("复核须由另一人进行。"), guard="checker-apart")
    if (score in range(1, 6)) is not (outcome is CheckOutcome.HEARD):
        raise Invalid({"score": N_("听到评价时请填 1 至 5 分，否则不填")})
    check.outcome, check.score, check.checked_by, check.checked_at = outcome, score, actor.id, now
    told = _compared(survey, outcome, score)
    write(session, ticket, EventKind.NOTE, actor=actor, now=now, recheck=told)
    return check


def _compared(survey: Survey, outcome: CheckOutcome, score: int | None) -> str:
    """Return what the second call says of the first: whether it heard, or reached, the same."""
    if survey.score is None:
        return "confirmed" if outcome is CheckOutcome.UNREACHABLE else "reached"
    if score is None:
        return outcome
    return "agreed" if (score in SATISFIED) is (survey.score in SATISFIED) else "differs"
