"""Rows that wait to be handed to the carrier: claimed, handed over, settled, each its own commit.

A claim is a lease. Whoever holds it writes with `held`, which repeats owner and attempt:
somebody who was stopped and wakes up after the lease cannot finish another's work.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, CursorResult, Select, String, or_, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from hotline.messages.states import MessageState

LEASE: Final = dt.timedelta(seconds=60)


class Leased:
    """The columns of a row whose work one clock does at a time.

    Attributes:
        due_at: When there is something to do; None while there is nothing.
        attempts: How often it was claimed; with `owner` the mark of one claim.
    """

    due_at: Mapped[dt.datetime | None]
    lease_until: Mapped[dt.datetime | None]
    owner: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int] = mapped_column(default=0)


class Outgoing(Leased):
    """The columns of a row that is an order to the carrier.

    Attributes:
        failures: How often the carrier refused this very order.
        reason: Why it was put off, cancelled or failed: a code.
    """

    state: Mapped[MessageState]
    priority: Mapped[int] = mapped_column(default=3)
    valid_until: Mapped[dt.datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(60))
    sent_at: Mapped[dt.datetime | None]
    settled_at: Mapped[dt.datetime | None]


@dataclass(frozen=True)
class Claim:
    """One claimed row: its id, and the mark that every later write repeats."""

    id: int
    owner: str
    attempts: int


Row = TypeVar("Row", bound=DeclarativeBase)


def claim(
    session: Session,
    table: Any,
    *,
    now: dt.datetime,
    owner: str,
    limit: int,
    only: ColumnElement[bool] | None = None,
) -> Sequence[Claim]:
    """Lease up to *limit* due rows of *table*, a class with `Outgoing`, to *owner*.

    The most urgent and oldest come first. Rows that another session is claiming are
    skipped on PostgreSQL; SQLite has one writer.
    """
    waiting = select(table.id).where(table.state == MessageState.WAITING)
    return lease(
        session,
        table,
        waiting if only is None else waiting.where(only),
        first=(table.priority, table.due_at),
        now=now,
        owner=owner,
        limit=limit,
    )


def lease(
    session: Session,
    table: Any,
    among: Select[int],
    *,
    first: Sequence[Any],
    now: dt.datetime,
    owner: str,
    limit: int,
    until: dt.timedelta = LEASE,
) -> Sequence[Claim]:
    """Lease up to *limit* rows of *table*, a class with `Leased`, that are due *among* some.

    They come in the order of the columns *first*.
    """
    due = (
        among.where(table.due_at <= now, or_(table.lease_until.is_(None), table.lease_until < now))
        .order_by(*first)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = session.execute(
        update(table)
        .where(table.id.in_(due.scalar_subquery()))
        .values(lease_until=now + until, owner=owner, attempts=table.attempts + 1)
        .returning(table.id, table.attempts, *first)
        .execution_options(synchronize_session=False)
    ).all()
    ordered = sorted(taken, key=lambda row: tuple(row[2:]))
    return [Claim(row.id, owner, row.attempts) for row in ordered]


def held(table: Any, claim: Claim) -> ColumnElement[bool]:
    """Return the condition under which *claim* may still write its row."""
    mine: ColumnElement[bool] = (
        (table.id == claim.id) & (table.owner == claim.owner) & (table.attempts == claim.attempts)
    )
    return mine


def write(session: Session, table: Any, claim: Claim, **values: Any) -> bool:
    """Write to a claimed row; return False, and change nothing, when the claim has passed on."""
    done = session.execute(
        update(table)
        .where(held(table, claim))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)  # noqa: S101 - an update always gives one
    return done.rowcount == 1
