"""When a ticket is due: its class, its deadline with the derivation, and each step's limit."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hotline.core.language import zone
from hotline.deadlines import choose, queries
from hotline.deadlines.arithmetic import Due, Limit, Start, after_pause, due
from hotline.deadlines.queries import Policy
from hotline.tickets.guards import ARCHIVE_DAYS
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

RETURN_WINDOW: Final = Limit.parse("1wd")
APPRAISAL: Final = Limit.parse("1wd")
SURVEY: Final = Limit.parse("7nd")
DISPATCH: Final = Limit.parse("2wh")
REWORK_SHARE: Final = 2  # a rework gets half of the first limit
TRIAGE: Final = "triage"  # the class of what is not classified yet


@dataclass(frozen=True)
class Promise:
    """When a matter that begins now is due, and when it should have left `received`."""

    due: Due
    step_due_at: dt.datetime


# What each state's own limit is; in the others the ticket's deadline is all there is.
STEP: Final[dict[State, Callable[[Any], Limit]]] = {
    State.RECEIVED: lambda _row: DISPATCH,
    State.DISPATCHED: lambda row: Limit.parse(row.sign),
    State.RETURN_REVIEW: lambda row: Limit.parse(row.review),
    State.AWAITING_CALLER: lambda row: Limit.parse(row.reply),
    State.RESULT_REVIEW: lambda row: Limit.parse(row.review),
    State.RESOLVED: lambda _row: SURVEY,
    State.APPRAISAL_REVIEW: lambda _row: APPRAISAL,
}


def class_of(ticket: Any, received_at: dt.datetime) -> str:
    """Return the code of the service class for *ticket* (a `Ticket` or an `Intake`)."""
    return choose.service_class(
        classified=ticket.classified,
        demand_type=ticket.demand_type,
        category=ticket.category_code,
        urgency=ticket.urgency,
        mass=ticket.mass,
        received_on=received_at.astimezone(zone()).date(),
    )


def finish(session: Session, code: str, start: dt.datetime) -> Due:
    """Return when a matter of class *code* that began at *start* is due."""
    row = _row(session, code, start)
    length = Limit.parse(row.finish)
    return due(_second(start), length, queries.calendar(session), zone(), row.start)


def promise(engine: Engine, now: dt.datetime) -> Promise | None:
    """Return the limits of a matter that begins now, by what this process has read lately.

    None where it has read nothing in the last minute: ask with a session, then it has.
    """
    policy = queries.kept(engine)
    return None if policy is None else _promise(policy, _second(now))


@lru_cache(maxsize=8)
def _promise(policy: Policy, now: dt.datetime) -> Promise:
    """Count once for all that comes in during one second."""
    row = policy.service_class(TRIAGE, now.astimezone(zone()).date())
    ends = due(now, Limit.parse(row.finish), policy.calendar, zone(), row.start)
    step = due(now, DISPATCH, policy.calendar, zone(), Start.NEXT_DAY)
    return Promise(ends, step.at)


def _second(moment: dt.datetime) -> dt.datetime:
    """Return the whole second a limit begins with."""
    return moment.replace(microsecond=0)


def limit(session: Session, span: Limit, start: dt.datetime) -> dt.datetime:
    """Return when *span* runs out, counted at once from *start*."""
    return due(_second(start), span, queries.calendar(session), zone(), Start.NEXT_DAY).at


def step_due(session: Session, ticket: Ticket, state: State, now: dt.datetime) -> dt.datetime:
    """Return when *ticket* should have left *state*."""
    if state is State.SURVEYED and ticket.resolved_at is not None:
        return ticket.resolved_at + dt.timedelta(days=ARCHIVE_DAYS)
    if state is State.SUSPENDED and ticket.review_on is not None:
        return dt.datetime.combine(ticket.review_on, dt.time(9), zone()).astimezone(dt.UTC)
    rule = STEP.get(state)
    if rule is None:
        return ticket.due_at
    return limit(session, rule(_row(session, ticket.class_code, now)), now)


def start(session: Session, ticket: Ticket, moment: dt.datetime) -> None:
    """Start the clock of the present cycle at *moment*; `due_original` stays where it is."""
    ticket.class_code = class_of(ticket, moment)
    ends = finish(session, ticket.class_code, moment)
    ticket.clock_from = moment
    ticket.due_at = ends.at
    ticket.due_explained = list(ends.steps)
    ticket.due_provisional = ends.provisional


def half(session: Session, ticket: Ticket, now: dt.datetime) -> dt.datetime:
    """Return the deadline of a rework: half of the class's limit, at least one unit of it."""
    whole = Limit.parse(_row(session, ticket.class_code, now).finish)
    return limit(session, Limit(max(whole.amount // REWORK_SHARE, 1), whole.tick), now)


def resume(session: Session, ticket: Ticket, now: dt.datetime) -> None:
    """Move the deadline by the time the clock stood still."""
    if ticket.paused_since is None:
        return
    tick = Limit.parse(_row(session, ticket.class_code, now).finish).tick
    pause = (ticket.paused_since, now)
    moved = after_pause(ticket.due_at, pause, tick, queries.calendar(session), zone())
    if moved != ticket.due_at:
        words = (part.astimezone(zone()).strftime("%Y-%m-%d %H:%M") for part in (*pause, moved))
        since, until, ends = words
        ticket.due_explained = [*ticket.due_explained, f"{since} 至 {until} 暂停，顺延到 {ends}"]
        ticket.due_at = moved
    ticket.paused_since = None


def _row(session: Session, code: str, moment: dt.datetime) -> Any:
    return queries.policy(session).service_class(code, moment.astimezone(zone()).date())
