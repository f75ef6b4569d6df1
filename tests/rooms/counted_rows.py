"""Rows for the tests of the rates: calls, tickets and answers, and what is asked of them."""

import datetime as dt
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.calls.models import Call, CallEvent
from hotline.calls.states import CallState, EndState
from hotline.core.db import new_id
from hotline.core.roles import Actor, Role
from hotline.money.models import Claim, Payment
from hotline.rates import jobs, queries
from hotline.rates.formulas import Rate
from hotline.rates.models import DailyCount, DailyCut
from hotline.rates.questions import Question
from hotline.staff.models import PresenceChange
from hotline.surveys.models import Survey
from hotline.tickets.models import Channel, Outcome, SurveyOutcome, Ticket
from hotline.tickets.records import Approval, EventKind, TicketEvent, TicketResult
from hotline.tickets.states import Action, State
from hotline.units import queries as units
from hotline.units.models import Unit
from tests.rooms import plain_facts

NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)  # noon in Hohhot
MINUTE, HOUR, DAY = (dt.timedelta(minutes=n) for n in (1, 60, 1440))
TODAY = dt.date(2026, 11, 23)
NOVEMBER = Question(dt.date(2026, 11, 1), dt.date(2026, 11, 30))
COUNTED: tuple[type[Any], ...] = (
    *(Call, CallEvent, Callback, Survey, Ticket, TicketEvent, Approval),
    *(PresenceChange, Claim, Payment, TicketResult),
)
numbers = count(1)


def boss(scope: str = "/") -> Actor:
    return Actor(1, "boss", frozenset({Role.SUPERVISOR}), 1, scope)


def ring(session: Session, end: EndState | None = None, **facts: Any) -> Call:
    ended = {} if end is None else {"state": CallState.ENDED, "ended_at": NOW, "end_state": end}
    given = {"id": new_id(), "raw_from": "", "received_at": NOW, "heard_at": NOW, **ended, **facts}
    call = Call(**given)
    session.add(call)
    session.flush()
    return call


def answer(session: Session, **facts: Any) -> Call:
    return ring(session, EndState.ANSWERED, queued_at=NOW, answered_at=NOW, **facts)


def write(session: Session, ticket: Ticket, **given: Any) -> TicketEvent:
    chosen = {"ticket_id": ticket.id, "at": NOW, "kind": EventKind.NOTE, "cycle": ticket.cycle}
    entry = TicketEvent(**(chosen | {"actor_name": "test@1"} | given))
    session.add(entry)
    session.flush()
    return entry


def receive(session: Session, **given: Any) -> Ticket:
    unit = units.unit(session, given.pop("unit", "hotline"))
    number = next(numbers)
    chosen = {
        "id": new_id(),
        "number": f"t{number}",
        "channel": Channel.CALL,
        "subject": "演示",
        "narrative": "演示工地没有发工资",
        "unit_id": unit.id,
        "class_code": "triage",
        "received_at": NOW,
        "due_at": NOW + DAY,
        "due_original": NOW + DAY,
        "clock_from": NOW,
        "touched_at": NOW,
    }
    ticket = Ticket(**(chosen | given))
    session.add(ticket)
    session.flush()
    write(session, ticket)
    return ticket


def settle(session: Session, ticket: Ticket, at: dt.datetime = NOW, **given: Any) -> Ticket:
    change = {"state": State.RESOLVED, "outcome": Outcome.SOLVED, "resolved_at": at, **given}
    for name, value in change.items():
        setattr(ticket, name, value)
    session.flush()
    write(session, ticket)
    return ticket


def score(
    session: Session, ticket: Ticket, points: int, channel: str = "sms", **said: object
) -> None:
    """Write down the worker's answer as the ticket room does."""
    good = points <= 3
    ticket.survey_outcome = SurveyOutcome.SATISFIED if good else SurveyOutcome.DISSATISFIED
    action = Action.SURVEY_SATISFIED if good else Action.SURVEY_DISSATISFIED
    write(session, ticket, action=action, detail={"score": points, "channel": channel, **said})


def spare(session: Session, ticket: Ticket, reason: str) -> None:
    """Write down why nobody is asked."""
    ticket.survey_outcome = SurveyOutcome.NOT_POSSIBLE
    write(session, ticket, action=Action.SURVEY_NOT_POSSIBLE, detail={"reason": reason})


def roll_up(session: Session) -> None:
    while jobs.roll_up(session, now=NOW):
        session.flush()
    session.flush()


def ask(session: Session, code: str, question: Question = NOVEMBER, scope: str = "/") -> Rate:
    roll_up(session)
    (group,) = queries.rates(session, boss(scope), question).groups
    return next(rate for rate in group.rates if rate.metric.code == code)


def numbers_of(rate: Rate) -> tuple[int, int]:
    return rate.numerator, rate.denominator


def counted(session: Session) -> plain_facts.Counts:
    wholes, cuts = (
        session.scalars(select(table).execution_options(populate_existing=True))
        for table in (DailyCount, DailyCut)
    )
    return plain_facts.Counts(
        {(r.fact, r.day, r.unit_id, r.region_code, r.category_code, r.channel): r.n for r in wholes}
        | {(r.way, r.fact, r.day, r.key, r.unit_id): r.n for r in cuts}
    )


def plainly(session: Session) -> plain_facts.Counts:
    rows = {model.__tablename__: session.scalars(select(model)) for model in COUNTED}
    ids = {row.code: row.id for row in session.execute(select(Unit.code, Unit.id))}
    return plain_facts.count_plainly(rows, ids)
