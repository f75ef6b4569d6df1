"""Many tickets at once: each done by itself, its result kept, and taken back one by one.

Only what can be taken back is offered: a dispatch is recalled while nobody has signed, an
urging is withdrawn while nobody has answered, a tag is taken off.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core.db import Base, BigInt, new_id
from hotline.core.errors import Forbidden, GuardFailed, NotFound
from hotline.core.privacy import Sealed
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.tickets import queries, service, tags, urging
from hotline.tickets.models import Ticket
from hotline.tickets.records import Urging
from hotline.tickets.states import Action

MOST: Final = 50  # tickets at once: a page of the list


class BulkAct(StrEnum):
    """What may be done to many at once."""

    DISPATCH = "dispatch"
    URGE = "urge"
    TAG = "add_tag"


class Bulk(Base):
    """One thing done to many tickets."""

    __tablename__ = "bulk"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    act: Mapped[BulkAct]
    text: Mapped[str | None] = mapped_column(Sealed("bulk.text"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[dt.datetime]


class BulkItem(Base):
    """What came of it for one ticket: done, refused with a reason, or taken back."""

    __tablename__ = "bulk_item"
    __table_args__ = (
        CheckConstraint("undone_at IS NULL OR refused IS NULL", name="undone_was_done"),
    )

    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    urging_id: Mapped[int | None] = mapped_column(ForeignKey("urging.id"))
    refused: Mapped[str | None] = mapped_column(String(300))
    undone_at: Mapped[dt.datetime | None]


def begin(
    session: Session, act: BulkAct, text: str | None, *, actor: Actor, now: dt.datetime
) -> int:
    """Open a record of something done to many tickets and return its id."""
    require(actor, Permission.TICKET_ACT)
    if actor.id is None:
        raise Forbidden
    row = Bulk(act=act, text=text, asked_by=actor.id, at=now)
    session.add(row)
    session.flush()
    return row.id


def do(session: Session, bulk_id: int, number: str, *, actor: Actor, now: dt.datetime) -> None:
    """Do it to one ticket; what the ticket's own rules refuse is raised as they raise it."""
    bulk = own(session, bulk_id, actor)
    ticket = queries.by_number(session, actor, number, lock=True)
    item = BulkItem(bulk_id=bulk.id, ticket_id=ticket.id)
    DO[bulk.act](session, ticket, bulk, item, actor, now)
    session.add(item)


def refuse(session: Session, bulk_id: int, number: str, why: str, *, actor: Actor) -> None:
    """Keep why it was not done to one ticket."""
    ticket = queries.by_number(session, actor, number)
    session.add(
        BulkItem(bulk_id=own(session, bulk_id, actor).id, ticket_id=ticket.id, refused=why[:300])
    )


def undo(session: Session, bulk_id: int, number: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take it back for one ticket.

    Raises:
        NotFound: It was never done to it.
        GuardFailed: It was taken back already, or the matter has moved on since.
    """
    bulk = own(session, bulk_id, actor)
    ticket = queries.by_number(session, actor, number, lock=True)
    item = session.get(BulkItem, (bulk.id, ticket.id))
    if item is None or item.refused is not None:
        raise NotFound
    if item.undone_at is not None:
        raise GuardFailed(N_("已经撤销过了。"), guard="done")
    UNDO[bulk.act](session, ticket, bulk, item, actor, now)
    item.undone_at = now


def items(session: Session, actor: Actor, bulk_id: int) -> Sequence[tuple[BulkItem, Any]]:
    """Return what came of it, ticket by ticket, as *actor* may see them."""
    rows = session.execute(
        select(BulkItem, Ticket)
        .join(Ticket, Ticket.id == BulkItem.ticket_id)
        .where(BulkItem.bulk_id == bulk_id)
        .order_by(Ticket.id.desc())
    )
    found = rows.all()
    seen = queries.as_seen(session, actor, [ticket for _, ticket in found])
    return [(item, ticket) for (item, _), ticket in zip(found, seen, strict=True)]


def own(session: Session, bulk_id: int, actor: Actor) -> Bulk:
    """Return what *actor* did to many.

    Raises:
        NotFound: There is no such thing of theirs.
    """
    found = session.get(Bulk, bulk_id)
    if found is None or found.asked_by != actor.id:
        raise NotFound
    return found


def _dispatch(
    session: Session, ticket: Ticket, _bulk: Bulk, _item: BulkItem, actor: Actor, now: dt.datetime
) -> None:
    service.perform(session, ticket, Action.DISPATCH, {}, actor=actor, now=now)


def _recall(
    session: Session, ticket: Ticket, _bulk: Bulk, _item: BulkItem, actor: Actor, now: dt.datetime
) -> None:
    service.perform(session, ticket, Action.RECALL, {}, actor=actor, now=now)


def _urge(
    session: Session, ticket: Ticket, bulk: Bulk, item: BulkItem, actor: Actor, now: dt.datetime
) -> None:
    item.urging_id = urging.urge(session, ticket, bulk.text or "", actor=actor, now=now).id


def _withdraw(
    session: Session, ticket: Ticket, _bulk: Bulk, item: BulkItem, actor: Actor, now: dt.datetime
) -> None:
    word = session.get_one(Urging, item.urging_id)
    if word.closed_at is not None:
        raise GuardFailed(N_("已经回执或撤回，不能撤销。"), guard="open_urging")
    urging.withdraw(session, word, actor=actor, now=now)
    ticket.urge_count -= 1


def _tag(
    session: Session, ticket: Ticket, bulk: Bulk, _item: BulkItem, actor: Actor, now: dt.datetime
) -> None:
    tags.add(session, ticket, bulk.text or "", actor=actor, now=now)


def _untag(
    session: Session, ticket: Ticket, bulk: Bulk, _item: BulkItem, actor: Actor, now: dt.datetime
) -> None:
    tags.remove(session, ticket, bulk.text or "", actor=actor, now=now)


DO: Final[dict[BulkAct, Callable[..., None]]] = {
    BulkAct.DISPATCH: _dispatch,
    BulkAct.URGE: _urge,
    BulkAct.TAG: _tag,
}
UNDO: Final[dict[BulkAct, Callable[..., None]]] = {
    BulkAct.DISPATCH: _recall,
    BulkAct.URGE: _withdraw,
    BulkAct.TAG: _untag,
}
