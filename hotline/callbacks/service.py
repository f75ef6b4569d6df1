"""What is owed to whoever did not reach us, what was tried, and how each debt is closed."""

import datetime as dt
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback, CallbackAttempt, CallbackCall
from hotline.callbacks.states import (
    FIRST_TRY,
    OPEN,
    PATIENCE,
    RETURNED,
    TRIES,
    URGENT_TRY,
    CallbackState,
    Outcome,
)
from hotline.calls import queries as calls
from hotline.calls.hours import next_open
from hotline.calls.models import Call
from hotline.calls.rows import note as record
from hotline.calls.states import Direction, Disposition, owes_callback
from hotline.core.errors import GuardFailed
from hotline.core.language import local
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import one
from hotline.core.tries import next_try, tried_enough
from hotline.core.words import N_
from hotline.messages import service as messages
from hotline.messages.states import MessageKind
from hotline.units import queries as units
from hotline.workers import queries as workers

CENTRE: Final = "hotline"


def heed(session: Session, call: Call, *, now: dt.datetime) -> None:
    """Draw what follows from a call: a debt, a debt withdrawn, or one paid by calling again.

    A call that we placed ourselves owes nothing and pays as `dialling` has it.

    Whatever is told of the call later, and however often, the last word counts: each
    missed call belongs to exactly one callback, an answered one to none.
    """
    if call.direction is Direction.OUTBOUND:
        return
    if call.end_state is not None and owes_callback(call.end_state):
        open_for(session, call, now=now)
    elif call.answered_at is not None:
        withdraw(session, call, now=now)
        _return(session, call, now=now)


def open_for(session: Session, call: Call, *, now: dt.datetime) -> None:
    """Owe a callback for a missed *call*; further calls of the same worker join the open one.

    A caller whose number is hidden cannot be called: their debt is closed as it opens,
    and the day's report counts it on a line of its own.
    """
    if call.disposition is Disposition.CALLBACK:
        _renew_reason(session, call)
    if call.disposition is not None or call.worker_id is None:
        return
    owed = open_of(session, call.worker_id)
    if owed is None:
        owed = _owed(session, call, call.worker_id, now=now)
        session.add(owed)
    elif call.turn_at is not None and owed.next_due_at is not None:
        owed.next_due_at = min(owed.next_due_at, _due(session, call, now=now))
    session.flush()
    session.add(CallbackCall(call_id=call.id, callback_id=owed.id))
    call.disposition = Disposition.CALLBACK
    record(session, call, "settled", now=now, disposition=call.disposition)
    session.flush()


def _owed(session: Session, call: Call, worker_id: int, *, now: dt.datetime) -> Callback:
    missed_at = call.ended_at or now
    row = Callback(
        worker_id=worker_id,
        call_id=call.id,
        unit_id=units.unit(session, CENTRE).id,
        state=CallbackState.OPEN,
        reason=call.end_state,
        opened_at=missed_at,
        next_due_at=_due(session, call, now=now),
        tries=0,
    )
    if workers.phone_of(session, worker_id) is None:
        _close(session, row, CallbackState.CLOSED_NO_NUMBER, now=missed_at)
    return row


def _due(session: Session, call: Call, *, now: dt.datetime) -> dt.datetime:
    """Return when to call first: at the turn of who asked for it, else within half an hour."""
    if call.turn_at is not None:
        return _staffed(session, call.turn_at)
    return _staffed(session, call.ended_at or now) + FIRST_TRY


def _renew_reason(session: Session, call: Call) -> None:
    """Let the debt say what is now known of the call that opened it."""
    session.execute(
        update(Callback).where(Callback.call_id == call.id).values(reason=call.end_state)
    )


def _staffed(session: Session, moment: dt.datetime) -> dt.datetime:
    """Return *moment*, or the next opening if nobody is there at that time."""
    return next_open(calls.hours(session), local(moment)).astimezone(dt.UTC)


def open_of(session: Session, worker_id: int) -> Callback | None:
    """Return the locked open callback of a worker, if there is one."""
    return session.scalar(
        select(Callback)
        .where(Callback.worker_id == worker_id, Callback.state.in_(OPEN))
        .with_for_update()
    )


def withdraw(session: Session, call: Call, *, now: dt.datetime) -> None:
    """Take back the debt of a call that turns out to have been answered after all."""
    link = session.get(CallbackCall, call.id)
    if link is None:
        return
    session.delete(link)
    session.flush()
    owed = session.get_one(Callback, link.callback_id)
    other = session.scalar(
        select(CallbackCall.call_id).where(CallbackCall.callback_id == owed.id).limit(1)
    )
    if other is not None:
        owed.call_id = other
        _tell(session, owed, "owed", now=now)
    elif owed.tries == 0:
        session.delete(owed)
    session.flush()


def _return(session: Session, call: Call, *, now: dt.datetime) -> None:
    """Close what is owed to a worker who called again within a day and was answered."""
    if call.worker_id is None or call.answered_at is None:
        return
    owed = open_of(session, call.worker_id)
    if owed is not None and owed.opened_at >= call.answered_at - RETURNED:
        owed.returned_by = call.id
        _close(session, owed, CallbackState.CLOSED_SELF_RETURNED, now=now)


