"""What the clock does for mass matters: look at the last day's contacts for many of one kind."""

import datetime as dt
from functools import partial
from typing import Any, Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from hotline.core import chinese
from hotline.core.db import Transact, reading
from hotline.core.roles import system
from hotline.masses import service
from hotline.masses.clusters import Cluster, Contact, clusters
from hotline.masses.models import MassGroup, MassMember, Verdict
from hotline.tickets import queries as tickets
from hotline.tickets.facts import TicketFacts
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.secrecy import NAMED_ONLY, level_of
from hotline.tickets.states import State

CLOCK: Final = system("clock:mass_group")
DAY: Final = dt.timedelta(hours=24)
CONTRACTORS: Final = ("contractor", "subcontractor")  # keys of the wage form
LEFT_OUT: Final = (State.VOIDED, State.ARCHIVED)


def propose(transact: Transact, *, now: dt.datetime) -> int:
    """Propose the mass matters of the last 24 hours, or let new claimants join; how many changed.

    What only two persons may read is left to them, and what a supervisor declined is no
    contact any more.
    """
    with reading() as session:
        known, found = _known(session, now), clusters(_contacts(session, now))
    fresh = [each for each in found if not known.keys() >= set(each.tickets)]
    return sum(transact(partial(_settle, cluster=each, now=now)) for each in fresh)


def _settle(session: Session, *, cluster: Cluster, now: dt.datetime) -> bool:
    rows = tickets.by_ids(session, cluster.tickets)
    groups = _groups(session, cluster.tickets)
    new = [rows[id_] for id_ in cluster.tickets if id_ not in groups]
    standing = [each for each in groups.values() if each.verdict is not Verdict.DECLINED]
    if standing and new:
        service.join(session, standing[0], new, actor=CLOCK, now=now)
    elif new:
        service.propose(session, new, cluster.because, actor=CLOCK, now=now)
    return bool(new)


def _groups(session: Session, ids: Any) -> dict[int, MassGroup]:
    rows = session.execute(
        select(MassMember.ticket_id, MassGroup)
        .join(MassGroup, MassGroup.id == MassMember.group_id)
        .where(MassMember.ticket_id.in_(ids))
        .order_by(MassGroup.id)
    )
    return {row.ticket_id: row.MassGroup for row in rows}


def _known(session: Session, now: dt.datetime) -> dict[int, MassGroup]:
    return _groups(session, select(Ticket.id).where(Ticket.touched_at > now - DAY))


def _contacts(session: Session, now: dt.datetime) -> list[Contact]:
    """Return the tickets somebody came in with or spoke on within a day, the oldest first."""
    spoken = exists().where(
        TicketEvent.ticket_id == Ticket.id,
        TicketEvent.kind == EventKind.CALLER,
        TicketEvent.at > now - DAY,
    )
    declined = exists().where(
        MassMember.ticket_id == Ticket.id,
        MassMember.group_id == MassGroup.id,
        MassGroup.verdict == Verdict.DECLINED,
    )
    rows = session.execute(
        select(
            Ticket.id, Ticket.employer_id, Ticket.employer_key, Ticket.project_key,
            Ticket.region_code, Ticket.category_code, Ticket.narrative, Ticket.head_count,
            Ticket.confidential_level, TicketFacts,
        )
        .outerjoin(TicketFacts, TicketFacts.ticket_id == Ticket.id)
        .where(Ticket.touched_at > now - DAY, Ticket.state.not_in(LEFT_OUT), spoken, ~declined)
        .order_by(Ticket.id)
    )  # fmt: skip
    return [_contact(row) for row in rows if level_of(row.confidential_level) < NAMED_ONLY]


def _contact(row: Any) -> Contact:
    given = row.TicketFacts.given if row.TicketFacts else {}
    names = ("".join(str(given[key]).split()) for key in CONTRACTORS if given.get(key))
    classified = row.region_code is not None and row.category_code is not None
    return Contact(
        ticket_id=row.id,
        employers=frozenset({row.employer_id, row.employer_key} - {None}),
        project=row.project_key,
        contractors=frozenset(names),
        place=(row.region_code, row.category_code) if classified else None,
        words=chinese.bigrams(row.narrative),
        heads=row.head_count or 0,
    )
