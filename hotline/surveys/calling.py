"""Asking by telephone where nobody can answer an SMS: a call is placed, keys are the answer.

A mailbox presses no key: it is a try like one that nobody took up, never an answer.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls import outbound
from hotline.calls.models import Call, CallOrder
from hotline.calls.rows import note
from hotline.core.errors import GuardFailed
from hotline.core.language import local
from hotline.core.tries import next_try, tried_enough
from hotline.messages.rules import Rules
from hotline.surveys.models import Survey, SurveyCall
from hotline.surveys.plan import CALLS, GIVE_UP_AFTER, waking
from hotline.surveys.states import SurveyChannel, SurveyState
from hotline.tickets.models import Ticket

A_DAY: Final = 50  # half of all that may be placed; the other half is for people who call back
SPOKEN_TO: Final = dt.timedelta(minutes=10)
FULL: Final = dt.timedelta(hours=1)
ASKED: Final = "survey_asked"  # a line of the call's record; its detail names the survey


def due(session: Session, survey: Survey, *, now: dt.datetime) -> dt.datetime | None:
    """Return when the next try is due, *now* at the earliest; None after the last's patience."""
    made = tries(session, survey)
    if not made:
        return now
    if not tried_enough(CALLS, made):
        return max(now, next_try(CALLS, made).astimezone(dt.UTC))
    patience = max(made).astimezone(dt.UTC) + GIVE_UP_AFTER
    return patience if patience > now else None


def tries(session: Session, survey: Survey) -> Sequence[dt.datetime]:
    """Return when, in local time, the worker's telephone rang for *survey*."""
    asked = (
        select(CallOrder.sent_at)
        .join(SurveyCall, SurveyCall.call_id == CallOrder.call_id)
        .where(SurveyCall.survey_id == survey.id, CallOrder.sent_at.is_not(None))
    )
    return [local(moment) for moment in session.scalars(asked) if moment is not None]


def ask(
    session: Session, survey: Survey, ticket: Ticket, *, rules: Rules, now: dt.datetime
) -> None:
    """Have the worker called, outside the quiet hours and within the caps, or put it off."""
    survey.channel = SurveyChannel.KEYPRESS
    survey.next_at = _later(session, survey, rules, now)
    if survey.next_at > now:
        return
    call = outbound.enter(session, ticket.worker_id or 0, now=now, ticket_id=ticket.id)
    outbound.dial_worker(session, call, "survey/{}", now=now)
    session.add(SurveyCall(call_id=call.id, survey_id=survey.id))
    survey.state = SurveyState.ASKED
    survey.tries += 1
    survey.asked_at = survey.asked_at or now
    survey.next_at = now + CALLS.between


def _later(session: Session, survey: Survey, rules: Rules, now: dt.datetime) -> dt.datetime:
    """Return *now*, or when a call that must not be placed now may be."""
    awake = waking(now, rules.quiet)
    if awake > now:
        return awake
    if on_line(session, survey.worker_id):
        return now + SPOKEN_TO
    try:
        outbound.check_cap(session, A_DAY, now=now)
    except GuardFailed:
        return now + FULL
    return now


def on_line(session: Session, worker_id: int | None) -> bool:
    """Return whether a worker speaks with the hotline, or waits to."""
    found = select(Call.id).where(Call.worker_id == worker_id, Call.ended_at.is_(None)).limit(1)
    return session.scalar(found) is not None


def ask_on_line(session: Session, survey: Survey, call: Call, *, now: dt.datetime) -> None:
    """Note that the worker hears the question at the end of a call: no SMS asks it as well."""
    if survey.channel is SurveyChannel.SMS:
        note(session, call, ASKED, now=now, survey=survey.id)
        survey.channel, survey.state = SurveyChannel.KEYPRESS, SurveyState.ASKED
        survey.tries, survey.asked_at, survey.next_at = 1, now, now + CALLS.between


def asked_in(session: Session, call_id: int) -> int | None:
    """Return the id of the survey that a placed call asks, None if it asks none."""
    return session.scalar(select(SurveyCall.survey_id).where(SurveyCall.call_id == call_id))
