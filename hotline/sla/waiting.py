"""Waiting for a caller: reminders by SMS, or by whoever handles the matter where none can go."""

import datetime as dt
from functools import partial
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.core.db import Transact, reading
from hotline.core.rounds import MOST, each_due
from hotline.core.words import N_
from hotline.messages import service as messages
from hotline.messages.models import Message
from hotline.messages.rules import Rules
from hotline.messages.states import MessageKind
from hotline.sla import alarm, recipients
from hotline.telephony.numbers import may_text
from hotline.tickets.models import IS_OPEN, Ticket
from hotline.tickets.states import State
from hotline.workers import queries as workers
from hotline.workers.models import Worker

REMINDED_AT: Final = (1 / 3, 2 / 3)  # of the time a caller has to answer
UNSAFE: Final = 3  # at this level nothing is written to the caller's phone


def remind_callers(transact: Transact, *, rules: Rules, now: dt.datetime) -> int:
    """Remind callers twice of what they were asked for, outside the quiet hours."""
    if rules.quiet and rules.quiet.until(now):
        return 0
    waiting = select(Ticket).where(
        IS_OPEN,
        Ticket.state == State.AWAITING_CALLER,
        Ticket.caller_reminders < len(REMINDED_AT),
    )
    with reading() as session:
        due = [row.id for row in session.execute(_times(waiting)) if _is_due(row, now)]
    if not due:
        return 0
    return each_due(
        transact,
        waiting.where(Ticket.id.in_(due)),
        Ticket.id,
        partial(_remind, rules=rules, now=now),
    )


def _times(waiting: Any) -> Any:
    return waiting.with_only_columns(
        Ticket.id, Ticket.paused_since, Ticket.step_due_at, Ticket.caller_reminders
    ).limit(MOST)


def _is_due(row: Any, now: dt.datetime) -> bool:
    share = REMINDED_AT[row.caller_reminders]
    return bool(row.paused_since + (row.step_due_at - row.paused_since) * share <= now)


def _remind(session: Session, ticket: Ticket, *, rules: Rules, now: dt.datetime) -> None:
    if not _is_due(ticket, now):
        return
    count = ticket.caller_reminders + 1
    session.execute(  # beside the version: nobody's open form goes stale by it
        update(Ticket).where(Ticket.id == ticket.id).values(caller_reminders=count)
    )
    worker = workers.by_id(session, ticket.worker_id) if ticket.worker_id else None
    purpose = f"ask_again:{ticket.id}:{ticket.version}:{count}"
    if worker is not None and _may_write(ticket, worker, rules):
        _text(session, ticket, worker, purpose, now)
        return
    alarm.tell(
        session,
        recipients.holders(session, ticket),
        ticket,
        "ask_again",
        N_("工单 %(number)s 仍在等职工补充，请电话提醒。"),
        params={"number": ticket.number},
        purpose=purpose,
        sms=None,
        now=now,
    )


def _may_write(ticket: Ticket, worker: Worker, rules: Rules) -> bool:
    return (
        (ticket.confidential_level or 0) < UNSAFE
        and worker.opted_out_at is None
        and may_text(worker.phone, rules.prefixes)
    )


def _text(session: Session, ticket: Ticket, worker: Worker, purpose: str, now: dt.datetime) -> None:
    messages.queue(
        session,
        to=worker.phone,
        kind=MessageKind.REMIND,
        purpose=purpose,
        template="ask_again",
        params={"number": ticket.number, "missing": _missing(session, ticket)},
        language=worker.language,
        ticket_id=ticket.id,
        worker_id=worker.id,
        now=now,
    )


def _missing(session: Session, ticket: Ticket) -> str:
    """Return what the caller was last asked for."""
    params = session.scalar(
        select(Message.params)
        .where(Message.ticket_id == ticket.id, Message.kind == MessageKind.ASK)
        .order_by(Message.id.desc())
        .limit(1)
    )
    return str((params or {}).get("missing", "…"))
