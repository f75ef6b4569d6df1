"""Tickets, as pages and the rooms above ask for them, inside the asker's part of the tree."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, defer

from hotline.core.errors import NotFound
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.privacy import blind_index
from hotline.core.roles import Actor, Permission, require
from hotline.staff.models import Staff
from hotline.tickets import service
from hotline.tickets.guards import offered, rows_from
from hotline.tickets.intake import employer_key
from hotline.tickets.models import Category, Ticket
from hotline.tickets.records import (
    Approval,
    Assist,
    Attachment,
    Decision,
    TicketEvent,
    TicketResult,
)
from hotline.tickets.states import OPEN, TRANSITIONS, Action, State
from hotline.units import queries as units
from hotline.units.models import Unit
from hotline.workers.models import Worker

WHOLE_TREE: Final = frozenset({"/", "/1/"})  # nobody's tickets lie outside the region's own tree
WORKING: Final = OPEN - {State.RESULT_REVIEW}  # not submitted yet: these can be overdue
#: A line of a list: what it shows of a ticket and of those it names, in one statement. Which
#: tickets, a query of ids says first: its limit holds before anything is joined.
LINE: Final = (
    select(
        Ticket.id,
        Ticket.number,
        Ticket.state,
        Ticket.channel,
        Ticket.worker_id,
        Ticket.subject,
        Ticket.employer,
        Ticket.confidential_level,
        Ticket.urgency,
        Ticket.mass,
        Ticket.supervision_level,
        Ticket.received_at,
        Ticket.clock_from,
        Ticket.due_at,
        Ticket.submitted_at,
        Category.name.label("category"),
        Category.name_en.label("category_en"),
        Category.group_name.label("group"),
        Category.group_name_en.label("group_en"),
        Unit.name.label("unit"),
        Unit.name_en.label("unit_en"),
        Staff.name.label("handler"),
        Worker.name.label("caller"),
        Worker.phone.label("phone"),
    )
    .select_from(Ticket)
    .outerjoin(Category, Category.code == Ticket.category_code)
    .outerjoin(Unit, Unit.id == Ticket.unit_id)
    .outerjoin(Staff, Staff.id == Ticket.handler_id)
    .outerjoin(Worker, Worker.id == Ticket.worker_id)
)


@dataclass(frozen=True)
class Filter:
    """What a list of tickets is narrowed to; None asks for all.

    Attributes:
        caller: An E.164 number.
        q: A ticket's number, or an employer's name in full.
        unit: A unit's code: that unit and those below it.
        category: A leaf, or a group's letter.
        handler_id: Whose work it is.
        overdue: Whether it is past its deadline and not submitted.
        due_before: Whether it falls due before this moment and is not submitted.
    """

    states: Collection[State] = ()
    caller: str | None = None
    q: str | None = None
    unit: str | None = None
    category: str | None = None
    handler_id: int | None = None
    worker_id: int | None = None
    overdue: bool | None = None
    due_before: dt.datetime | None = None
    received_from: dt.datetime | None = None
    received_to: dt.datetime | None = None


def by_number(session: Session, actor: Actor, number: str, *, lock: bool = False) -> Ticket:
    """Return the ticket with *number*, locked for a change if asked.

    Raises:
        NotFound: There is none, or it lies outside the actor's part of the tree.
    """
    require(actor, Permission.TICKET_READ)
    query = select(Ticket).where(Ticket.number == number, _visible(actor))
    if lock:
        query = query.with_for_update(of=Ticket)
    found = session.scalar(query.execution_options(populate_existing=lock))
    if found is None:
        raise NotFound
    return found


def by_id(session: Session, ticket_id: int) -> Ticket:
    """Return one ticket, for rooms that act for the system.

    Raises:
        NotFound: There is none.
    """
    found = session.get(Ticket, ticket_id)
    if found is None:
        raise NotFound
    return found


def numbered(session: Session, number: str) -> Ticket | None:
    """Return the ticket with *number* for rooms that act for the system, None without one."""
    return session.scalar(select(Ticket).where(Ticket.number == number))


def by_ids(session: Session, ids: Collection[int]) -> dict[int, Ticket]:
    """Return tickets by id in one query."""
    if not ids:
        return {}
    rows = session.scalars(select(Ticket).where(Ticket.id.in_(set(ids))))
    return {row.id: row for row in rows}


def page(
    session: Session,
    actor: Actor,
    wanted: Filter,
    *,
    cursor: str | None,
    limit: int,
    now: dt.datetime,
) -> Page[Ticket]:
    """Return tickets, newest first; the cost does not grow with the table."""
    query = select(Ticket).options(defer(Ticket.narrative))
    query = _newest(query, session, actor, wanted, cursor, now).limit(limit + 1)
    return cut(session.scalars(query).all(), limit, lambda row: [row.id])


def lines(
    session: Session,
    actor: Actor,
    wanted: Filter,
    *,
    cursor: str | None,
    limit: int,
    now: dt.datetime,
) -> Page[Any]:
    """Return the tickets of `page` as lines to show, each as in `LINE`."""
    found = _newest(select(Ticket.id), session, actor, wanted, cursor, now).limit(limit + 1)
    query = LINE.where(Ticket.id.in_(found)).order_by(Ticket.id.desc())
    return cut(session.execute(query).all(), limit, lambda row: [row.id])


def _newest(
    query: Select[Any],
    session: Session,
    actor: Actor,
    wanted: Filter,
    cursor: str | None,
    now: dt.datetime,
) -> Select[Any]:
    require(actor, Permission.TICKET_READ)
    query = query.where(_visible(actor), *_conditions(session, wanted, now))
    if key := read_cursor(cursor, 1):
        query = query.where(Ticket.id < int(key[0]))
    return query.order_by(Ticket.id.desc())


def due_soonest(
    session: Session, actor: Actor, *, before: dt.datetime, limit: int
) -> Sequence[Any]:
    """Return lines whose clock runs and that fall due before a moment, the earliest first."""
    found = (
        select(Ticket.id)
        .where(_visible(actor), _working(), Ticket.paused_since.is_(None))
        .where(Ticket.due_at < before)
        .order_by(Ticket.due_at)
        .limit(limit)
    )
    return session.execute(LINE.where(Ticket.id.in_(found)).order_by(Ticket.due_at)).all()


def open_of_worker(session: Session, worker_id: int, limit: int = 20) -> Sequence[Ticket]:
    """Return the matters of a worker that are not ended, newest first."""
    return session.scalars(
        select(Ticket)
        .where(Ticket.worker_id == worker_id, Ticket.state.in_(OPEN | {State.RESOLVED}))
        .order_by(Ticket.id.desc())
        .limit(limit)
    ).all()


@dataclass(frozen=True)
class Story:
    """All that belongs on a ticket's page."""

    events: Sequence[TicketEvent]
    results: Sequence[TicketResult]
    approvals: Sequence[Approval]
    attachments: Sequence[Attachment]
    assisting: Sequence[Unit]
    merged: Sequence[Ticket]


