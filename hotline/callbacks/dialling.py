"""Calling back by one click: the operator's line first, then the worker; facts say what came of it.

The number is the obligation's own worker's, never a request's. Whether they were reached
follows from the call; of one that was answered the operator's record decides, for a
mailbox answers too.
"""

import datetime as dt
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback, CallbackDial
from hotline.callbacks.service import keep, open_of, open_one
from hotline.callbacks.states import OPEN, Outcome
from hotline.calls import outbound
from hotline.calls.models import Call
from hotline.calls.states import Disposition, EndState
from hotline.core.errors import GuardFailed
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import one
from hotline.core.words import N_
from hotline.tickets.models import Ticket

#: What the carrier's last word on the worker's line means; of any other the worker knows nothing.
UNANSWERED: Final = {
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "failed": Outcome.SWITCHED_OFF,
}
#: What the operator's record says of an answered call that reached nobody.
IN_VAIN: Final = {
    Disposition.SILENT: Outcome.NO_ANSWER,
    Disposition.WRONG_NUMBER: Outcome.WRONG_NUMBER,
}


def dial(session: Session, actor: Actor, callback_id: int, *, now: dt.datetime) -> Call:
    """Ring *actor*'s line, and then the worker whom we owe a call.

    Raises:
        Forbidden: *actor* does not work callbacks or calls.
        GuardFailed: The debt is closed, or the call cannot be placed (`outbound.to_worker`).
        NotFound: There is no such callback.
    """
    require(actor, Permission.CALLBACK_WORK)
    return _dial(session, actor, open_one(session, callback_id), now=now)


def dial_for_ticket(session: Session, actor: Actor, ticket: Ticket, *, now: dt.datetime) -> Call:
    """Ring *actor*'s line, and then the worker of a ticket; an open callback is tied to it.

    Raises:
        Forbidden: *actor* does not work callbacks or calls.
        GuardFailed: The ticket has no worker, or the call cannot be placed.
    """
    require(actor, Permission.CALLBACK_WORK)
    if ticket.worker_id is None:
        raise GuardFailed(N_("对方没有可以拨打的号码。"), guard="may-dial")
    owed = open_of(session, ticket.worker_id)
    if owed is not None:
        return _dial(session, actor, owed, now=now, ticket_id=ticket.id)
    return outbound.to_worker(session, actor, ticket.worker_id, now=now, ticket_id=ticket.id)


def _dial(
    session: Session,
    actor: Actor,
    owed: Callback,
    *,
    now: dt.datetime,
    ticket_id: int | None = None,
) -> Call:
    call = outbound.to_worker(session, actor, owed.worker_id, now=now, ticket_id=ticket_id)
    session.add(CallbackDial(call_id=call.id, callback_id=owed.id, staff_id=actor.id or 0))
    return call


def settle(session: Session, *, now: dt.datetime, limit: int) -> int:
    """Make tries of the placed calls whose outcome is known, and return how many there were.

    A call in which the worker's telephone never rang is no try.
    """
    decided = or_(Call.end_state == EndState.NOT_REACHED, Call.disposition.is_not(None))
    rows = session.execute(
        select(CallbackDial, Call)
        .join(Call, Call.id == CallbackDial.call_id)
        .where(CallbackDial.settled_at.is_(None), Call.ended_at.is_not(None), decided)
        .order_by(CallbackDial.call_id)
        .limit(limit)
        .with_for_update(of=CallbackDial, skip_locked=True)
    ).all()
    for row, call in rows:
        row.settled_at = now
        outcome, owed = outcome_of(call), one(session, Callback, row.callback_id, lock=True)
        if outcome is not None and owed.state in OPEN:
            at, ticket_id = call.ended_at or now, call.ticket_id
            keep(session, owed, row.staff_id, outcome, now=at, ticket_id=ticket_id)
            session.flush()
    return len(rows)


def outcome_of(call: Call) -> Outcome | None:
    """Return what a placed call came to; None if the worker's telephone did not ring."""
    if call.answered_at is None:
        return UNANSWERED.get(call.carrier_status or "")
    return IN_VAIN.get(call.disposition, Outcome.REACHED) if call.disposition else None
