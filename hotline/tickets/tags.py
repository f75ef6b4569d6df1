"""Tags: a word that tickets are gathered under, by whom it may be set, and who reads it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, and_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from hotline.core import audit
from hotline.core.db import Base, BigInt, new_id
from hotline.core.errors import Forbidden, GuardFailed, Invalid, NotFound
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.tickets import timeline
from hotline.tickets.intake import CENTRE_ID
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind
from hotline.tickets.secrecy import Part
from hotline.tickets.sight import central, found_by_words, require_clear
from hotline.tickets.states import require_not_ended
from hotline.units import queries as units
from hotline.units.models import Unit

LONGEST: Final = 30
OFFERED: Final = 200  # in a field that chooses one


class Tag(Base):
    """A word that tickets are gathered under. Its name stays: addresses and timelines keep it.

    Attributes:
        unit_id: The unit that alone sets and takes it off, with those above it; None for everybody.
        retired_at: Since when it is set no more; tickets keep it.
    """

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(LONGEST), unique=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    made_by: Mapped[int | None] = mapped_column(BigInt)
    made_at: Mapped[dt.datetime]
    retired_at: Mapped[dt.datetime | None]


class TicketTag(Base):
    """A tag on a ticket; the ticket's timeline keeps those that were taken off."""

    __tablename__ = "ticket_tag"
    __table_args__ = (Index(None, "ticket_id"),)

    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    added_by: Mapped[int | None] = mapped_column(BigInt)
    added_at: Mapped[dt.datetime]


def coin(session: Session, name: str, unit: Unit | None, *, actor: Actor, now: dt.datetime) -> Tag:
    """Make a tag that *unit* sets, or everybody.

    Raises:
        Forbidden: *actor* does not lead there; a tag for everybody is the hotline's to make.
        Invalid: It has no name, too long a one, or one that is taken.
    """
    _may_lead(actor, unit)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST:
        raise Invalid({"name": N_("请填写，最多 30 个字")})
    if session.scalar(select(Tag.id).where(Tag.name == name)) is not None:
        raise Invalid({"name": N_("已经有这个标签")})
    row = Tag(name=name, unit_id=unit.id if unit else None, made_by=actor.id, made_at=now)
    session.add(row)
    session.flush()
    audit.note(session, actor, "tag.coin", f"tag:{row.id}", now=now)
    return row


def retire(session: Session, tag: Tag, *, back: bool, actor: Actor, now: dt.datetime) -> None:
    """Let a tag be set no more, or again.

    Raises:
        Forbidden: *actor* does not lead where it belongs.
    """
    _may_lead(actor, units.by_id(session, tag.unit_id) if tag.unit_id else None)
    tag.retired_at = None if back else now
    audit.note(session, actor, "tag.revive" if back else "tag.retire", f"tag:{tag.id}", now=now)


def add(session: Session, ticket: Ticket, name: str, *, actor: Actor, now: dt.datetime) -> None:
    """Put the tag of that *name* on *ticket*.

    Raises:
        Forbidden: *actor* may not set it, or does not see all of the ticket.
        GuardFailed: The ticket has ended, the tag is retired, or it is there already.
        Invalid: *actor* knows of no such tag.
    """
    tag = _settable(session, ticket, name, actor)
    if tag.retired_at is not None:
        raise GuardFailed(N_("这个标签已经停用。"), guard="in_use")
    if session.get(TicketTag, (tag.id, ticket.id)) is not None:
        raise GuardFailed(N_("已经有这个标签。"), guard="not_tagged")
    _put(session, ticket, tag, actor, now)


