"""Steps that need a second person: where nobody in the unit may take one, it rises and alarms.

Contract, section 6. A step's home is the first unit on the way up from the ticket's own where
somebody holds its role. If all who hold it there are barred, having done the work themselves,
the next unit up with somebody else hears of it, and so do the hotline's supervisors.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, String, cast, exists, literal, select
from sqlalchemy.orm import Session

from hotline.core.db import Transact, reading
from hotline.core.errors import TransitionNotAllowed
from hotline.core.roles import Role, system
from hotline.core.words import N_
from hotline.sla import alarm, recipients
from hotline.sla.models import Rise
from hotline.sla.recipients import Hearers
from hotline.tickets import approvals, timeline
from hotline.tickets.models import Ticket
from hotline.tickets.records import Approval, Decision, EventKind
from hotline.tickets.states import State

CLOCK: Final = system("clock:second_person")
#: Who takes the step of a state, and the column of who may not.
STEPS: Final = (
    (State.RESULT_REVIEW, Role.REVIEWER, Ticket.handler_id),
    (State.APPRAISAL_REVIEW, Role.SUPERVISOR, Ticket.reviewer_id),
)


class Task(NamedTuple):
    """A step that waits for a second person: whose turn it could be, and who is barred."""

    ticket_id: int
    occasion: str
    unit_id: int
    roles: tuple[Role, ...]
    barred: int


def raise_stuck(transact: Transact, *, now: dt.datetime) -> int:
    """Tell whoever can help of each step that nobody of its own unit may take; once a step.

    Returns:
        How many were raised.
    """
    with reading() as session:
        stuck = list(_stuck(session))
    return sum(transact(partial(_raise, task=task, now=now)) for task in stuck)


def _stuck(session: Session) -> Iterator[Task]:
    known: dict[tuple[object, ...], Hearers | None] = {}
    for task in (*_reviews(session), *_requests(session)):
        seat = (task.unit_id, task.roles, task.barred)
        if seat not in known:
            known[seat] = recipients.instead(session, *seat)
        if known[seat] is not None:
            yield task


def _reviews(session: Session) -> Iterator[Task]:
    for state, role, barred in STEPS:
        occasion = literal(f"{state}:") + cast(Ticket.cycle, String)
        rows = session.execute(
            select(Ticket.id, occasion, Ticket.unit_id, barred).where(
                Ticket.state == state, barred.is_not(None), ~_told(occasion)
            )
        )
        for ticket_id, named, unit_id, who in rows:
            yield Task(ticket_id, named, unit_id, (role,), who or 0)


def _requests(session: Session) -> Iterator[Task]:
    """Yield open requests; one whose ticket moved on can no longer be decided by anybody."""
    occasion = literal("approval:") + cast(Approval.id, String)
    rows = session.execute(
        select(Approval, Ticket, occasion)
        .join(Ticket, Ticket.id == Approval.ticket_id)
        .where(Approval.decision == Decision.ASKED, ~_told(occasion))
    )
    for asked, ticket, named in rows:
        with suppress(TransitionNotAllowed):
            deciders = approvals.deciders(asked, ticket)
            yield Task(ticket.id, named, ticket.unit_id, deciders, asked.asked_by)


def _told(occasion: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(Rise.ticket_id == Ticket.id, Rise.occasion == occasion)


def _raise(session: Session, *, task: Task, now: dt.datetime) -> bool:
    ticket = session.get_one(Ticket, task.ticket_id, with_for_update=True)
    told = select(Rise.id).where(Rise.ticket_id == ticket.id, Rise.occasion == task.occasion)
    helpers = recipients.instead(session, task.unit_id, task.roles, task.barred)
    if helpers is None or session.scalar(told):
        return False  # another clock was first, or somebody was hired meanwhile
    session.add(Rise(ticket_id=ticket.id, occasion=task.occasion, at=now))
    timeline.write(session, ticket, EventKind.ATTRIBUTE, actor=CLOCK, now=now, rose=task.occasion)
    alarm.tell(
        session,
        {*helpers, *recipients.centre_leads(session)},
        ticket,
        "second_person",
        N_("工单 %(number)s 等待第二人处理，所在单位没有可以处理的人，请接手或指定人员。"),
        params={"number": ticket.number},
        purpose=f"second:{ticket.id}:{task.occasion}",
        sms="staff_second",
        now=now,
    )
    return True
