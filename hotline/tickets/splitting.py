"""Splitting a ticket in two: chosen demands go on in a ticket of their own, in the same time.

Its inverse is to merge the new ticket into the old one: see `joining`.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import new_id
from hotline.core.errors import GuardFailed, Invalid
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.tickets import clocks, demands, links, sight, tags, timeline
from hotline.tickets.cycle import Entry, Why
from hotline.tickets.demands import Demand
from hotline.tickets.intake import Intake, receive
from hotline.tickets.links import LinkKind
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind, Keeper
from hotline.tickets.states import OPEN, State

SPLITS: Final = OPEN - {State.RESULT_REVIEW}
TAKEN_ALONG: Final = (  # what is known of the matter holds for both halves
    "channel", "worker_id", "anonymous", "category_code", "demand_type", "region_code",
    "confidential_level", "employer", "employer_id", "project", "head_count", "urgency", "mass",
    "unknown", "about_unit_id",
)  # fmt: skip


def split(
    session: Session, ticket: Ticket, chosen: Collection[int], *, actor: Actor, now: dt.datetime
) -> Ticket:
    """Let the *chosen* demands of *ticket* go on as a ticket of their own; return that one.

    It is due no later than the old one was, and whoever may see the one sees the other. Call
    it last in a transaction, as `intake.receive`.

    Raises:
        Forbidden: Something of the ticket is hidden from *actor*.
        GuardFailed: The matter is settled, under review or has ended.
        Invalid: No open demand was chosen, or none would be left.
    """
    require(actor, Permission.TICKET_WRITE)
    sight.require_clear(session, actor, ticket)
    if ticket.state not in SPLITS:
        raise GuardFailed(N_("工单已经提交结果或结束，不能拆分。"), guard="open")
    going = _going(session, ticket, chosen)
    ticket_id, said = new_id(), "\n".join(each.text for each in going)
    for each in going:
        each.ticket_id = ticket_id
    _keep_secret(session, ticket, ticket_id, now)
    session.flush()
    known: dict[str, Any] = {name: getattr(ticket, name) for name in TAKEN_ALONG}
    receive(session, Intake(**known, narrative=said), actor=actor, now=now, ticket_id=ticket_id)
    new = session.get_one(Ticket, ticket_id)
    if now < ticket.due_at < new.due_at:
        _hasten(session, new, ticket, actor=actor, now=now)
    tags.take_along(session, ticket, new, actor=actor, now=now)
    links.link(session, ticket, new, LinkKind.SPLIT, actor=actor, now=now)
    return new


def _going(session: Session, ticket: Ticket, chosen: Collection[int]) -> list[Demand]:
    standing = [each for each in demands.of(session, ticket.id) if each.open]
    going = [each for each in standing if each.id in set(chosen)]
    if len(going) != len(set(chosen)) or not going:
        raise Invalid({"demand": N_("请选择要拆出的诉求")})
    if len(going) == len(standing):
        raise Invalid({"demand": N_("原工单至少要留一项诉求")})
    return going


def _keep_secret(session: Session, ticket: Ticket, ticket_id: int, now: dt.datetime) -> None:
    for row in session.scalars(select(Keeper).where(Keeper.ticket_id == ticket.id)).all():
        session.add(
            Keeper(ticket_id=ticket_id, staff_id=row.staff_id, seat=row.seat,
                   named_by=row.named_by, at=now)
        )  # fmt: skip


def _hasten(session: Session, new: Ticket, old: Ticket, *, actor: Actor, now: dt.datetime) -> None:
    before = new.due_at.isoformat()
    said: dict[str, Any] = {
        "why": Why.SPLIT.value,
        "than": old.due_at.isoformat(),
        "number": old.number,
    }
    clocks.wind(session, new, Entry(now, new.cycle, detail=said))
    new.due_original = new.due_at
    timeline.write(
        session, new, EventKind.DEADLINE, actor=actor, now=now,
        **said, due_from=before, due_to=new.due_at.isoformat(),
    )  # fmt: skip
