"""What is done with a mass matter: proposed, joined by further claimants, confirmed, declined."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import GuardFailed, Invalid
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.masses import reporting
from hotline.masses.clusters import Because
from hotline.masses.models import MassGroup, MassMember, Verdict
from hotline.sla import alarm, recipients
from hotline.tickets import casework, timeline
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind
from hotline.tickets.sight import require_central
from hotline.tickets.states import ENDED, SETTLED

PROPOSAL: Final = "mass_group"


def propose(
    session: Session,
    tickets: Sequence[Ticket],
    because: Iterable[Because],
    *,
    actor: Actor,
    now: dt.datetime,
) -> MassGroup:
    """Propose that *tickets* are one matter of many, the oldest leading; tell the supervisors."""
    lead = tickets[0]
    group = MassGroup(because=[each.value for each in because], lead_id=lead.id, proposed_at=now)
    session.add(group)
    session.flush()
    _take_in(session, group, tickets, now)
    timeline.write(session, lead, EventKind.PROPOSAL, actor=actor, now=now, proposed=PROPOSAL)
    alarm.tell(
        session,
        recipients.centre_leads(session),
        lead,
        PROPOSAL,
        N_("疑似群体事件：%(count)s 件工单，最早一件为 %(number)s，请确认。"),
        params={"number": lead.number, "count": len(tickets)},
        purpose=f"{PROPOSAL}:{group.id}",
        sms="staff_mass",
        now=now,
    )
    return group


def join(
    session: Session,
    group: MassGroup,
    tickets: Sequence[Ticket],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Take further claimants into a mass matter."""
    _take_in(session, group, tickets, now)
    if group.verdict is Verdict.CONFIRMED:
        _mark(session, group, tickets, actor=actor, now=now)


def confirm(
    session: Session,
    group: MassGroup,
    lead_id: int,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Decide that it is one matter of many, which the ticket *lead_id* stands for.

    Raises:
        Forbidden: *actor* does not rule at the hotline.
        GuardFailed: It was decided already.
        Invalid: The lead is none of its tickets.
    """
    _may_decide(group, actor)
    tickets = members(session, group.id)
    if lead_id not in {each.id for each in tickets}:
        raise Invalid({"lead": N_("请选择其中一件工单")})
    group.lead_id = lead_id
    group.verdict, group.decided_by, group.decided_at = Verdict.CONFIRMED, actor.id, now
    group.level = reporting.level_of(reporting.heads(session, [group.id])[group.id])
    group.report_due_at = now + reporting.FIRST_WITHIN
    _mark(session, group, tickets, actor=actor, now=now)


def decline(
    session: Session, group: MassGroup, reason: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Decide that it is not; the same tickets are not proposed again.

    Raises:
        Forbidden: *actor* does not rule at the hotline.
        GuardFailed: It was decided already.
        Invalid: No reason is given.
    """
    _may_decide(group, actor)
    if not reason.strip():
        raise Invalid({"reason": N_("请填写")})
    group.verdict, group.reason = Verdict.DECLINED, reason.strip()
    group.decided_by, group.decided_at = actor.id, now


def members(session: Session, group_id: int) -> Sequence[Ticket]:
    """Return the claimants' tickets, the oldest first."""
    return session.scalars(
        select(Ticket)
        .join(MassMember, MassMember.ticket_id == Ticket.id)
        .where(MassMember.group_id == group_id)
        .order_by(Ticket.id)
    ).all()


def _take_in(
    session: Session, group: MassGroup, tickets: Iterable[Ticket], now: dt.datetime
) -> None:
    session.add_all(MassMember(ticket_id=each.id, group_id=group.id, since=now) for each in tickets)
    session.flush()


def _mark(
    session: Session,
    group: MassGroup,
    tickets: Iterable[Ticket],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Mark each ticket as part of a mass matter; the deadline follows while it is open."""
    lead = session.get_one(Ticket, group.lead_id)
    for ticket in tickets:
        if ticket.state not in SETTLED | ENDED:
            casework.edit(session, ticket, {"mass": True}, actor=actor, now=now)
        timeline.write(
            session, ticket, EventKind.LINK, actor=actor, now=now,
            linked=PROPOSAL, number=lead.number,
        )  # fmt: skip


def _may_decide(group: MassGroup, actor: Actor) -> None:
    require(actor, Permission.TICKET_RULE)
    require_central(actor)
    if group.verdict is not Verdict.PROPOSED:
        raise GuardFailed(N_("已经作出决定。"), guard="undecided")
