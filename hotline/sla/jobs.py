"""What time does to tickets: reminders, escalation, the end of waiting, the archive."""

import datetime as dt
from functools import partial
from typing import Final, cast

from sqlalchemy import ColumnElement, Select, Table, case, exists, insert, select, update
from sqlalchemy.orm import Session

from hotline.core import upsert
from hotline.core.db import Transact, reading
from hotline.core.language import written, zone
from hotline.core.roles import system
from hotline.core.rounds import each_due
from hotline.core.words import N_
from hotline.deadlines import queries as deadlines
from hotline.deadlines.arithmetic import Limit
from hotline.sla import alarm, recipients
from hotline.sla.ladder import RUNNING, Rung, latest_due
from hotline.sla.models import Escalation, LadderRung
from hotline.sla.recipients import Hearers
from hotline.tickets import service as tickets
from hotline.tickets.guards import ARCHIVE_DAYS
from hotline.tickets.models import IS_OPEN, Ticket
from hotline.tickets.records import EventKind, Obligation, TicketEvent
from hotline.tickets.states import Action, State

CLOCK: Final = system("clock:escalate")
ESCALATION: Final = cast(Table, Escalation.__table__)
EVENT: Final = cast(Table, TicketEvent.__table__)


def escalate(transact: Transact, *, now: dt.datetime) -> int:
    """Tell each rung of the ladder of the tickets that have come to it; each hears once.

    A ticket, cycle and rung is one row of `escalation`, whichever clock writes it and
    however often it is tried. After a standstill all rungs that were missed hear at
    once, the lowest first.
    """
    with reading() as session:
        late = set(session.scalars(select(Ticket.urgency).where(*_late(now)).distinct()))
        rungs = [rung for rung in ladder(session) if rung.urgency in late] if late else []
        calendar = deadlines.calendar(session)
    return sum(
        each_due(
            transact,
            _at_rung(rung, latest_due(rung, now, calendar, zone())),
            Ticket.id,
            partial(_escalate, rung=rung, known={}, now=now),
        )
        for rung in rungs
    )


def ladder(session: Session) -> list[Rung]:
    """Return all rungs, the lowest of each urgency first."""
    rows = session.scalars(select(LadderRung).order_by(LadderRung.rung, LadderRung.urgency))
    return [
        Rung(
            row.urgency,
            row.rung,
            row.place,
            row.role,
            Limit.parse(row.patience) if row.patience else None,
        )
        for row in rows
    ]


def _at_rung(rung: Rung, latest: dt.datetime) -> Select[Ticket]:
    """Select the late tickets that have come to *rung* and were not told to it."""
    told = exists().where(
        Escalation.ticket_id == Ticket.id,
        Escalation.cycle == Ticket.cycle,
        Escalation.rung == rung.number,
    )
    return (
        select(Ticket)
        .where(*_late(latest), Ticket.urgency == rung.urgency, ~told)
        .order_by(Ticket.due_at)
    )


def _late(moment: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that the net clock runs on a ticket that was due at *moment*."""
    return (
        IS_OPEN,
        Ticket.state.in_(RUNNING),
        Ticket.due_at <= moment,
    )


def _escalate(
    session: Session, ticket: Ticket, *, rung: Rung, known: dict[int, Hearers], now: dt.datetime
) -> None:
    if not _first(session, ticket, rung, now):
        return
    _write_down(session, ticket, rung, now)
    if ticket.unit_id not in known:
        known[ticket.unit_id] = recipients.on_rung(session, rung, ticket.unit_id)
    alarm.tell(
        session,
        known[ticket.unit_id],
        ticket,
        "escalation",
        N_("工单 %(number)s 已超过时限 %(due)s，第 %(rung)s 级督办。"),
        params={"number": ticket.number, "due": written(ticket.due_at), "rung": rung.number},
        purpose=f"escalation:{ticket.id}:{ticket.cycle}:{rung.number}",
        sms="staff_overdue",
        now=now,
    )


def _first(session: Session, ticket: Ticket, rung: Rung, now: dt.datetime) -> bool:
    """Write the escalation; return False where another clock was first."""
    once = upsert.into(session, ESCALATION).on_conflict_do_nothing().returning(ESCALATION.c.id)
    row = {
        "ticket_id": ticket.id,
        "cycle": ticket.cycle,
        "rung": rung.number,
        "unit_id": ticket.unit_id,
        "at": now,
    }
    return session.execute(once, row).first() is not None


def _write_down(session: Session, ticket: Ticket, rung: Rung, now: dt.datetime) -> None:
    """Raise the level beside the ticket's version: nobody's open form goes stale by it."""
    raised = case(
        (Ticket.escalation_level < rung.number, rung.number), else_=Ticket.escalation_level
    )
    session.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id)
        .values(escalation_level=raised, touched_at=now)
        .execution_options(synchronize_session=False)
    )
    entry = {
        "ticket_id": ticket.id,
        "at": now,
        "kind": EventKind.ATTRIBUTE,
        "cycle": ticket.cycle,
        "actor_name": CLOCK.name,
        "detail": {"escalation": rung.number},
    }
    session.execute(insert(EVENT), entry)


def time_out_replies(transact: Transact, *, now: dt.datetime) -> int:
    """Hand back to its handler what waited for a caller in vain, after reminders."""
    return each_due(
        transact,
        _step_over(State.AWAITING_CALLER, now),
        Ticket.id,
        partial(_move, action=Action.REPLY_TIMEOUT, rule="clock:reply_timeout", now=now),
    )


def resume_suspended(transact: Transact, *, now: dt.datetime) -> int:
    """Take up again what was suspended until a review date that has come; supervisors hear."""
    suspended = _step_over(State.SUSPENDED, now)
    return each_due(transact, suspended, Ticket.id, partial(_resume, now=now))


def _resume(session: Session, ticket: Ticket, *, now: dt.datetime) -> None:
    """Return a suspended matter to whoever supervises it: settle it, or let it be asked again."""
    _move(session, ticket, action=Action.RESUME, rule="clock:resume", now=now)
    alarm.tell(
        session,
        {*recipients.unit_leads(session, ticket), *recipients.centre_leads(session)},
        ticket,
        "review",
        N_("工单 %(number)s 的挂账复核日期已到，已恢复办理，请督办：办结，或重新申请挂账。"),
        params={"number": ticket.number},
        purpose=f"review:{ticket.id}:{ticket.version}",
        sms=None,
        now=now,
    )


def archive_settled(transact: Transact, *, now: dt.datetime) -> int:
    """Archive surveyed tickets 30 days after they were resolved, if nothing is owed."""
    owed = exists().where(Obligation.ticket_id == Ticket.id, Obligation.closed_at.is_(None))
    due = (
        select(Ticket)
        .where(
            Ticket.state == State.SURVEYED,
            Ticket.resolved_at <= now - dt.timedelta(days=ARCHIVE_DAYS),
            ~owed,
        )
        .order_by(Ticket.resolved_at)
    )
    move = partial(_move, action=Action.ARCHIVE, rule="clock:archive", now=now)
    return each_due(transact, due, Ticket.id, move)


def _step_over(state: State, now: dt.datetime) -> Select[Ticket]:
    return select(Ticket).where(IS_OPEN, Ticket.state == state, Ticket.step_due_at <= now)


def _move(session: Session, ticket: Ticket, *, action: Action, rule: str, now: dt.datetime) -> None:
    tickets.perform(session, ticket, action, {}, actor=system(rule), now=now)