def attempt(
    session: Session,
    actor: Actor,
    callback_id: int,
    outcome: Outcome,
    *,
    now: dt.datetime,
    note: str | None = None,
    ticket_id: int | None = None,
) -> Callback:
    """Keep that *actor* called back, and what came of it.

    Reached closes the debt. After three tries in two parts of the day over a day and a
    night the worker gets a message; before that the next try has its time.

    Raises:
        Forbidden: *actor* does not work callbacks.
        GuardFailed: The debt is closed.
        NotFound: There is no such callback.
    """
    require(actor, Permission.CALLBACK_WORK)
    owed = open_one(session, callback_id)
    keep(session, owed, actor.id, outcome, now=now, note=note, ticket_id=ticket_id)
    return owed


def open_one(session: Session, callback_id: int) -> Callback:
    """Return one callback that is still owed, held until the transaction ends.

    Raises:
        GuardFailed: The debt is closed.
        NotFound: There is no such callback.
    """
    owed = one(session, Callback, callback_id, lock=True)
    if owed.state not in OPEN:
        raise GuardFailed(N_("这个回拨任务已经结束。"), guard="open")
    return owed


def keep(
    session: Session,
    owed: Callback,
    staff_id: int | None,
    outcome: Outcome,
    *,
    now: dt.datetime,
    note: str | None = None,
    ticket_id: int | None = None,
) -> None:
    """Keep a try of an open callback, and go on as it came out."""
    row = CallbackAttempt(
        callback_id=owed.id, at=now, staff_id=staff_id, outcome=outcome, note=note
    )
    session.add(row)
    owed.tries += 1
    if outcome is Outcome.REACHED:
        owed.ticket_id = ticket_id
        _close(session, owed, CallbackState.CLOSED_REACHED, now=now)
    elif outcome is Outcome.WRONG_NUMBER:
        _close(session, owed, CallbackState.CLOSED_NO_NUMBER, now=now)
    elif owed.state is CallbackState.OPEN:
        _plan(session, owed, now=now)


def _plan(session: Session, owed: Callback, *, now: dt.datetime) -> None:
    """Set the time of the next try, or write to the worker after enough of them."""
    tried = session.scalars(
        select(CallbackAttempt.at).where(CallbackAttempt.callback_id == owed.id)
    )
    moments = [local(moment) for moment in tried]
    if tried_enough(TRIES, moments):
        _write(session, owed, now=now)
        owed.state, owed.next_due_at = CallbackState.SMS_SENT, now + PATIENCE
    else:
        owed.next_due_at = _staffed(session, next_try(TRIES, moments))


def _write(session: Session, owed: Callback, *, now: dt.datetime) -> None:
    worker = workers.by_id(session, owed.worker_id)
    messages.queue(
        session,
        to=worker.phone,
        kind=MessageKind.CALLBACK,
        template="callback_tried",
        purpose=f"callback:{owed.id}",
        worker_id=worker.id,
        language=worker.language,
        now=now,
    )


def register(
    session: Session, actor: Actor, callback_id: int, ticket_id: int, *, now: dt.datetime
) -> Callback:
    """Note that a callback led to a ticket: the worker was reached.

    Raises:
        Forbidden: *actor* does not work callbacks.
        GuardFailed: It was closed otherwise, or led to another ticket.
        NotFound: There is no such callback.
    """
    owed = one(session, Callback, callback_id, lock=True)
    if owed.state in OPEN:
        return attempt(session, actor, callback_id, Outcome.REACHED, now=now, ticket_id=ticket_id)
    require(actor, Permission.CALLBACK_WORK)
    if owed.state is not CallbackState.CLOSED_REACHED or owed.ticket_id not in {None, ticket_id}:
        raise GuardFailed(N_("这个回拨任务已经结束。"), guard="open")
    owed.ticket_id = ticket_id
    return owed


def replied(session: Session, worker_id: int, *, now: dt.datetime) -> bool:
    """Close what is owed to a worker who answered our message; return whether there was such."""
    owed = open_of(session, worker_id)
    if owed is None or owed.state is not CallbackState.SMS_SENT:
        return False
    _close(session, owed, CallbackState.CLOSED_REACHED, now=now)
    return True


def hasten(session: Session, call_id: int, *, now: dt.datetime) -> None:
    """Have whoever is owed a callback for a call called within five minutes, staffed or not.

    A debt that is closed stays so: they were reached, or there is no number to call.
    """
    link = session.get(CallbackCall, call_id)
    if link is None:
        return
    owed = one(session, Callback, link.callback_id, lock=True)
    if owed.state not in OPEN:
        return
    soon = now + URGENT_TRY
    owed.state, owed.urgent = CallbackState.OPEN, True
    owed.next_due_at = min(owed.next_due_at or soon, soon)
    _tell(session, owed, "hastened", now=now)


def close_unreachable(session: Session, *, now: dt.datetime, limit: int) -> int:
    """Close what stayed without an answer to our message; it never counts as answered."""
    silent = session.scalars(
        select(Callback)
        .where(Callback.state == CallbackState.SMS_SENT, Callback.next_due_at <= now)
        .order_by(Callback.next_due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for owed in silent:
        _close(session, owed, CallbackState.CLOSED_UNREACHABLE, now=now)
    return len(silent)


def _close(session: Session, owed: Callback, state: CallbackState, *, now: dt.datetime) -> None:
    owed.state, owed.closed_at, owed.next_due_at = state, now, None
    _tell(session, owed, "owed_settled", now=now)


def _tell(session: Session, owed: Callback, kind: str, *, now: dt.datetime) -> None:
    """Leave a line in the record of the call behind a debt: others count by it."""
    record(session, session.get_one(Call, owed.call_id), kind, now=now, state=owed.state)
