"""Workers, as the rooms above ask for them."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.paging import Page, cut, read_cursor
from hotline.core.privacy import blind_index
from hotline.core.rows import one
from hotline.workers.models import OptOut, Worker


def find(session: Session, phone: str) -> Worker | None:
    """Return the worker with the E.164 number *phone*, or None."""
    return session.scalar(select(Worker).where(Worker.phone_key == blind_index(phone)))


def by_id(session: Session, worker_id: int) -> Worker:
    """Return one worker.

    Raises:
        NotFound: There is none.
    """
    return one(session, Worker, worker_id)


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Worker]:
    """Return the workers with these *ids*, by id, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(Worker).where(Worker.id.in_(wanted)))}


def phone_of(session: Session, worker_id: int) -> str | None:
    """Return a worker's number in clear, for the carrier's use; pages call `service.reveal`."""
    return session.scalar(select(Worker.phone).where(Worker.id == worker_id))


def opt_outs(session: Session, cursor: str | None = None, limit: int = 50) -> Page[OptOut]:
    """List who left, and who of them came back: the ledger, the latest line first.

    Raises:
        Invalid: The cursor is not one of ours.
    """
    asked = select(OptOut).order_by(OptOut.id.desc()).limit(limit + 1)
    if key := read_cursor(cursor, int):
        asked = asked.where(OptOut.id < key[0])
    return cut(session.scalars(asked).all(), limit, lambda row: [row.id])
