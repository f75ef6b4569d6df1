"""Views of the ticket list that somebody keeps: the list's own address under a name."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core.db import Base, BigInt, new_id
from hotline.core.errors import Forbidden, GuardFailed, Invalid, NotFound
from hotline.core.privacy import Sealed
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_

LONGEST: Final = 20
LONGEST_QUERY: Final = 1000
MOST: Final = 20  # of one person, and shared in one unit
FIRST: Final = text("is_default")
SHARED: Final = text("unit_id IS NOT NULL")


class SavedView(Base):
    """A query string under a name. Whoever opens it sees what they may, not what its maker may.

    Attributes:
        unit_id: The unit whose people see it besides its owner; None for the owner alone.
        query: Sealed: it may name an employer or a number.
        is_default: Whether the owner's list opens with it; of one person one does.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("staff_id", "name"),
        Index(
            "uq_saved_view_default", "staff_id", unique=True,
            postgresql_where=FIRST, sqlite_where=FIRST,
        ),
        Index("ix_saved_view_unit_id", "unit_id", postgresql_where=SHARED, sqlite_where=SHARED),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(LONGEST))
    query: Mapped[str] = mapped_column(Sealed("saved_view.query"))
    is_default: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[dt.datetime]


def save(session: Session, actor: Actor, query: str, *, now: dt.datetime) -> SavedView:
    """Keep *query* for *actor*; `describe` gives it its name.

    Raises:
        GuardFailed: They keep as many as there may be.
        Invalid: It is longer than the list's filters make it.
    """
    require(actor, Permission.TICKET_READ)
    if actor.id is None:
        raise Forbidden
    if len(query) > LONGEST_QUERY:
        raise Invalid({"view": N_("太长了")})
    kept = session.scalars(select(SavedView.id).where(SavedView.staff_id == actor.id)).all()
    if len(kept) >= MOST:
        raise GuardFailed(N_("最多保存 20 个视图，请先删去不用的。"), guard="room_for_one")
    return SavedView(staff_id=actor.id, query=query, saved_at=now)


def describe(
    session: Session, view: SavedView, actor: Actor, name: str, *, shared: bool, first: bool
) -> None:
    """Say what a view is called, whether one's unit sees it, and whether one's list opens with it.

    Raises:
        Forbidden: It is shared by somebody who leads nobody.
        Invalid: It has no name, too long a one, or one that is taken.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST:
        raise Invalid({"name": N_("请填写，最多 20 个字")})
    same = select(SavedView.id).where(SavedView.staff_id == view.staff_id, SavedView.name == name)
    if any(each != view.id for each in session.scalars(same)):
        raise Invalid({"name": N_("已经有这个名称的视图")})
    if shared:
        require(actor, Permission.TICKET_RULE)
    view.name, view.unit_id = name, actor.unit_id if shared else None
    others = update(SavedView).where(SavedView.staff_id == view.staff_id)
    if first:
        session.execute(others.values(is_default=False))
    view.is_default = first
    session.add(view)
    session.flush()


def remove(session: Session, actor: Actor, view_id: int) -> str:
    """Keep a view no more and return its query: one's own, or one shared in the unit one leads.

    Raises:
        NotFound: There is none such.
    """
    reached = SavedView.staff_id == actor.id
    if actor.may(Permission.TICKET_RULE):
        reached = or_(reached, SavedView.unit_id == actor.unit_id)
    found = session.scalar(select(SavedView).where(SavedView.id == view_id, reached))
    if found is None:
        raise NotFound
    session.delete(found)
    return found.query


def own(session: Session, actor: Actor, view_id: int) -> SavedView:
    """Return a view of *actor*'s own.

    Raises:
        NotFound: They keep none such.
    """
    found = session.get(SavedView, view_id)
    if found is None or found.staff_id != actor.id:
        raise NotFound
    return found


def open_to(session: Session, actor: Actor) -> Sequence[SavedView]:
    """Return the views that *actor* sees: one's own, then those shared in one's unit."""
    mine = SavedView.staff_id == actor.id
    return session.scalars(
        select(SavedView)
        .where(or_(mine, SavedView.unit_id == actor.unit_id))
        .order_by(mine.desc(), SavedView.id)
        .limit(2 * MOST)
    ).all()


def default(session: Session, actor: Actor) -> SavedView | None:
    """Return the view that *actor*'s list opens with, or None."""
    mine = select(SavedView).where(SavedView.staff_id == actor.id, SavedView.is_default)
    return session.scalar(mine)
