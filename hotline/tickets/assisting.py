"""Units that help the lead unit: asked with the dispatch or later; each answers for itself."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.core.roles import Actor, Permission, Role, require
from hotline.core.words import N_
from hotline.tickets import timeline
from hotline.tickets.models import Ticket
from hotline.tickets.records import Assist, EventKind
from hotline.tickets.states import WITH_UNIT
from hotline.units.models import Unit


def enlist(
    session: Session,
    ticket: Ticket,
    unit: Unit,
    *,
    now: dt.datetime,
    asked: str | None = None,
    due_at: dt.datetime | None = None,
) -> Assist:
    """Ask *unit* to help; one that has answered before is asked anew, its answer stays told.

    Raises:
        Invalid: It is the lead unit itself.
    """
    if unit.id == ticket.unit_id:
        raise Invalid({"assisting": N_("主办单位不能同时协办")})
    found = session.scalar(
        select(Assist).where(Assist.ticket_id == ticket.id, Assist.unit_id == unit.id)
    ) or Assist(ticket_id=ticket.id, unit_id=unit.id)
    found.since, found.asked = now, asked
    found.due_at = min(due_at or ticket.due_at, ticket.due_at)
    found.answer = found.answered_at = found.answered_by = None
    session.add(found)
    return found


def add(
    session: Session,
    ticket: Ticket,
    unit: Unit,
    asked: str,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Assist:
    """Ask one more unit to help a matter that is under way, inside its deadline.

    Raises:
        Forbidden: The actor neither dispatches nor works for the lead unit.
        GuardFailed: No unit works on it.
        Invalid: There is nothing asked, or the unit leads already.
    """
    require(actor, Permission.TICKET_ACT)
    leads = Role.HANDLER in actor.roles and actor.unit_id == ticket.unit_id
    if not leads and Role.DISPATCHER not in actor.roles:
        raise Forbidden
    if ticket.state not in WITH_UNIT:
        raise GuardFailed(N_("承办单位办理之中才能加派协办单位。"), guard="with_unit")
    if not asked.strip():
        raise Invalid({"asked": N_("请填写")})
    found = enlist(session, ticket, unit, now=now, asked=asked.strip())
    timeline.write(
        session, ticket, EventKind.ATTRIBUTE, actor=actor, now=now, note=asked, assisting=unit.code
    )
    return found


def answer(
    session: Session, ticket: Ticket, assist: Assist, text: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Let the assisting unit say what it did.

    Raises:
        Forbidden: The actor is no handler of that unit.
        GuardFailed: It has answered, or no unit works on the matter any more.
        Invalid: There is nothing to say.
    """
    require(actor, Permission.TICKET_WRITE)
    if not answers(assist, actor):
        raise Forbidden
    if assist.answered_at is not None or ticket.state not in WITH_UNIT:
        raise GuardFailed(N_("协办意见已经提交，或工单不在办理之中。"), guard="open_assist")
    if not text.strip():
        raise Invalid({"answer": N_("请填写")})
    assist.answer, assist.answered_at, assist.answered_by = text.strip(), now, actor.id
    timeline.write(
        session, ticket, EventKind.ATTRIBUTE, actor=actor, now=now, note=text.strip(), assisted=True
    )


def answers(assist: Assist, actor: Actor) -> bool:
    """Return whether *actor* may answer for the assisting unit."""
    return Role.HANDLER in actor.roles and actor.unit_id == assist.unit_id


def of_ticket(session: Session, ticket: Ticket) -> Sequence[Assist]:
    """Return the assists of *ticket*, in the order they were asked."""
    return session.scalars(
        select(Assist).where(Assist.ticket_id == ticket.id).order_by(Assist.id)
    ).all()
