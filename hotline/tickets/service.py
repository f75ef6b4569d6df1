"""The only writer of a ticket's state: one action at a time, checked, applied, recorded."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.language import zone
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import require_unchanged
from hotline.tickets import approvals, clocks, effects, fields, joining, timeline
from hotline.tickets.effects import EFFECTS, Step
from hotline.tickets.guards import Case, judge
from hotline.tickets.intake import CENTRE_ID, Intake, Receipt, receive
from hotline.tickets.models import Ticket
from hotline.tickets.records import Approval, Decision, EventKind, Obligation
from hotline.tickets.states import Action, Transition, transition
from hotline.units import queries as units
from hotline.workers import queries as workers

__all__ = ["Intake", "Receipt", "decide", "perform", "receive"]


def perform(
    session: Session,
    ticket: Ticket,
    action: Action,
    given: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
    approved: Approval | None = None,
    undoes: int | None = None,
) -> Ticket | Approval:
    """Take one row of the state table, or ask for the second person it needs.

    Args:
        session: The caller's transaction; this function does not commit.
        ticket: Loaded in it.
        action: What to do.
        given: The action's fields, as texts of a form or JSON values.
        actor: Who acts.
        now: The moment.
        version: The version the actor saw; None for the system.
        approved: The request a second person has just approved.
        undoes: The entry that this action takes back, see `undo`.

    Raises:
        Stale: The ticket changed since *version*.
        TransitionNotAllowed: The table has no such row.
        Forbidden: The actor has none of its roles.
        GuardFailed: A guard does not hold; its name is in the error.
        Invalid: The fields are wrong.
    """
    require(actor, Permission.TICKET_ACT)
    require_unchanged(ticket.version, version)
    row = transition(ticket.state, action)
    values = fields.read(action, given)
    case = case_of(session, ticket, actor, now, values)
    judge(row, case)
    if row.second and approved is None:
        return approvals.ask(session, ticket, action, given, actor=actor, now=now)
    step = Step(session, ticket, values, actor, now, case, ticket.state, {})
    if undoes is not None:
        step.detail["undoes"] = undoes
    with session.no_autoflush:  # half an action must not meet the constraints
        _apply(session, ticket, row, step, approved)
    session.flush()
    return ticket


def decide(
    session: Session,
    approval: Approval,
    ticket: Ticket,
    *,
    approve: bool,
    reason: str | None,
    actor: Actor,
    now: dt.datetime,
) -> Ticket:
    """Let a second person approve or deny what waits, and carry it out if approved.

    Raises:
        Forbidden: The same person asked, or the actor has none of the roles needed.
        GuardFailed: It was decided already, or its guards do not hold any more.
    """
    asker = approvals.settle(
        session, approval, ticket, approve=approve, reason=reason, actor=actor, now=now
    )
    if approval.decision is not Decision.APPROVED:
        return ticket
    given = approval.given
    if approval.action == approvals.EXTEND:
        approvals.extend(session, ticket, given, actor=actor, now=now)
        return ticket
    perform(
        session, ticket, Action(approval.action), given, actor=asker, now=now, approved=approval
    )
    return ticket


def case_of(
    session: Session, ticket: Ticket, actor: Actor, now: dt.datetime, values: Mapping[str, Any]
) -> Case:
    """Gather what the guards may ask about *ticket*."""
    return Case(
        ticket=ticket,
        actor=actor,
        now=now,
        today=now.astimezone(zone()).date(),
        fields=values,
        centre_id=CENTRE_ID,
        target=_target(session, values.get("target")),
        holds_others=joining.holds_others(session, ticket),
        target_below=_is_below(session, ticket, values.get("unit")),
        obligations=_obligations(session, ticket),
        reachable=_reachable(session, ticket),
    )


def _apply(
    session: Session, ticket: Ticket, row: Transition, step: Step, approved: Approval | None
) -> None:
    source = ticket.state
    ticket.state = row.target
    effect = EFFECTS.get(row.action)
    if effect is not None:
        effect(step)
    ticket.step_due_at = clocks.step_due(session, ticket, row.target, step.now)
    if approved is not None:
        step.detail["approval"] = approved.id
    timeline.write(
        session,
        ticket,
        EventKind.ACTION,
        actor=step.actor,
        now=step.now,
        action=row.action,
        moved=(source, row.target),
        given=step.fields,
        **step.detail,
    )
    approvals.lapse(session, ticket, actor=step.actor, now=step.now)


def _target(session: Session, number: str | None) -> Ticket | None:
    if number is None:
        return None
    return session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())


def _is_below(session: Session, ticket: Ticket, code: str | None) -> bool:
    if code is None:
        return False
    return units.is_below(units.by_id(session, ticket.unit_id), effects.unit_named(session, code))


def _reachable(session: Session, ticket: Ticket) -> bool:
    if ticket.worker_id is None:
        return False
    worker = workers.by_id(session, ticket.worker_id)
    return worker.phone is not None and worker.opted_out_at is None


def _obligations(session: Session, ticket: Ticket) -> int:
    counted = session.scalar(
        select(func.count())
        .select_from(Obligation)
        .where(Obligation.ticket_id == ticket.id, Obligation.closed_at.is_(None))
    )
    return counted or 0
