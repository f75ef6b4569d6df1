"""What an operator sees of a caller while it rings: a handful of queries, whatever the history."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.callbacks import queries as callbacks
from hotline.callbacks.models import Callback
from hotline.calls.models import Call
from hotline.core.privacy import mask_name, mask_phone
from hotline.core.roles import Actor
from hotline.tickets import queries as tickets
from hotline.workers import queries as workers

EARLIER: Final = 5


@dataclass(frozen=True)
class ScreenPop:
    """The caller, what is open between us, and what we last promised.

    Attributes:
        worker_id: None until the carrier has told who calls.
        caller, name: Masked; a hidden number reads `–`.
        open_tickets: Their open tickets, newest first.
        last_promise: When the newest of these was promised an answer.
        callback: What we owe them for calls they missed us in.
        earlier: Their last calls before this one, newest first.
    """

    call: Call
    worker_id: int | None
    caller: str
    name: str
    language: str
    open_tickets: Sequence[Any]
    last_promise: dt.datetime | None
    callback: Callback | None
    earlier: Sequence[Call]


def screen_pop(session: Session, actor: Actor, call: Call) -> ScreenPop:
    """Return what *actor* may know of whoever calls; of an unknown caller nothing is invented."""
    if call.worker_id is None:
        return ScreenPop(call, None, "–", "–", call.language, (), None, None, ())
    worker = workers.by_id(session, call.worker_id)
    matters = tickets.open_of_worker(session, worker.id)
    newest = max(matters, key=lambda ticket: ticket.received_at, default=None)
    return ScreenPop(
        call=call,
        worker_id=worker.id,
        caller=mask_phone(worker.phone),
        name=mask_name(worker.name),
        language=worker.language,
        open_tickets=[*tickets.shown(session, actor, [each.id for each in matters]).values()],
        last_promise=newest.due_at if newest is not None else None,
        callback=callbacks.open_of(session, worker.id),
        earlier=_earlier(session, call),
    )


def _earlier(session: Session, call: Call) -> Sequence[Call]:
    return session.scalars(
        select(Call)
        .where(Call.worker_id == call.worker_id, Call.id < call.id)
        .order_by(Call.id.desc())
        .limit(EARLIER)
    ).all()