def story(session: Session, ticket: Ticket) -> Story:
    """Return what happened to *ticket* and to those merged into it; the queries do not grow."""
    merged = session.scalars(
        select(Ticket).where(Ticket.merged_into_id == ticket.id).order_by(Ticket.id)
    ).all()
    ids = [ticket.id, *(row.id for row in merged)]

    def of(table: Any, *, open_only: ColumnElement[bool] | None = None) -> Sequence[Any]:
        query = select(table).where(table.ticket_id.in_(ids)).order_by(table.id)
        return session.scalars(query if open_only is None else query.where(open_only)).all()

    assisting = session.scalars(
        select(Unit).join(Assist, Assist.unit_id == Unit.id).where(Assist.ticket_id == ticket.id)
    ).all()
    return Story(
        events=of(TicketEvent),
        results=of(TicketResult),
        approvals=of(Approval, open_only=Approval.decision == Decision.ASKED),
        attachments=of(Attachment),
        assisting=assisting,
        merged=merged,
    )


def allowed(session: Session, ticket: Ticket, actor: Actor, now: dt.datetime) -> list[Action]:
    """Return what *actor* may do with *ticket* now, in the order of the table: the buttons."""
    if not actor.may(Permission.TICKET_ACT):
        return []
    case = service.case_of(session, ticket, actor, now, {})
    return [row.action for row in offered(rows_from(ticket.state, TRANSITIONS), case)]


