"""The first contact (首次联系): whoever signs owes the worker a word within the time of its class.

The time runs from the signature and is written down with it. A contact counts from the moment it
is recorded, so nobody can date it back; a result that tells of one is such a record, too.
Source: the domain, sections 1.1 and 1.2.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import Forbidden, GuardFailed
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.deadlines.arithmetic import Limit
from hotline.tickets import clocks, timeline, urging
from hotline.tickets.contact import Way
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import Action, State

WORKED_ON: Final = frozenset({State.IN_PROGRESS, State.AWAITING_CALLER, State.SUSPENDED})
BEGUN: Final = (Action.SIGN, Action.TAKE)  # the hotline that takes a matter itself signs nothing


def promised(session: Session, ticket: Ticket, now: dt.datetime) -> dict[str, str]:
    """Return for the timeline by when whoever signs *now* must reach the worker, if by any time."""
    within = clocks.rules(session, ticket).first_contact
    if within is None:
        return {}
    return {"contact_by": clocks.limit(session, Limit.parse(within), now).isoformat()}


def owed(session: Session, ticket: Ticket) -> dt.datetime | None:
    """Return by when the worker must be reached; None once they were, or where no time is set."""
    return _waited_for(session, ticket) if ticket.state in WORKED_ON else None


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
    by = _by(_begun(session, ticket))
    in_time: dict[str, Any] = {} if by is None else {"late": now > by}
    timeline.write(
        session, ticket, EventKind.CONTACT, actor=actor, now=now, note=text,
        unit_id=actor.unit_id, way=way, reached=reached, **in_time,
    )  # fmt: skip


def record_by_result(
    session: Session, ticket: Ticket, evidence: Any, *, actor: Actor, now: dt.datetime
) -> None:
    """Take the *evidence* of a result for the contact where none was recorded before it."""
    if not isinstance(evidence, Mapping) or Way(evidence["way"]) is Way.NONE:
        return
    by = _waited_for(session, ticket)
    if by is not None:
        timeline.write(
            session, ticket, EventKind.CONTACT, actor=actor, now=now,
            unit_id=actor.unit_id, way=evidence["way"], reached=True, late=now > by,
        )  # fmt: skip


def _waited_for(session: Session, ticket: Ticket) -> dt.datetime | None:
    begun = _begun(session, ticket)
    by = _by(begun)
    return None if by is None or begun is None or _reached_since(session, begun) else by


def _begun(session: Session, ticket: Ticket) -> TicketEvent | None:
    return session.scalar(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.action.in_(BEGUN))
        .order_by(TicketEvent.id.desc())
        .limit(1)
    )


def _by(begun: TicketEvent | None) -> dt.datetime | None:
    text = begun.detail.get("contact_by") if begun else None
    return dt.datetime.fromisoformat(text) if text else None


def _reached_since(session: Session, begun: TicketEvent) -> bool:
    said = select(TicketEvent.id).where(
        TicketEvent.ticket_id == begun.ticket_id,
        TicketEvent.id > begun.id,
        TicketEvent.kind == EventKind.CONTACT,
        TicketEvent.detail["reached"].as_boolean().is_(True),
    )
    return session.scalar(said.limit(1)) is not None
