"""Urgings reach whoever holds the matter, and those that nobody answered reach whoever leads."""

import datetime as dt
from functools import partial
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hotline.core.db import Transact
from hotline.core.language import written
from hotline.core.rounds import each_due
from hotline.core.words import N_
from hotline.sla import alarm, recipients
from hotline.sla.recipients import Hearer
from hotline.tickets.models import Ticket
from hotline.tickets.records import Urging

TO_LEADS: Final = 1  # from this level on the lead of the unit hears of it too


def tell(transact: Transact, *, now: dt.datetime) -> int:
    """Tell each new urging to whoever holds the matter."""
    return each_due(transact, _open(Urging.told_at.is_(None)), Urging.id, partial(_tell, now=now))


def tell_late(transact: Transact, *, now: dt.datetime) -> int:
    """Tell the leads, of the unit and of the hotline, of each urging without a receipt in time."""
    late = _open(Urging.due_at <= now, Urging.late_told_at.is_(None))
    return each_due(transact, late, Urging.id, partial(_tell_late, now=now))


def _open(*conditions: object) -> Select[Urging]:
    return select(Urging).where(Urging.closed_at.is_(None), *conditions)  # type: ignore[arg-type]  # columns compare to conditions


def _tell(session: Session, urging: Urging, *, now: dt.datetime) -> None:
    ticket = session.get_one(Ticket, urging.ticket_id)
    people: set[Hearer] = {*recipients.holders(session, ticket)}
    if urging.level >= TO_LEADS:
        people |= {*recipients.unit_leads(session, ticket)}
    urging.told_at = now
    alarm.tell(
        session,
        people,
        ticket,
        "urging",
        N_("工单 %(number)s 被催办，请在 %(due)s 前回执。")
        if urging.level == 0
        else N_("工单 %(number)s 列为 %(level)s 级督办，请在 %(due)s 前反馈。"),
        params={"number": ticket.number, "due": written(urging.due_at), "level": urging.level},
        purpose=f"urging:{urging.id}",
        sms="staff_urged" if urging.level else None,
        now=now,
    )


def _tell_late(session: Session, urging: Urging, *, now: dt.datetime) -> None:
    ticket = session.get_one(Ticket, urging.ticket_id)
    urging.late_told_at = now
    alarm.tell(
        session,
        {*recipients.unit_leads(session, ticket), *recipients.centre_leads(session)},
        ticket,
        "urging_late",
        N_("工单 %(number)s 的督办、催办到 %(due)s 没有回执。"),
        params={"number": ticket.number, "due": written(urging.due_at)},
        purpose=f"urging-late:{urging.id}",
        sms=None,
        now=now,
    )
