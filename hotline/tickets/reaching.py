"""The first contact (首次联系): whoever signs owes the worker a word within the time of its class.

The time runs from the signature and is written down with it. A contact counts from the moment it
is recorded, so nobody can date it back; a result that tells of one is such a record, too. What is
owed stands in a table of its own until then, for the list of whom to call and for the clock.
Source: the domain, sections 1.1 and 1.2.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, delete, false, func
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core.db import Base, BigInt
from hotline.core.errors import Forbidden, GuardFailed
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.deadlines.arithmetic import Limit
from hotline.tickets import clocks, timeline, urging
from hotline.tickets.contact import Way
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind
from hotline.tickets.states import State

WORKED_ON: Final = frozenset({State.IN_PROGRESS, State.AWAITING_CALLER, State.SUSPENDED})


class FirstContact(Base):
    """The first contact that whoever signed owes; gone once the worker was reached.

    Attributes:
        unit_id: Who signed; a matter that went elsewhere is owed by nobody until it is signed.
        next_at: When the clock reminds of it.
    """

    __tablename__ = "first_contact"
    __table_args__ = (Index(None, "due_at", "ticket_id"), Index(None, "next_at"))

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id"), primary_key=True, autoincrement=False
    )
    unit_id: Mapped[int] = mapped_column(BigInt)
    due_at: Mapped[dt.datetime]
    next_at: Mapped[dt.datetime]


def is_owed() -> ColumnElement[bool]:
    """Return the condition that a ticket's unit works on it and has not reached the worker.

    Nearly all that is owed stands so. An engine would take unit and state for two rare chances
    and look for them first; of one word of both it guesses every second, and walks what is owed.
    """
    here = and_(FirstContact.unit_id == Ticket.unit_id, Ticket.state.in_(WORKED_ON))
    return and_(FirstContact.ticket_id == Ticket.id, func.coalesce(here, false()))


def promise(session: Session, ticket: Ticket, now: dt.datetime) -> dict[str, str]:
    """Note by when whoever signs *now* must reach the worker, if by any time, for the timeline."""
    _done(session, ticket)
    within = clocks.rules(session, ticket).first_contact
    if within is None:
        return {}
    due = clocks.limit(session, Limit.parse(within), now)
    session.add(
        FirstContact(
            ticket_id=ticket.id, unit_id=ticket.unit_id, due_at=due, next_at=now + (due - now) / 2
        )
    )
    return {"contact_by": due.isoformat()}


def owed(session: Session, ticket: Ticket) -> dt.datetime | None:
    """Return by when the worker must be reached; None once they were, or where no time is set."""
    found = session.get(FirstContact, ticket.id)
    here = found is not None and found.unit_id == ticket.unit_id and ticket.state in WORKED_ON
    return found.due_at if found is not None and here else None


def record(
    session: Session,
    ticket: Ticket,
    way: Way,
    text: str | None,
    *,
    reached: bool,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Write down that the worker was spoken with, or that nobody answered.

    Raises:
        Forbidden: The actor does not hold the matter.
        GuardFailed: Nobody works on it now.
    """
    require(actor, Permission.TICKET_WRITE)
    if not urging.holds(ticket, actor):
        raise Forbidden
    if ticket.state not in WORKED_ON:
        raise GuardFailed(N_("工单不在办理中，不能登记联系。"), guard="worked_on")
    by = owed(session, ticket)
    in_time: dict[str, Any] = {} if by is None else {"late": now > by}
    timeline.write(
        session, ticket, EventKind.CONTACT, actor=actor, now=now, note=text,
        unit_id=actor.unit_id, way=way, reached=reached, **in_time,
    )  # fmt: skip
    if reached:
        _done(session, ticket)


def record_by_result(
    session: Session, ticket: Ticket, evidence: Any, *, actor: Actor, now: dt.datetime
) -> None:
    """Take the *evidence* of a result for the contact where none was recorded before it.

    A reason for none ends what is owed, too: it stands in the result, and in no rate as a contact.
    """
    by = owed(session, ticket)
    _done(session, ticket)
    if by is None or not isinstance(evidence, Mapping) or Way(evidence["way"]) is Way.NONE:
        return
    timeline.write(
        session, ticket, EventKind.CONTACT, actor=actor, now=now,
        unit_id=actor.unit_id, way=evidence["way"], reached=True, late=now > by,
    )  # fmt: skip


def _done(session: Session, ticket: Ticket) -> None:
    session.execute(delete(FirstContact).where(FirstContact.ticket_id == ticket.id))