def is_overdue(ticket: Ticket, now: dt.datetime) -> bool:
    """Return whether *ticket* is not submitted and past its deadline; a paused clock stands."""
    return ticket.state in WORKING and ticket.due_at < (ticket.paused_since or now)


def approval(session: Session, actor: Actor, approval_id: int) -> tuple[Approval, Ticket]:
    """Return a request for approval and its ticket, both locked.

    Raises:
        NotFound: There is none, or its ticket lies outside the actor's part of the tree.
    """
    query = (
        select(Approval, Ticket)
        .join(Ticket, Ticket.id == Approval.ticket_id)
        .where(Approval.id == approval_id, _visible(actor))
        .with_for_update(of=(Approval, Ticket))
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def attachment(session: Session, actor: Actor, attachment_id: int) -> Attachment:
    """Return a file with its content.

    Raises:
        NotFound: There is none, or its ticket lies outside the actor's part of the tree.
    """
    found = session.scalar(
        select(Attachment)
        .join(Ticket, Ticket.id == Attachment.ticket_id)
        .where(Attachment.id == attachment_id, _visible(actor))
    )
    if found is None:
        raise NotFound
    return found


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a ticket lies with a unit the actor sees, or one that assists."""
    if actor.scope in WHOLE_TREE:
        return true()
    seen = select(Unit.id).where(units.beneath(actor.scope))
    helps = exists().where(Assist.ticket_id == Ticket.id, Assist.unit_id.in_(seen))
    return or_(Ticket.unit_id.in_(seen), helps)


def _conditions(session: Session, wanted: Filter, now: dt.datetime) -> list[ColumnElement[bool]]:
    found = [
        condition(value)
        for name, condition in CONDITIONS.items()
        if (value := getattr(wanted, name)) not in (None, "", ())
    ]
    if wanted.unit:
        path = units.unit(session, wanted.unit).path
        found.append(Ticket.unit_id.in_(select(Unit.id).where(units.beneath(path))))
    if wanted.states and set(wanted.states) <= OPEN:
        found.append(Ticket.state.in_(OPEN))  # lets the partial index serve
    if wanted.overdue is not None:
        runs_out = func.coalesce(Ticket.paused_since, now)
        late = and_(_working(), Ticket.due_at < now, Ticket.due_at < runs_out)
        found.append(late if wanted.overdue else ~late)
    if wanted.due_before is not None:
        found += [_working(), Ticket.due_at >= now, Ticket.due_at < wanted.due_before]
    return found


def _working() -> ColumnElement[bool]:
    return and_(Ticket.state.in_(OPEN), Ticket.state.in_(WORKING))


def _worker_of(number: str) -> Any:
    return select(Worker.id).where(Worker.phone_key == blind_index(number)).scalar_subquery()


CONDITIONS: Final[dict[str, Callable[[Any], ColumnElement[bool]]]] = {
    "states": Ticket.state.in_,
    "caller": lambda number: Ticket.worker_id == _worker_of(number),
    "worker_id": lambda worker_id: Ticket.worker_id == worker_id,
    "q": lambda q: or_(Ticket.number == q, Ticket.employer_key == employer_key(q)),
    "category": lambda code: Ticket.category_code.startswith(code, autoescape=True),
    "handler_id": lambda staff_id: Ticket.handler_id == staff_id,
    "received_from": lambda moment: Ticket.received_at >= moment,
    "received_to": lambda moment: Ticket.received_at < moment,
}