def remove(session: Session, ticket: Ticket, name: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take the tag of that *name* off *ticket*.

    Raises:
        Forbidden, Invalid: As for `add`.
        GuardFailed: The ticket has ended.
        NotFound: It is not there.
    """
    tag = _settable(session, ticket, name, actor)
    row = session.get(TicketTag, (tag.id, ticket.id))
    if row is None:
        raise NotFound
    session.delete(row)
    timeline.write(session, ticket, EventKind.TAG, actor=actor, now=now, note=tag.name, added=False)
    session.flush()


def by_id(session: Session, actor: Actor, tag_id: int) -> Tag:
    """Return one tag.

    Raises:
        NotFound: *actor* knows of none such.
    """
    found = session.scalar(_known(actor).where(Tag.id == tag_id))
    if found is None:
        raise NotFound
    return found


def page(session: Session, actor: Actor, *, cursor: str | None, limit: int) -> Page[Tag]:
    """Return the tags *actor* knows of, retired ones too, by name."""
    query = _known(actor).order_by(Tag.name)
    if key := read_cursor(cursor, str):
        query = query.where(Tag.name > key[0])
    return cut(session.scalars(query.limit(limit + 1)).all(), limit, lambda tag: [tag.name])


def in_use(session: Session, actor: Actor) -> Sequence[Tag]:
    """Return the tags in use that *actor* knows of, by name."""
    query = _known(actor).where(Tag.retired_at.is_(None)).order_by(Tag.name)
    return session.scalars(query.limit(OFFERED)).all()


def settable(session: Session, actor: Actor) -> Sequence[Tag]:
    """Return the tags that *actor* may set, by name."""
    if not actor.may(Permission.TICKET_WRITE):
        return ()
    query = _reached(actor).where(Tag.retired_at.is_(None)).order_by(Tag.name)
    return session.scalars(query.limit(OFFERED)).all()


def removable(session: Session, actor: Actor, on: Sequence[Tag]) -> Sequence[Tag]:
    """Return which of the tags *on* a ticket *actor* may take off, retired ones too."""
    if not on or not actor.may(Permission.TICKET_WRITE):
        return ()
    return session.scalars(_reached(actor).where(Tag.id.in_([tag.id for tag in on]))).all()


def take_along(
    session: Session, old: Ticket, new: Ticket, *, actor: Actor, now: dt.datetime
) -> None:
    """Put every tag of *old* on *new*, which was a part of it: also those *actor* may not set."""
    found = select(Tag).join(TicketTag, TicketTag.tag_id == Tag.id)
    for tag in session.scalars(found.where(TicketTag.ticket_id == old.id).order_by(Tag.name)).all():
        _put(session, new, tag, actor, now)


def of(session: Session, rows: Iterable[Any]) -> dict[int, list[Tag]]:
    """Return the tags of *rows*, tickets as somebody may see them, by ticket: one query.

    A tag says what a matter is about: who may not read its words reads no tag of it.
    """
    open_to = [row.id for row in rows if not row.sight.hides(Part.WORDS)]
    found: dict[int, list[Tag]] = {}
    if open_to:
        query = (
            select(TicketTag.ticket_id, Tag)
            .join(Tag, Tag.id == TicketTag.tag_id)
            .where(TicketTag.ticket_id.in_(open_to))
            .order_by(Tag.name)
        )
        for ticket_id, tag in session.execute(query):
            found.setdefault(ticket_id, []).append(tag)
    return found


def narrowed(
    query: Select[Any], actor: Actor, name: str
) -> tuple[Select[Any], InstrumentedAttribute[int]]:
    """Narrow a *query* of tickets to those with the tag of that name that *actor* may read.

    The id to order by is returned with it: that of the tag's own index, which ends a page early.
    """
    tag_id = select(Tag.id).where(Tag.name == name).scalar_subquery()
    found = query.join(TicketTag, TicketTag.ticket_id == Ticket.id)
    return found.where(TicketTag.tag_id == tag_id, found_by_words(actor)), TicketTag.ticket_id


def in_line(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a unit's affairs reach *actor*: the centre's, above, or below."""
    if central(actor):
        return true()
    above = [int(part) for part in actor.scope.strip("/").split("/") if part]
    return or_(Unit.id == CENTRE_ID, Unit.id.in_(above), units.beneath(actor.scope))


def _known(actor: Actor) -> Select[Tag]:
    require(actor, Permission.TICKET_READ)
    mine = or_(Tag.unit_id.is_(None), and_(Unit.id.is_not(None), in_line(actor)))
    return select(Tag).outerjoin(Unit, Unit.id == Tag.unit_id).where(mine)


def _reached(actor: Actor) -> Select[Tag]:
    return _known(actor).where(or_(Tag.unit_id.is_(None), units.beneath(actor.scope)))


def _put(session: Session, ticket: Ticket, tag: Tag, actor: Actor, now: dt.datetime) -> None:
    row = TicketTag(tag_id=tag.id, ticket_id=ticket.id, added_by=actor.id, added_at=now)
    session.add(row)
    timeline.write(session, ticket, EventKind.TAG, actor=actor, now=now, note=tag.name, added=True)
    session.flush()


def _settable(session: Session, ticket: Ticket, name: str, actor: Actor) -> Tag:
    require(actor, Permission.TICKET_WRITE)
    tag = session.scalar(_known(actor).where(Tag.name == name.strip()))
    if tag is None:
        raise Invalid({"tag": N_("请从列表中选择")})
    if tag.unit_id and not actor.sees(units.by_id(session, tag.unit_id).path):
        raise Forbidden(N_("这个标签由牵头单位加减。"))
    require_clear(session, actor, ticket)
    require_not_ended(ticket.state)
    return tag


def _may_lead(actor: Actor, unit: Unit | None) -> None:
    require(actor, Permission.TICKET_RULE)
    if not (central(actor) if unit is None else actor.sees(unit.path)):
        raise Forbidden
