"""An action on a ticket as the doors carry it out, with its survey kept in step."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from hotline.core.errors import Invalid
from hotline.core.roles import Actor
from hotline.core.rows import require_unchanged
from hotline.core.words import N_
from hotline.surveys import queries, service
from hotline.surveys.replies import Reading
from hotline.surveys.states import OPEN, SATISFIED, SurveyChannel, SurveyState
from hotline.tickets import fields
from hotline.tickets import service as tickets
from hotline.tickets.models import Ticket
from hotline.tickets.records import Approval
from hotline.tickets.states import Action

REASON_LENGTH: Final = 40  # a code; own words stay on the ticket's timeline
BESIDES: Final = ("contacted", "solved", "hotline_score", "unit_score")
ANSWERS: Final = {Action.SURVEY_SATISFIED: True, Action.SURVEY_DISSATISFIED: False}


def perform(
    session: Session,
    ticket: Ticket,
    action: Action,
    given: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
) -> Ticket | Approval:
    """Do what `tickets.service.perform` does; an answer is written into the survey too.

    Raises:
        Invalid: The score does not fit the action, besides what `perform` raises.
    """
    require_unchanged(ticket.version, version)
    if action in ANSWERS:
        return _answer(session, ticket, action, given, actor=actor, now=now)
    done = tickets.perform(session, ticket, action, given, actor=actor, now=now)
    if action is Action.REOPEN:
        _close_open(session, ticket)
    elif action is Action.SURVEY_NOT_POSSIBLE:
        _not_possible(session, ticket, str(given["reason"]))
    return done


def _answer(
    session: Session,
    ticket: Ticket,
    action: Action,
    given: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
) -> Ticket:
    values = fields.read(action, given)
    if (values["score"] in SATISFIED) is not ANSWERS[action]:
        raise Invalid({"score": N_("1–3 分为满意，4–5 分为不满意")})
    told = {name: values.get(name) for name in BESIDES}
    comment = values.get("comment", "")
    reading = Reading(values["score"], ambiguous=False, comment=comment, **told)
    channel = SurveyChannel(values.get("channel", SurveyChannel.PERSON))
    service.record_answer(session, ticket, reading, channel=channel, actor=actor, now=now)
    return ticket


def _not_possible(session: Session, ticket: Ticket, reason: str) -> None:
    survey = queries.of_cycle(session, ticket)
    if survey is not None:
        survey.state, survey.next_at = SurveyState.NOT_POSSIBLE, None
        survey.reason = reason if len(reason) <= REASON_LENGTH else "surveyor"


def _close_open(session: Session, ticket: Ticket) -> None:
    """Close what is still asked about an earlier cycle: the matter is open again."""
    for survey in queries.of_ticket(session, ticket.id):
        if survey.state in OPEN:
            survey.state, survey.next_at = SurveyState.CLOSED, None
