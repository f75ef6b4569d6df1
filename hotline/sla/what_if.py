"""What another calendar or another version of the rules would do, before it is saved.

The same functions that count deadlines count here, with the proposed rules in place of the present
ones: what is shown is what counting again will give.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from hotline.core.language import local, zone
from hotline.core.paging import Page, cut, read_cursor
from hotline.deadlines import queries, service
from hotline.deadlines.models import CalendarImport, ServiceClass
from hotline.deadlines.queries import Policy
from hotline.sla.models import DeadlineMove
from hotline.sla.provisional import covered
from hotline.tickets import clocks, cycle
from hotline.tickets.models import IS_OPEN, Ticket
from hotline.tickets.states import State

MONTHS: Final = 3
BATCH: Final = 2_000
NOT_COUNTED: Final = (State.VOIDED, State.MERGED)
FACTS: Final = (
    Ticket.id,
    Ticket.number,
    Ticket.class_code,
    Ticket.cycle,
    Ticket.received_at,
    Ticket.clock_from,
    Ticket.due_at,
)


class Move(NamedTuple):
    """An open ticket whose deadline moves."""

    ticket_id: int
    number: str
    before: dt.datetime
    after: dt.datetime


@dataclass(frozen=True)
class Moves:
    """The open tickets concerned: how many move which way, and a page of those that do."""

    concerned: int
    earlier: int
    later: int
    page: Page[Move]


class OnTime(NamedTuple):
    """Of the tickets received in a span and due or settled by now, how many were in time."""

    since: dt.date
    until: dt.date
    total: int
    present: int
    proposed: int


def with_class(session: Session, proposed: ServiceClass) -> Policy:
    """Return the policy in which *proposed* has always been the version of its class."""
    always = ServiceClass(
        **{name: getattr(proposed, name) for name in ServiceClass.__table__.columns.keys()}  # noqa: SIM118 - not a mapping
    )
    always.valid_from, always.valid_to = dt.date.min, None
    policy = queries.policy(session)
    return dataclasses.replace(policy, classes=(always, *policy.classes))


def with_import(session: Session, proposed: CalendarImport) -> Policy:
    """Return the policy with the calendar that *proposed* would make."""
    days = service.whole_years(service.read_days(proposed.rows))
    calendar = queries.with_days(session, list(days))
    return dataclasses.replace(queries.policy(session), calendar=calendar)


def of_class(session: Session, code: str, policy: Policy, cursor: str | None, limit: int) -> Moves:
    """Return what the open tickets of class *code* would be due under *policy*.

    Saving moves none of them: they keep the version they were born with.
    """
    return _moves(session, policy, [Ticket.class_code == code], cursor, limit)


def of_calendar(session: Session, policy: Policy, cursor: str | None, limit: int) -> Moves:
    """Return which provisional deadlines the calendar of *policy* settles, and what moves."""
    return _moves(session, policy, covered(policy.calendar.confirmed_until), cursor, limit)


def moved(session: Session, import_id: int, cursor: str | None, limit: int) -> Page[Move]:
    """Return what an import that was taken in has moved, by ticket: the change list."""
    query = (
        select(Ticket.id, Ticket.number, DeadlineMove.before, DeadlineMove.after)
        .join(Ticket, Ticket.id == DeadlineMove.ticket_id)
        .where(DeadlineMove.import_id == import_id)
        .order_by(DeadlineMove.ticket_id)
        .limit(limit + 1)
    )
    if key := read_cursor(cursor, int):
        query = query.where(DeadlineMove.ticket_id > key[0])
    rows = [Move(*row) for row in session.execute(query)]
    return cut(rows, limit, lambda move: [move.ticket_id])


def _moves(
    session: Session,
    policy: Policy,
    conditions: Sequence[ColumnElement[bool]],
    cursor: str | None,
    limit: int,
) -> Moves:
    key = read_cursor(cursor, int)
    after_id = key[0] if key else 0
    concerned = earlier = later = 0
    shown: list[Move] = []
    for move in _recounted(session, policy, conditions):
        concerned += 1
        earlier += move.after < move.before
        later += move.after > move.before
        if move.after != move.before and move.ticket_id > after_id and len(shown) <= limit:
            shown.append(move)
    return Moves(concerned, earlier, later, cut(shown, limit, lambda each: [each.ticket_id]))


def _recounted(
    session: Session, policy: Policy, conditions: Sequence[ColumnElement[bool]]
) -> Iterator[Move]:
    wanted = (IS_OPEN, *conditions)
    last = 0
    while True:
        batch = select(*FACTS).where(*wanted, Ticket.id > last).order_by(Ticket.id).limit(BATCH)
        rows = session.execute(batch).all()
        happened = cycle.entries(session, batch.with_only_columns(Ticket.id))
        for row in rows:
            after = clocks.reckoned(policy, row, happened[row.id]).at
            yield Move(row.id, row.number, row.due_at, after)
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def last_quarter(now: dt.datetime) -> tuple[dt.date, dt.date]:
    """Return the first day of the last whole quarter, and of the one that follows it."""
    today = local(now).date()
    begins = today.replace(month=(today.month - 1) // MONTHS * MONTHS + 1, day=1)
    before = begins - dt.timedelta(days=1)
    return before.replace(month=before.month - MONTHS + 1, day=1), begins


def last_days(now: dt.datetime, days: int = 90) -> tuple[dt.date, dt.date]:
    """Return the span of the last *days* days, today not included."""
    today = local(now).date()
    return today - dt.timedelta(days=days), today


def on_time(
    session: Session,
    policy: Policy,
    span: tuple[dt.date, dt.date],
    *,
    code: str | None = None,
    now: dt.datetime,
) -> OnTime:
    """Return how many tickets received in *span* met their first deadline, and would have.

    The first deadline is counted from the reception by the class they ended up in, under the
    rules in force then and under *policy*; a ticket counts once it is settled or both have run
    out. With *code* only tickets of that class count.
    """
    present = queries.policy(session)
    total = kept = would = 0
    for row in _received(session, span, code):
        old, new = (
            clocks.first_due(each, row.class_code, row.received_at) for each in (present, policy)
        )
        if row.resolved_at is None and now <= max(old, new):
            continue
        total += 1
        kept += row.resolved_at is not None and row.resolved_at <= old
        would += row.resolved_at is not None and row.resolved_at <= new
    return OnTime(span[0], span[1] - dt.timedelta(days=1), total, kept, would)


def _received(
    session: Session, span: tuple[dt.date, dt.date], code: str | None
) -> Iterator[Row[str, dt.datetime, dt.datetime | None]]:
    """Give what was received in *span*, read a day at a time: a quarter may be large."""
    day, end = span
    while day < end:
        since, day = day, day + dt.timedelta(days=1)
        yield from session.execute(_of_day(since, code)).all()


def _of_day(day: dt.date, code: str | None) -> Select[str, dt.datetime, dt.datetime | None]:
    midnight = dt.datetime.combine(day, dt.time(), zone())
    query = select(Ticket.class_code, Ticket.received_at, Ticket.resolved_at).where(
        Ticket.received_at >= midnight,
        Ticket.received_at < midnight + dt.timedelta(days=1),
        Ticket.state.not_in(NOT_COUNTED),
        Ticket.import_id.is_(None),
    )
    return query if code is None else query.where(Ticket.class_code == code)
