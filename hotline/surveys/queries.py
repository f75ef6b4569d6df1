"""Surveys, as intake, the pages and the clock ask for them."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, or_, select
from sqlalchemy.orm import Session

from hotline.calls.models import CallEvent
from hotline.core.errors import Forbidden, NotFound
from hotline.core.roles import Actor
from hotline.surveys.models import Survey, SurveyTry
from hotline.surveys.plan import MOST_ASKED_WITHIN
from hotline.surveys.states import OPEN, WITHOUT_ANSWER, SurveyChannel, SurveyState
from hotline.surveys.turning import turned
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from hotline.units import queries as units


class OpenSurvey(NamedTuple):
    """A question that may still be answered, and the ticket it is about."""

    survey: Survey
    ticket: Ticket


def open_of(session: Session, worker_id: int) -> list[OpenSurvey]:
    """Return the questions put to a worker that have no answer yet, the last one asked first.

    Those the hotline gave up are among them until their ticket is archived: an answer
    counts whenever it comes.
    """
    rows = session.execute(
        select(Survey, Ticket)
        .join(Ticket, Ticket.id == Survey.ticket_id)
        .where(
            Survey.worker_id == worker_id,
            Survey.asked_at.is_not(None),
            Survey.state.in_(WITHOUT_ANSWER),
            Survey.cycle == Ticket.cycle,
            Ticket.state.in_((State.RESOLVED, State.SURVEYED)),
        )
        .order_by(Survey.asked_at.desc(), Survey.id.desc())
    )
    return [OpenSurvey(survey, ticket) for survey, ticket in rows]


def addressed(open_surveys: Sequence[OpenSurvey], number: str | None) -> OpenSurvey | None:
    """Return which survey an answer belongs to: the ticket it names, else the last one asked.

    None where nothing was asked, or the ticket named is none of them.
    """
    if number is None:
        return next(iter(open_surveys), None)
    return next((each for each in open_surveys if each.ticket.number == number), None)


def for_caller(
    session: Session, worker_id: int | None, ticket_id: int | None = None
) -> OpenSurvey | None:
    """Return what a caller can be asked by keypad: of *ticket_id* before all, else the last.

    It is a question not answered yet, about a matter of theirs that is settled, and no SMS
    has asked it.
    """
    unsent = or_(Survey.channel != SurveyChannel.SMS, Survey.asked_at.is_(None))
    mine = _to_press().where(Survey.worker_id == worker_id, unsent)
    ordered = mine.order_by(Ticket.id != (ticket_id or 0), Survey.id.desc())
    found = session.execute(ordered.limit(1)).first()
    return OpenSurvey(found[0], found[1]) if found else None


def asked(session: Session, survey_id: int, worker_id: int | None) -> OpenSurvey | None:
    """Return a question of *worker_id*'s that may still be answered by keypad, else None."""
    which = (Survey.id == survey_id, Survey.worker_id == worker_id)
    found = session.execute(_to_press().where(*which)).first()
    return OpenSurvey(found[0], found[1]) if found else None


def asked_by_entry() -> ColumnElement[bool]:
    """Return the condition that an entry of a call's record says that the survey was asked."""
    return Survey.id == cast(CallEvent.detail["survey"].as_string(), BigInteger)


def _to_press() -> Select[Survey, Ticket]:
    return (
        select(Survey, Ticket)
        .join(Ticket, Ticket.id == Survey.ticket_id)
        .where(
            Survey.state.in_(OPEN),
            Survey.cycle == Ticket.cycle,
            Ticket.state == State.RESOLVED,
        )
    )


def of_ticket(session: Session, ticket_id: int) -> Sequence[Survey]:
    """Return the surveys of a ticket, one a cycle, the newest first."""
    return session.scalars(
        select(Survey).where(Survey.ticket_id == ticket_id).order_by(Survey.cycle.desc())
    ).all()


def changed_after_call(session: Session, ticket: Ticket) -> bool:
    """Return whether a dissatisfied worker is satisfied now, and the unit rang them in between.

    It may be a matter put right, or a worker talked round: somebody should look.
    """
    found = select(Ticket.id).where(Ticket.id == ticket.id, turned())
    return session.scalar(found) is not None


def of_cycle(session: Session, ticket: Ticket) -> Survey | None:
    """Return the survey of the present cycle of *ticket*, locked, or None."""
    return session.scalar(
        select(Survey)
        .where(Survey.ticket_id == ticket.id, Survey.cycle == ticket.cycle)
        .with_for_update()
    )


def asked_lately(session: Session, worker_id: int, now: dt.datetime) -> int:
    """Return how many surveys went to a worker in the last 30 days."""
    counted = session.scalar(
        select(func.count())
        .select_from(Survey)
        .where(Survey.worker_id == worker_id, Survey.asked_at > now - MOST_ASKED_WITHIN)
    )
    return counted or 0


BY_PEOPLE: Final = (SurveyState.DUE, SurveyState.UNCLEAR)
SHOWN: Final = 100


def to_call(session: Session) -> Sequence[OpenSurvey]:
    """Return what waits for a surveyor, soonest first: a call, or an answer to be read."""
    rows = session.execute(
        select(Survey, Ticket)
        .join(Ticket, Ticket.id == Survey.ticket_id)
        .where(Survey.next_at.is_not(None), Survey.state.in_(BY_PEOPLE))
        .order_by(Survey.next_at)
        .limit(SHOWN)
    )
    return [OpenSurvey(survey, ticket) for survey, ticket in rows]


def by_id(session: Session, survey_id: int, *, lock: bool = False) -> OpenSurvey:
    """Return one survey with its ticket; whoever is going to change them locks both.

    Raises:
        NotFound: There is none.
    """
    asked = (
        select(Survey, Ticket)
        .join(Ticket, Ticket.id == Survey.ticket_id)
        .where(Survey.id == survey_id)
    )
    row = session.execute(asked.with_for_update() if lock else asked).first()
    if row is None:
        raise NotFound
    return OpenSurvey(row[0], row[1])


def tries_by_people(session: Session, survey_id: int) -> Sequence[dt.datetime]:
    """Return when surveyors rang in vain."""
    return session.scalars(
        select(SurveyTry.at).where(SurveyTry.survey_id == survey_id).order_by(SurveyTry.at)
    ).all()


def is_final(survey: Survey) -> bool:
    """Return whether the worker has answered: nobody can coax an answer that was given."""
    return survey.state is SurveyState.ANSWERED


def told(session: Session, actor: Actor, surveys: Sequence[Survey]) -> Sequence[Survey]:
    """Return which of *surveys* the asker may know of: a unit those that are answered (R60).

    The unit that handles a matter must not learn whether or when its worker is asked.
    """
    return surveys if oversees(session, actor) else [each for each in surveys if is_final(each)]


def check_overseer(session: Session, actor: Actor) -> None:
    """Let nobody of a unit see who is asked when (R60).

    Raises:
        Forbidden: *actor* does not see the hotline's centre.
    """
    if not oversees(session, actor):
        raise Forbidden


def oversees(session: Session, actor: Actor) -> bool:
    """Return whether *actor* sees the hotline's centre, and so belongs to no unit that handles."""
    return actor.sees(units.unit(session, "hotline").path)
