"""What the caller asks for, one line each, and what we promised them by when."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core.db import Base, BigInt
from hotline.core.errors import GuardFailed, Invalid, NotFound
from hotline.core.privacy import Sealed
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.tickets import timeline
from hotline.tickets.joining import holder
from hotline.tickets.models import Outcome, Ticket
from hotline.tickets.records import EventKind
from hotline.tickets.states import ENDED, SETTLED

LONGEST: Final = 500
MOST: Final = 20


class Demand(Base):
    """One thing the caller asks for. It has an outcome of its own, or was taken back."""

    __tablename__ = "demand"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="outcome_has_moment"),
        CheckConstraint("outcome IS NULL OR withdrawn_at IS NULL", name="one_end"),
        Index(None, "ticket_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", deferrable=True, initially="DEFERRED")  # the ticket goes last
    )
    text: Mapped[str] = mapped_column(Sealed("demand.text"))
    added_by: Mapped[int | None] = mapped_column(BigInt)
    added_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]
    outcome: Mapped[Outcome | None]
    outcome_note: Mapped[str | None] = mapped_column(Sealed("demand.outcome_note"))
    settled_at: Mapped[dt.datetime | None]

    @property
    def open(self) -> bool:
        """Whether it still waits for an outcome."""
        return self.outcome is None and self.withdrawn_at is None


class Promise(Base):
    """What we told the caller we would do, and by when."""

    __tablename__ = "promise"
    __table_args__ = (
        Index(None, "ticket_id", "id"),
        Index(
            "ix_promise_due",
            "due_at",
            postgresql_where=text("kept_at IS NULL"),
            sqlite_where=text("kept_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", deferrable=True, initially="DEFERRED")
    )
    text: Mapped[str] = mapped_column(Sealed("promise.text"))
    due_at: Mapped[dt.datetime]
    made_by: Mapped[int | None] = mapped_column(BigInt)
    made_at: Mapped[dt.datetime]
    kept_at: Mapped[dt.datetime | None]
    kept_by: Mapped[int | None] = mapped_column(BigInt)


def write(
    session: Session, ticket_id: int, texts: Iterable[str], *, actor: Actor, now: dt.datetime
) -> None:
    """Keep the demands of a new matter; its ticket may be written after them."""
    session.add_all(
        Demand(ticket_id=ticket_id, text=line, added_by=actor.id, added_at=now) for line in texts
    )


def write_promise(
    session: Session,
    ticket_id: int,
    text: str,
    due_at: dt.datetime,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep what was promised with a new matter.

    Raises:
        Invalid: It was due before it was made.
    """
    if due_at <= now:
        raise Invalid({"promise_at": N_("承诺的时间须在现在之后")})
    session.add(
        Promise(ticket_id=ticket_id, text=text, due_at=due_at, made_by=actor.id, made_at=now)
    )


def add(session: Session, ticket: Ticket, line: str, *, actor: Actor, now: dt.datetime) -> None:
    """Add a demand to a matter that is not ended.

    Raises:
        Invalid: It has no words, too many of them, or there are twenty already.
        GuardFailed: The matter is settled or has ended.
    """
    _may_change(session, ticket, actor)
    line = line.strip()
    if not line or len(line) > LONGEST:
        raise Invalid({"demand": N_("请填写") if not line else N_("太长了")})
    if len(of(session, ticket.id)) >= MOST:
        raise Invalid({"demand": N_("一件工单最多 20 项诉求")})
    write(session, ticket.id, [line], actor=actor, now=now)
    timeline.write(session, ticket, EventKind.EDIT, actor=actor, now=now, note=line, demand="added")


def withdraw(
    session: Session, ticket: Ticket, demand_id: int, *, actor: Actor, now: dt.datetime
) -> None:
    """Note that the caller no longer asks for it; the line stays, struck through.

    Raises:
        NotFound: The matter has no such open demand.
        GuardFailed: The matter is settled or has ended.
    """
    _may_change(session, ticket, actor)
    found = session.get(Demand, demand_id)
    if found is None or found.ticket_id != ticket.id or not found.open:
        raise NotFound
    found.withdrawn_at = now
    timeline.write(
        session, ticket, EventKind.EDIT, actor=actor, now=now, note=found.text, demand="withdrawn"
    )


def settle(demand: Demand, outcome: Outcome, note: str | None, *, now: dt.datetime) -> None:
    """Write down what a demand came to; the last word counts until the matter is closed."""
    demand.outcome, demand.outcome_note, demand.settled_at = outcome, note, now


def promise(
    session: Session,
    ticket: Ticket,
    text: str,
    due_at: dt.datetime,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Promise the caller something by a moment.

    Raises:
        Invalid: It has no words, or its moment is past.
        GuardFailed: The matter is settled or has ended.
    """
    _may_change(session, ticket, actor)
    if not text.strip():
        raise Invalid({"promise": N_("请填写")})
    write_promise(session, ticket.id, text.strip(), due_at, actor=actor, now=now)
    timeline.write(
        session, ticket, EventKind.EDIT, actor=actor, now=now, note=text.strip(),
        promised=due_at.isoformat(),
    )  # fmt: skip


def keep(
    session: Session, ticket: Ticket, promise_id: int, *, actor: Actor, now: dt.datetime
) -> None:
    """Note that a promise was kept; the first note stays.

    Raises:
        NotFound: The matter has no such open promise.
    """
    require(actor, Permission.TICKET_WRITE)
    found = session.get(Promise, promise_id)
    if found is None or found.ticket_id != ticket.id or found.kept_at is not None:
        raise NotFound
    found.kept_at, found.kept_by = now, actor.id
    timeline.write(
        session, ticket, EventKind.EDIT, actor=actor, now=now, note=found.text, promise="kept"
    )


def of(session: Session, ticket_id: int) -> Sequence[Demand]:
    """Return the demands of a matter in the order they were named."""
    return session.scalars(
        select(Demand).where(Demand.ticket_id == ticket_id).order_by(Demand.id)
    ).all()


def promises(session: Session, ticket_id: int) -> Sequence[Promise]:
    """Return the promises of a matter, the earliest due first."""
    return session.scalars(
        select(Promise).where(Promise.ticket_id == ticket_id).order_by(Promise.due_at, Promise.id)
    ).all()


def _may_change(session: Session, ticket: Ticket, actor: Actor) -> None:
    require(actor, Permission.TICKET_WRITE)
    if holder(session, ticket).state in SETTLED | ENDED:
        raise GuardFailed(N_("工单已经办结，不能再改诉求和承诺。"), guard="open")
