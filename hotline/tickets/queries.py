"""Tickets, as pages and the rooms above ask for them, inside the asker's part of the tree."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, defer

from hotline.core.errors import Forbidden, NotFound
from hotline.core.paging import Page, cut
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import one
from hotline.core.words import N_
from hotline.staff.models import Staff
from hotline.tickets import assisting, narrowing, service
from hotline.tickets.guards import offered, rows_from
from hotline.tickets.models import Category, Ticket
from hotline.tickets.narrowing import NEWEST, SOONEST, WORKING, Filter, working
from hotline.tickets.reaching import FirstContact, is_owed
from hotline.tickets.records import (
    Approval,
    Attachment,
    Decision,
    TicketEvent,
    TicketResult,
    Urging,
)
from hotline.tickets.secrecy import Part, Sight
from hotline.tickets.sight import (
    sight,
    sights,
    spared,
    visible,
    walkable,
)
from hotline.tickets.states import OPEN, TRANSITIONS, Action, State
from hotline.tickets.veils import all_seen, seen
from hotline.units.models import Unit
from hotline.workers.models import Worker

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
        Ticket.employer_key,
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
        FirstContact.due_at.label("contact_by"),
    )
    .select_from(Ticket)
    .outerjoin(FirstContact, is_owed())
    .outerjoin(Category, Category.code == Ticket.category_code)
    .outerjoin(Unit, Unit.id == Ticket.unit_id)
    .outerjoin(Staff, Staff.id == Ticket.handler_id)
    .outerjoin(Worker, Worker.id == Ticket.worker_id)
)


def by_number(session: Session, actor: Actor, number: str, *, lock: bool = False) -> Ticket:
    """Return the ticket with *number*, locked for a change if asked.

    Raises:
        NotFound: There is none, or it lies outside the actor's part of the tree.
    """
    require(actor, Permission.TICKET_READ)
    query = select(Ticket).where(Ticket.number == number, visible(actor))
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
    return one(session, Ticket, ticket_id)


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
) -> Page[Any]:
    """Return tickets as *actor* may see them, newest first, at a cost that does not grow."""
    found = narrowing.newest(select(Ticket), session, actor, wanted, cursor, now)
    query = found.options(defer(Ticket.narrative)).limit(limit + 1)
    rows = as_seen(session, actor, session.scalars(query).all())
    return cut(rows, limit, lambda row: [row.id])


def lines(
    session: Session,
    actor: Actor,
    wanted: Filter,
    *,
    cursor: str | None,
    limit: int,
    now: dt.datetime,
) -> Page[Any]:
    """Return the tickets of `page` as lines to show; where time runs out, the first due first."""
    if not wanted.runs_out:
        found = narrowing.newest(select(Ticket.id), session, actor, wanted, cursor, now)
        return cut(listed(session, actor, found.limit(limit + 1)), limit, lambda row: [row.id])
    found = narrowing.soonest(select(Ticket.id), session, actor, wanted, cursor, now)
    rows = listed(session, actor, found.limit(limit + 1), wanted.soonest)
    due = "contact_by" if wanted.uncontacted else "due_at"
    return cut(rows, limit, lambda row: [getattr(row, due), row.id])


def listed(session: Session, actor: Actor, ids: Any, order: Sequence[Any] = NEWEST) -> list[Any]:
    """Return lines of the tickets with these *ids* in *order*, as *actor* may see them."""
    query = LINE.where(Ticket.id.in_(ids)).order_by(*order)
    return as_seen(session, actor, session.execute(query).all())


def due_soonest(
    session: Session, actor: Actor, *, before: dt.datetime, limit: int
) -> Sequence[Any]:
    """Return lines whose clock runs and that fall due before a moment, the earliest first."""
    found = (
        select(Ticket.id)
        .where(walkable(session, actor), working(), Ticket.paused_since.is_(None))
        .where(Ticket.due_at < before)
        .order_by(*SOONEST)
        .limit(limit)
    )
    return listed(session, actor, found, SOONEST)


def shown(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, Any]:
    """Return tickets by id as *actor* may see them, for rows that refer to them."""
    return {row.id: row for row in as_seen(session, actor, [*by_ids(session, ids).values()])}


def as_seen(session: Session, actor: Actor, rows: Sequence[Any]) -> list[Any]:
    """Return *rows*, tickets or lines of a list, as *actor* may see them."""
    found = sights(session, actor, rows)
    return [seen(row, found[row.id]) for row in rows]


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

    ticket: Any
    sight: Sight
    events: Sequence[Any]
    results: Sequence[Any]
    approvals: Sequence[Any]
    attachments: Sequence[Any]
    assists: Sequence[Any]
    urgings: Sequence[Any]
    merged: Sequence[Any]
    sights: Mapping[int, Sight]


def story(session: Session, actor: Actor, ticket: Ticket) -> Story:
    """Return what happened to *ticket* and to those merged into it, as *actor* may see it.

    The number of queries does not grow with either.
    """
    merged = session.scalars(
        select(Ticket).where(Ticket.merged_into_id == ticket.id, spared(actor)).order_by(Ticket.id)
    ).all()
    ids = [ticket.id, *(row.id for row in merged)]
    found = sights(session, actor, [ticket, *merged])

    def of(table: Any, *, open_only: ColumnElement[bool] | None = None) -> Sequence[Any]:
        query = select(table).where(table.ticket_id.in_(ids)).order_by(table.id)
        rows = session.scalars(query if open_only is None else query.where(open_only))
        return all_seen(rows, found)

    return Story(
        ticket=seen(ticket, found[ticket.id]),
        sight=found[ticket.id],
        events=of(TicketEvent),
        results=of(TicketResult),
        approvals=of(Approval, open_only=Approval.decision == Decision.ASKED),
        attachments=of(Attachment),
        assists=all_seen(assisting.of_ticket(session, ticket), found),
        urgings=of(Urging),
        merged=[seen(row, found[row.id]) for row in merged],
        sights=found,
    )


def suggested(session: Session, ticket: Ticket) -> str | None:
    """Return the code of the unit that the last return named, while nobody dispatched it since."""
    last = session.scalars(
        select(TicketEvent)
        .where(
            TicketEvent.ticket_id == ticket.id,
            TicketEvent.action.in_((Action.REQUEST_RETURN, Action.ACCEPT_RETURN, Action.DISPATCH)),
        )
        .order_by(TicketEvent.id.desc())
        .limit(2)
    ).all()
    if [event.action for event in last] != [Action.ACCEPT_RETURN, Action.REQUEST_RETURN]:
        return None
    return str(last[1].fields["unit"])


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
        .where(Approval.id == approval_id, visible(actor))
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
        .where(Attachment.id == attachment_id, visible(actor))
    )
    if found is None:
        raise NotFound
    if sight(session, actor, by_id(session, found.ticket_id)).hides(Part.FILES):
        raise Forbidden(N_("附件保密。"))
    return found
