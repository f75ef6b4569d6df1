"""Steps that need two people: asked by one, decided by another, then carried out."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.core.language import written
from hotline.core.roles import Actor, Permission, Role, require
from hotline.core.words import N_
from hotline.staff import queries as staff
from hotline.tickets import clocks, replies, timeline
from hotline.tickets.cycle import Entry, Why
from hotline.tickets.models import Ticket
from hotline.tickets.records import Approval, Decision, EventKind
from hotline.tickets.states import SUBMITTED, TRANSITIONS, WITH_UNIT, Action, transition

EXTEND: Final = "extend"
RULERS: Final = (Role.SUPERVISOR, Role.DISPATCHER)


def ask(
    session: Session,
    ticket: Ticket,
    action: str,
    fields: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
) -> Approval:
    """Ask for a second person; asking again returns the request that is open.

    Raises:
        Forbidden: The system cannot ask.
    """
    if actor.id is None:
        raise Forbidden
    found = open_request(session, ticket, action)
    if found is not None:
        return found
    request = Approval(
        ticket_id=ticket.id,
        action=action,
        fields=timeline.written(fields),
        asked_by=actor.id,
        asked_at=now,
    )
    request.decision = Decision.ASKED
    session.add(request)
    session.flush()
    timeline.write(
        session, ticket, EventKind.APPROVAL, actor=actor, now=now, asked=action, id=request.id
    )
    return request


def open_request(session: Session, ticket: Ticket, action: str) -> Approval | None:
    """Return the open request for *action* on *ticket*."""
    return session.scalar(
        select(Approval).where(
            Approval.ticket_id == ticket.id,
            Approval.action == action,
            Approval.decision == Decision.ASKED,
        )
    )


def settle(
    session: Session,
    request: Approval,
    ticket: Ticket,
    *,
    approve: bool,
    reason: str | None,
    actor: Actor,
    now: dt.datetime,
) -> Actor:
    """Write a second person's decision down and return who had asked.

    Raises:
        Forbidden: The decider asked it, or has none of the roles it needs.
        GuardFailed: It was decided before.
    """
    if request.decision is not Decision.ASKED:
        raise GuardFailed(N_("这个申请已经有人决定了。"), guard="decided")
    if actor.id == request.asked_by or not actor.roles & frozenset(deciders(request, ticket)):
        raise Forbidden
    request.decision = Decision.APPROVED if approve else Decision.DENIED
    request.decided_by, request.decided_at, request.reason = actor.id, now, reason
    timeline.write(
        session,
        ticket,
        EventKind.APPROVAL,
        actor=actor,
        now=now,
        note=reason,
        decided=request.action,
        decision=request.decision,
        id=request.id,
    )
    session.flush()
    return staff.actor(session, request.asked_by)


def lapse(session: Session, ticket: Ticket, *, actor: Actor, now: dt.datetime) -> None:
    """Close the requests that nobody can decide where *ticket* has come to.

    Whoever still wants the step asks again; a request left open would belong to nobody (I2).
    """
    asked = select(Approval).where(
        Approval.ticket_id == ticket.id, Approval.decision == Decision.ASKED
    )
    for request in session.scalars(asked):
        if not _decidable(request, ticket):
            request.decision, request.decided_at = Decision.LAPSED, now
            timeline.write(
                session,
                ticket,
                EventKind.APPROVAL,
                actor=actor,
                now=now,
                decided=request.action,
                decision=Decision.LAPSED,
                id=request.id,
            )


def _decidable(request: Approval, ticket: Ticket) -> bool:
    if request.action == EXTEND:
        return ticket.state in WITH_UNIT - SUBMITTED
    return any(
        row.second and row.action == request.action and ticket.state in row.sources
        for row in TRANSITIONS
    )


def deciders(request: Approval, ticket: Ticket) -> tuple[Role, ...]:
    """Return the roles that may decide *request*."""
    if request.action == EXTEND:
        return RULERS
    return transition(ticket.state, Action(request.action)).second


def ask_extension(
    session: Session,
    ticket: Ticket,
    due_at: dt.datetime,
    reason: str,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Approval:
    """Ask for a later deadline: before expiry, once, at most as long again as it was.

    Raises:
        Forbidden: The actor does not handle the ticket.
        GuardFailed: It is too late, was granted before, or nobody is working on it.
        Invalid: The new deadline is not later, or more than twice as far.
    """
    require(actor, Permission.TICKET_ACT)
    handles = Role.HANDLER in actor.roles and actor.unit_id == ticket.unit_id
    if not handles and actor.id != ticket.handler_id:
        raise Forbidden
    if ticket.state not in WITH_UNIT or ticket.state in SUBMITTED or now > ticket.due_at:
        raise GuardFailed(N_("只能在到期之前、办理之中申请延期。"), guard="before_expiry")
    if _granted(session, ticket):
        raise GuardFailed(N_("每个办理周期只能延期一次。"), guard="once")
    longest = ticket.due_at + (ticket.due_at - ticket.clock_from)
    if not ticket.due_at < due_at <= longest:
        raise Invalid({"due_at": N_("新的期限须晚于原期限，且延长不超过原来的时长")})
    fields = {"due_at": due_at.isoformat(), "reason": reason, "cycle": ticket.cycle}
    return ask(session, ticket, EXTEND, fields, actor=actor, now=now)


def extend(
    session: Session, ticket: Ticket, fields: Mapping[str, Any], *, actor: Actor, now: dt.datetime
) -> None:
    """Move the deadline as approved; keep the first one, and whether the caller was told."""
    before = ticket.due_at
    said = {"why": Why.EXTENSION.value, "due_to": fields["due_at"]}
    clocks.wind(session, ticket, Entry(now, ticket.cycle, detail=said))
    told = replies.extension(session, ticket, written(ticket.due_at), now=now)
    timeline.write(
        session,
        ticket,
        EventKind.DEADLINE,
        actor=actor,
        now=now,
        note=fields["reason"],
        **said,
        due_from=before.isoformat(),
        told=told,
    )


def _granted(session: Session, ticket: Ticket) -> bool:
    approved = session.scalars(
        select(Approval).where(
            Approval.ticket_id == ticket.id,
            Approval.action == EXTEND,
            Approval.decision == Decision.APPROVED,
        )
    )
    return any(request.given["cycle"] == ticket.cycle for request in approved)
