"""Mass matters as pages show them: the list, and each claimant with what is their own."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core.paging import Page, cut, read_cursor
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import one
from hotline.masses import service
from hotline.masses.models import MassGroup, MassMember, Verdict
from hotline.money import queries as money
from hotline.money.queries import Account
from hotline.surveys import queries as surveys
from hotline.surveys.models import Survey
from hotline.tickets import queries as tickets
from hotline.tickets.records import Consent
from hotline.tickets.sight import require_central
from hotline.tickets.veils import seen
from hotline.workers import queries as workers


class Line(NamedTuple):
    """A group in the list, with its lead as the reader sees it and how many claim."""

    group: MassGroup
    lead: Any
    claimants: int


class Claimant(NamedTuple):
    """One worker's ticket with amounts in fen, consent and survey of its own."""

    ticket: Any
    caller: Any
    claimed: int
    agreed: int
    paid: int
    consents: int
    survey: Any


def page(
    session: Session, actor: Actor, verdict: Verdict, *, cursor: str | None, limit: int
) -> Page[Line]:
    """Return the groups with that verdict, newest first.

    Raises:
        Forbidden: *actor* is not at the hotline.
    """
    require(actor, Permission.TICKET_READ)
    require_central(actor)
    query = select(MassGroup).where(MassGroup.verdict == verdict)
    if key := read_cursor(cursor, int):
        query = query.where(MassGroup.id < key[0])
    groups = session.scalars(query.order_by(MassGroup.id.desc()).limit(limit + 1)).all()
    ids = [each.id for each in groups]
    counted = (
        select(MassMember.group_id, func.count().label("n"))
        .where(MassMember.group_id.in_(ids))
        .group_by(MassMember.group_id)
    )
    counts = {row.group_id: row.n for row in session.execute(counted)}
    leads = tickets.shown(session, actor, [each.lead_id for each in groups])
    lines = [Line(each, leads[each.lead_id], counts.get(each.id, 0)) for each in groups]
    return cut(lines, limit, lambda line: [line.group.id])


def group(session: Session, actor: Actor, group_id: int, *, lock: bool = False) -> MassGroup:
    """Return one group.

    Raises:
        Forbidden: *actor* is not at the hotline.
        NotFound: There is none.
    """
    require(actor, Permission.TICKET_READ)
    require_central(actor)
    return one(session, MassGroup, group_id, lock=lock)


def of_ticket(session: Session, ticket_id: int) -> MassGroup | None:
    """Return the group a ticket is in, unless it was declined."""
    return session.scalar(
        select(MassGroup)
        .join(MassMember, MassMember.group_id == MassGroup.id)
        .where(MassMember.ticket_id == ticket_id, MassGroup.verdict != Verdict.DECLINED)
    )


def claimants(session: Session, actor: Actor, group_id: int) -> Sequence[Claimant]:
    """Return each claimant's row as *actor* may see it; the queries do not grow with them."""
    rows = service.members(session, group_id)
    ids = [row.id for row in rows]
    people = workers.by_ids(session, {row.worker_id for row in rows if row.worker_id})
    owed = defaultdict[int, list[Account]](list)
    for each in money.accounts(session, *ids):
        owed[each.claim.ticket_id].append(each)
    consents, asked = _consents(session, ids), _surveys(session, actor, ids)
    return [
        Claimant(
            ticket=row,
            caller=seen(people[row.worker_id], row.sight) if row.worker_id in people else None,
            claimed=sum(each.claim.claimed for each in owed[row.id]),
            agreed=sum(each.claim.agreed or 0 for each in owed[row.id]),
            paid=sum(each.paid for each in owed[row.id]),
            consents=consents.get(row.id, 0),
            survey=seen(asked[row.id], row.sight) if row.id in asked else None,
        )
        for row in tickets.as_seen(session, actor, rows)
    ]


def _consents(session: Session, ids: Sequence[int]) -> dict[int, int]:
    counted = select(Consent.ticket_id, func.count().label("n")).where(Consent.ticket_id.in_(ids))
    rows = session.execute(counted.group_by(Consent.ticket_id))
    return {row.ticket_id: row.n for row in rows}


def _surveys(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, Survey]:
    newest_last = select(Survey).where(Survey.ticket_id.in_(ids)).order_by(Survey.cycle)
    rows = surveys.told(session, actor, session.scalars(newest_last).all())
    return {row.ticket_id: row for row in rows}
