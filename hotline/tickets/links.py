"""Tickets that belong together and stay apart: related, of one employer, a follow-up, split off."""

import datetime as dt
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core.db import Base, BigInt, new_id
from hotline.core.errors import GuardFailed, NotFound
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.tickets import timeline
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind
from hotline.tickets.sight import visible

STANDS: Final = text("ended_at IS NULL")
SHOWN: Final = 50


class LinkKind(StrEnum):
    """Why two tickets belong together; of a follow-up and a split the newer one is meant."""

    RELATED = "related"
    EMPLOYER = "employer"
    FOLLOW_UP = "follow_up"
    SPLIT = "split"


BY_HAND: Final = (LinkKind.RELATED, LinkKind.EMPLOYER, LinkKind.FOLLOW_UP)


class TicketLink(Base):
    """Two tickets that belong together, the older one first; ended, it stays as a record."""

    __tablename__ = "ticket_link"
    __table_args__ = (
        CheckConstraint("older_id < newer_id", name="older_first"),
        CheckConstraint("ended_at IS NOT NULL OR ended_by IS NULL", name="ended_has_moment"),
        Index(
            "uq_ticket_link_stands",
            "older_id",
            "newer_id",
            unique=True,
            postgresql_where=STANDS,
            sqlite_where=STANDS,
        ),
        Index("ix_ticket_link_newer", "newer_id", postgresql_where=STANDS, sqlite_where=STANDS),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    older_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    newer_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[LinkKind]
    made_by: Mapped[int | None] = mapped_column(BigInt)
    made_at: Mapped[dt.datetime]
    ended_by: Mapped[int | None] = mapped_column(BigInt)
    ended_at: Mapped[dt.datetime | None]

    def other(self, ticket_id: int) -> int:
        """Return the ticket at the other end."""
        return self.newer_id if ticket_id == self.older_id else self.older_id


class Linked(NamedTuple):
    """A link as one end shows it; a ticket the reader may not find is None."""

    link: TicketLink
    ticket: Ticket | None


def link(
    session: Session,
    ticket: Ticket,
    other: Ticket,
    kind: LinkKind,
    *,
    actor: Actor,
    now: dt.datetime,
) -> TicketLink:
    """Note on both tickets that they belong together.

    Raises:
        Forbidden: *actor* writes nothing on tickets.
        GuardFailed: It is the same ticket, they are linked already, or they name no common
            employer where that is said to be why.
    """
    require(actor, Permission.TICKET_WRITE)
    if ticket.id == other.id:
        raise GuardFailed(N_("不能和自己关联。"), guard="two_tickets")
    older, newer = sorted((ticket, other), key=lambda each: each.id)
    if _standing(session, older.id, newer.id) is not None:
        raise GuardFailed(N_("这两件工单已经关联。"), guard="not_linked")
    if kind is LinkKind.EMPLOYER and not _one_employer(ticket, other):
        raise GuardFailed(N_("两件工单登记的不是同一用人单位。"), guard="same_employer")
    row = TicketLink(older_id=older.id, newer_id=newer.id, kind=kind, made_by=actor.id, made_at=now)
    session.add(row)
    _tell(session, ticket, other, actor=actor, now=now, linked=kind)
    session.flush()
    return row


def unlink(
    session: Session, ticket: Ticket, link_id: int, *, actor: Actor, now: dt.datetime
) -> None:
    """Note on both tickets that they do not belong together after all.

    Raises:
        NotFound: *ticket* has no such link.
        GuardFailed: One was split off the other: that has happened and stays.
    """
    require(actor, Permission.TICKET_WRITE)
    row = session.get(TicketLink, link_id, with_for_update=True)
    if row is None or row.ended_at is not None or ticket.id not in (row.older_id, row.newer_id):
        raise NotFound
    if row.kind is LinkKind.SPLIT:
        raise GuardFailed(N_("拆分不能解除关联；可以把拆出的工单并回。"), guard="made_by_hand")
    row.ended_by, row.ended_at = actor.id, now
    other = session.get_one(Ticket, row.other(ticket.id))
    _tell(session, ticket, other, actor=actor, now=now, unlinked=row.kind)


def of(session: Session, actor: Actor, ticket: Ticket) -> list[Linked]:
    """Return what *ticket* is linked with; what *actor* may not find is counted, not shown."""
    rows = session.scalars(
        select(TicketLink)
        .where(
            or_(TicketLink.older_id == ticket.id, TicketLink.newer_id == ticket.id),
            TicketLink.ended_at.is_(None),
        )
        .order_by(TicketLink.id)
        .limit(SHOWN)
    ).all()
    ends = [row.other(ticket.id) for row in rows]
    seen = select(Ticket).where(Ticket.id.in_(ends), visible(actor))
    found = {each.id: each for each in session.scalars(seen)} if ends else {}
    return [Linked(row, found.get(row.other(ticket.id))) for row in rows]


def _standing(session: Session, older_id: int, newer_id: int) -> TicketLink | None:
    return session.scalar(
        select(TicketLink).where(
            TicketLink.older_id == older_id,
            TicketLink.newer_id == newer_id,
            TicketLink.ended_at.is_(None),
        )
    )


def _one_employer(one: Ticket, other: Ticket) -> bool:
    pairs = ((one.employer_id, other.employer_id), (one.employer_key, other.employer_key))
    return any(mine is not None and mine == theirs for mine, theirs in pairs)


def _tell(
    session: Session, one: Ticket, other: Ticket, *, actor: Actor, now: dt.datetime, **detail: Any
) -> None:
    for ticket, named in ((one, other), (other, one)):
        timeline.write(
            session, ticket, EventKind.LINK, actor=actor, now=now, number=named.number, **detail
        )
