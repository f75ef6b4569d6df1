"""What a list of tickets is narrowed to, and the orders in which it is walked."""

import datetime as dt
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.orm import Session

from hotline.core.paging import read_cursor
from hotline.core.privacy import blind_index
from hotline.core.roles import Actor, Permission, require
from hotline.tickets import tags
from hotline.tickets.intake import employer_key
from hotline.tickets.models import IS_OPEN, Ticket
from hotline.tickets.reaching import FirstContact, is_owed
from hotline.tickets.sight import found_by_caller, found_by_employer, walkable
from hotline.tickets.states import OPEN, State
from hotline.units import queries as units
from hotline.units.models import Unit
from hotline.workers.models import Worker

WORKING: Final = OPEN - {State.RESULT_REVIEW}  # not submitted yet: these can be overdue
NUMBER: Final = re.compile(r"[0-9]{6}-[0-9]{4,6}")
NEWEST: Final = (Ticket.id.desc(),)
SOONEST: Final = (Ticket.due_at, Ticket.id)
TO_CALL: Final = (FirstContact.due_at, FirstContact.ticket_id)


@dataclass(frozen=True)
class Filter:
    """What a list of tickets is narrowed to; None asks for all.

    Attributes:
        caller: An E.164 number.
        q: A ticket's number, or an employer's name in full.
        unit: A unit's code: that unit and those below it.
        category: A leaf, or a group's letter.
        tag: The name of a tag.
        handler_id: Whose work it is.
        overdue: Whether it is past its deadline and not submitted.
        due_before: Whether it falls due before this moment and is not submitted.
        uncontacted: Whether its worker is still to be reached for the first time.
    """

    states: Collection[State] = ()
    caller: str | None = None
    q: str | None = None
    unit: str | None = None
    category: str | None = None
    tag: str | None = None
    handler_id: int | None = None
    worker_id: int | None = None
    overdue: bool | None = None
    due_before: dt.datetime | None = None
    uncontacted: bool = False
    received_from: dt.datetime | None = None
    received_to: dt.datetime | None = None

    @property
    def runs_out(self) -> bool:
        """Whether it asks for what is late or nearly late: such a list begins with the worst."""
        return bool(self.overdue) or self.due_before is not None or self.uncontacted

    @property
    def soonest(self) -> tuple[Any, Any]:
        """What such a list is walked by: what falls due, and the ticket."""
        return TO_CALL if self.uncontacted else SOONEST


def newest(
    query: Select[Any],
    session: Session,
    actor: Actor,
    wanted: Filter,
    cursor: str | None,
    now: dt.datetime,
) -> Select[Any]:
    """Walk the tickets that *actor* may find from the newest on, after the id of the *cursor*."""
    query, at = _narrowed(query, session, actor, wanted, now)
    if key := read_cursor(cursor, int):
        query = query.where(at < key[0])
    return query.order_by(at.desc())


def soonest(
    query: Select[Any],
    session: Session,
    actor: Actor,
    wanted: Filter,
    cursor: str | None,
    now: dt.datetime,
) -> Select[Any]:
    """Walk them from the first due on, after the moment and the id of the *cursor*."""
    query, _at = _narrowed(query, session, actor, wanted, now)
    if key := read_cursor(cursor, dt.datetime, int):
        query = query.where(tuple_(*wanted.soonest) > key)
    return query.order_by(*wanted.soonest)


def working() -> ColumnElement[bool]:
    """Return the condition that a ticket is not submitted, as the index of open ones serves it."""
    return and_(IS_OPEN, Ticket.state != State.RESULT_REVIEW)


def _narrowed(
    query: Select[Any], session: Session, actor: Actor, wanted: Filter, now: dt.datetime
) -> tuple[Select[Any], Any]:
    """Return the query of what is *wanted*, and the id that ends a page of it early."""
    require(actor, Permission.TICKET_READ)
    query = query.where(walkable(session, actor), *_conditions(session, wanted, now))
    if wanted.uncontacted:
        query = query.join(FirstContact, is_owed())
    if wanted.caller or wanted.worker_id:
        query = query.where(found_by_caller(actor))
    if wanted.q:
        query = query.where(_named(actor, wanted.q))
    return tags.narrowed(query, actor, wanted.tag) if wanted.tag else (query, Ticket.id)


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
        found.append(IS_OPEN)  # lets the partial index serve
    if wanted.overdue is not None:
        runs_out = func.coalesce(Ticket.paused_since, now)
        late = and_(working(), Ticket.due_at < now, Ticket.due_at < runs_out)
        found.append(late if wanted.overdue else ~late)
    if wanted.due_before is not None:
        found += [working(), Ticket.due_at >= now, Ticket.due_at < wanted.due_before]
    return found


def _named(actor: Actor, q: str) -> ColumnElement[bool]:
    if NUMBER.fullmatch(q):
        return Ticket.number == q
    return and_(Ticket.employer_key == employer_key(q), found_by_employer(actor))


def _worker_of(number: str) -> Any:
    return select(Worker.id).where(Worker.phone_key == blind_index(number)).scalar_subquery()


CONDITIONS: Final[dict[str, Callable[[Any], ColumnElement[bool]]]] = {
    "states": Ticket.state.in_,
    "caller": lambda number: Ticket.worker_id == _worker_of(number),
    "worker_id": lambda worker_id: Ticket.worker_id == worker_id,
    "category": lambda code: Ticket.category_code.startswith(code, autoescape=True),
    "handler_id": lambda staff_id: Ticket.handler_id == staff_id,
    "received_from": lambda moment: Ticket.received_at >= moment,
    "received_to": lambda moment: Ticket.received_at < moment,
}
