"""Callbacks, as pages, the API and the rooms above ask for them."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback, CallbackAttempt, CallbackCall
from hotline.callbacks.states import OPEN, CallbackState
from hotline.calls.models import Call
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.rows import one


def callback(session: Session, callback_id: int) -> Callback:
    """Return one callback.

    Raises:
        NotFound: There is none.
    """
    return one(session, Callback, callback_id)


def due(session: Session, *, limit: int = 100) -> Sequence[Callback]:
    """Return the open callbacks, those to be made soonest first."""
    return session.scalars(
        select(Callback)
        .where(Callback.state.in_(OPEN))
        .order_by(Callback.next_due_at, Callback.id)
        .limit(limit)
    ).all()


def page(
    session: Session,
    *,
    cursor: str | None = None,
    limit: int = 50,
    state: CallbackState | None = None,
    worker_id: int | None = None,
) -> Page[Callback]:
    """Return callbacks, newest first.

    Raises:
        Invalid: The cursor is not one of ours.
    """
    asked = select(Callback).order_by(Callback.id.desc()).limit(limit + 1)
    if state is not None:
        asked = asked.where(Callback.state == state)
    if worker_id is not None:
        asked = asked.where(Callback.worker_id == worker_id)
    if key := read_cursor(cursor, int):
        asked = asked.where(Callback.id < key[0])
    return cut(session.scalars(asked).all(), limit, lambda row: [row.id])


def open_of(session: Session, worker_id: int) -> Callback | None:
    """Return the open callback of a worker, if there is one."""
    return session.scalar(
        select(Callback).where(Callback.worker_id == worker_id, Callback.state.in_(OPEN))
    )


def overdue(session: Session, now: dt.datetime) -> int:
    """Count the callbacks whose time has passed."""
    return (
        session.scalar(
            select(func.count()).where(
                Callback.state == CallbackState.OPEN, Callback.next_due_at < now
            )
        )
        or 0
    )


def attempts(session: Session, callback_id: int) -> Sequence[CallbackAttempt]:
    """Return the tries of a callback, in order."""
    return session.scalars(
        select(CallbackAttempt)
        .where(CallbackAttempt.callback_id == callback_id)
        .order_by(CallbackAttempt.at, CallbackAttempt.id)
    ).all()


def missed_calls(session: Session, ids: Iterable[int]) -> dict[int, list[Call]]:
    """Return the calls that each of the callbacks *ids* answers for, in one query."""
    found: dict[int, list[Call]] = {callback_id: [] for callback_id in ids}
    rows = session.execute(
        select(CallbackCall.callback_id, Call)
        .join(Call, Call.id == CallbackCall.call_id)
        .where(CallbackCall.callback_id.in_(found))
        .order_by(Call.id)
    )
    for callback_id, call in rows:
        found[callback_id].append(call)
    return found
