"""When a ticket is due: its class, its deadline with the derivation, and each step's limit.

A deadline is counted anew from the timeline whenever something moves it, under the version of its
service class that was valid on the day it was received: a ticket keeps the rules it was born with.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hotline.core.language import zone
from hotline.deadlines import choose, queries
from hotline.deadlines.arithmetic import Due, Limit, Start, alike, due
from hotline.deadlines.engine import Begun, Named, reckon
from hotline.deadlines.queries import Policy
from hotline.tickets import cycle
from hotline.tickets.cycle import Cycle, Entry
from hotline.tickets.guards import ARCHIVE_DAYS
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

RETURN_WINDOW: Final = Limit.parse("1wd")
APPRAISAL: Final = Limit.parse("1wd")
SURVEY: Final = Limit.parse("7nd")
DISPATCH: Final = Limit.parse("2wh")
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
        received_on=_day(received_at),
    )


def finish(
    session: Session, code: str, start: dt.datetime, *, born: dt.datetime | None = None
) -> Due:
    """Return when a matter of class *code* is due whose clock runs from *start*.

    It was received then, or when it was *born*, which decides the version of its class.
    """
    return _finish(queries.policy(session), code, _second(start), born)


def promise(engine: Engine, now: dt.datetime) -> Promise | None:
    """Return the limits of a matter that begins now, by what this process has read lately.

    None where it has read nothing in the last minute: ask with a session, then it has.
    """
    policy = queries.kept(engine)
    return None if policy is None else _promise(policy, _second(now))


@lru_cache(maxsize=8)
def _promise(policy: Policy, now: dt.datetime) -> Promise:
    """Count once for all that comes in during one second."""
    step = due(now, DISPATCH, policy.calendar, zone(), Start.NEXT_DAY)
    return Promise(_finish(policy, TRIAGE, now), step.at)


def first_due(policy: Policy, code: str, received_at: dt.datetime) -> dt.datetime:
    """Return the first deadline under *policy* of a matter received at *received_at*."""
    row = policy.service_class(code, _day(received_at))
    return _first_due(policy, code, alike(received_at, Limit.parse(row.finish), zone()))


@lru_cache(maxsize=4096)
def _first_due(policy: Policy, code: str, start: dt.datetime) -> dt.datetime:
    """Count once for all that comes in on one day: a quarter's tickets share their deadlines."""
    return _finish(policy, code, start).at


def _finish(policy: Policy, code: str, start: dt.datetime, born: dt.datetime | None = None) -> Due:
    row = policy.service_class(code, _day(born or start))
    begun = Begun(start, Limit.parse(row.finish), row.start)
    return reckon(begun, (), policy.calendar, zone())


def _second(moment: dt.datetime) -> dt.datetime:
    """Return the whole second a limit begins with."""
    return moment.replace(microsecond=0)


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(zone()).date()


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
    return limit(session, rule(rules(session, ticket)), now)


def rules(session: Session, ticket: Any) -> Any:
    """Return the version of its service class that *ticket* runs under."""
    return _rules(queries.policy(session), ticket)


def _rules(policy: Policy, ticket: Any) -> Any:
    return policy.service_class(ticket.class_code, _day(ticket.received_at))


def start(session: Session, ticket: Ticket, moment: dt.datetime) -> None:
    """Start the clock of a new cycle at *moment*; `due_original` stays where it is."""
    ticket.class_code = class_of(ticket, moment)
    ticket.clock_from = moment
    wind(session, ticket)


def wind(session: Session, ticket: Ticket, *pending: Entry) -> None:
    """Count the deadline of the present cycle from all that has happened in it.

    *pending* is what happens now and stands in no row yet.
    """
    happened = [*cycle.entries(session, [ticket.id])[ticket.id], *pending]
    ends = reckoned(queries.policy(session), ticket, happened)
    ticket.due_at = ends.at
    ticket.due_explained = list(ends.steps)
    ticket.due_provisional = ends.provisional
    if ticket.state is State.IN_PROGRESS:  # the one step that ends with the whole
        ticket.step_due_at = ends.at


def reckoned(policy: Policy, ticket: Any, happened: Sequence[Entry]) -> Due:
    """Return the deadline of *ticket* (a `Ticket` or a row like one) under *policy*."""
    present = _cycle(ticket, happened)
    begins = _second(ticket.clock_from)
    if present.named is not None:
        first: Begun | Named = Named(begins, present.named)
    else:
        row = _rules(policy, ticket)
        whole = Limit.parse(row.finish)
        share = Limit(max(whole.amount // present.share, 1), whole.tick)
        first = Begun(begins, share, Start(row.start))
    return reckon(first, present.later, policy.calendar, zone())


def of_ticket(session: Session, ticket: Ticket) -> Cycle:
    """Return the present cycle of *ticket*, for the time it took."""
    return _cycle(ticket, cycle.entries(session, [ticket.id])[ticket.id])


def _cycle(ticket: Any, happened: Sequence[Entry]) -> Cycle:
    return cycle.of(ticket.cycle, ticket.received_at, ticket.clock_from, happened)


def resume(session: Session, ticket: Ticket, paused: State, now: dt.datetime) -> None:
    """Let the net clock run on after *paused*, the deadline moved by the pause."""
    if ticket.paused_since is not None:
        wind(session, ticket, Entry(at=now, cycle=ticket.cycle, from_state=paused))
    ticket.paused_since = None
