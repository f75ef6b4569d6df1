"""What is done with workers: known again, corrected, revealed with a reason, left in peace."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.db import new_id
from hotline.core.errors import GuardFailed, Invalid
from hotline.core.privacy import blind_index
from hotline.core.roles import Actor, Permission, require
from hotline.core.words import N_
from hotline.workers import queries
from hotline.workers.models import OptOut, OptOutSource, Worker

CORRECTABLE: Final = frozenset({"name", "language", "note", "phone"})


@dataclass(frozen=True)
class Revealed:
    """A worker's number and name in clear."""

    phone: str | None
    name: str | None


def identify(session: Session, phone: str | None, now: dt.datetime) -> Worker:
    """Return the worker with the E.164 number *phone*; write a new row where there is none.

    A withheld number is nobody's: each such contact is a worker of its own. Two first
    contacts at once end in one row: the second meets the unique key and runs again.
    """
    known = queries.find(session, phone) if phone else None
    if known is not None:
        return known
    row = insert(Worker).values(
        id=new_id(),
        phone=phone,
        phone_key=blind_index(phone) if phone else None,
        language="zh",
        created_at=now,
    )
    return session.scalars(row.returning(Worker)).one()


def opt_out(
    session: Session,
    worker_id: int,
    now: dt.datetime,
    *,
    source: OptOutSource = OptOutSource.WORD,
    word: str | None = None,
) -> None:
    """Keep a worker's wish to receive no more messages; the first moment stays.

    The ledger says from whom we know it, and in which word.
    """
    left = session.scalars(
        update(Worker)
        .where(Worker.id == worker_id, Worker.opted_out_at.is_(None))
        .values(opted_out_at=now)
        .returning(Worker.id)
    ).one_or_none()
    if left is not None:
        session.add(OptOut(worker_id=left, source=source, word=word, left_at=now))


def opt_in(session: Session, worker_id: int, now: dt.datetime, *, word: str | None = None) -> None:
    """Let messages reach a worker again; the line of the ledger stays, with both moments."""
    session.execute(update(Worker).where(Worker.id == worker_id).values(opted_out_at=None))
    session.flush()
    standing = select(OptOut).where(OptOut.worker_id == worker_id, OptOut.resumed_at.is_(None))
    for line in session.scalars(standing):
        line.resumed_at, line.resumed_by = now, word


def correct(
    session: Session,
    actor: Actor,
    worker_id: int,
    changes: Mapping[str, str | None],
    *,
    now: dt.datetime,
) -> Worker:
    """Write down a worker's *name*, *language*, *note* or *phone* as it really is.

    The audit names the fields, never their content.

    Raises:
        Forbidden: *actor* may not write matters.
        Invalid: A field of another name.
        GuardFailed: Another worker has that number.
        NotFound: There is no such worker.
    """
    require(actor, Permission.TICKET_WRITE)
    unknown = changes.keys() - CORRECTABLE
    if unknown:
        raise Invalid({name: N_("没有这个字段") for name in unknown})
    worker = queries.by_id(session, worker_id)
    if "phone" in changes:
        worker.phone_key = _free_key(session, worker_id, changes["phone"])
    for name, value in changes.items():
        setattr(worker, name, value)
    audit.note(
        session, actor, "worker.correct", f"worker:{worker_id}", now=now, fields=sorted(changes)
    )
    return worker


def _free_key(session: Session, worker_id: int, phone: str | None) -> bytes | None:
    if phone is None:
        return None
    other = queries.find(session, phone)
    if other is not None and other.id != worker_id:
        raise GuardFailed(N_("这个号码已经属于另一位职工。"), guard="number-taken")
    return blind_index(phone)


def reveal(
    session: Session, actor: Actor, worker_id: int, reason: str, now: dt.datetime
) -> Revealed:
    """Show a worker's number and name in clear, and keep who asked and why.

    Raises:
        Forbidden: *actor* may not see numbers.
        Invalid: No reason was given.
        NotFound: There is no such worker.
    """
    require(actor, Permission.REVEAL)
    if not reason.strip():
        raise Invalid({"reason": N_("请写明查看原因")})
    worker = queries.by_id(session, worker_id)
    audit.note(session, actor, "worker.reveal", f"worker:{worker_id}", now=now, reason=reason)
    return Revealed(worker.phone, worker.name)
