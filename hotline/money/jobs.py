"""What the clock does for money: an instalment that did not come opens the follow-up again."""

import datetime as dt
from functools import partial
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import Transact
from hotline.core.language import local
from hotline.core.roles import system
from hotline.core.rounds import each_due
from hotline.money.amounts import yuan
from hotline.money.models import Claim, Instalment
from hotline.tickets import timeline, urging
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind
from hotline.tickets.states import ENDED, SETTLED

CLOCK: Final = system("clock:missed_instalment")
LEVEL: Final = 1  # of supervision: somebody answers in words what was done


def follow_up(transact: Transact, *, now: dt.datetime) -> int:
    """Supervise the matters whose instalment was due by yesterday and is not paid; each once.

    A settled one is proposed to the supervisor to be opened again, too: only a person reopens.
    """
    missed = select(Instalment).where(
        Instalment.paid_at.is_(None),
        Instalment.missed_at.is_(None),
        Instalment.due_on < local(now).date(),
    )
    return each_due(transact, missed, Instalment.id, partial(_missed, now=now))


def _missed(session: Session, part: Instalment, *, now: dt.datetime) -> None:
    part.missed_at = now
    claim = session.get_one(Claim, part.claim_id)
    ticket = session.get_one(Ticket, claim.ticket_id)
    if ticket.state in ENDED:
        return
    text = f"分期款 {yuan(part.amount)} 元应于 {part.due_on} 到账，没有登记到账"
    timeline.write(
        session, ticket, EventKind.MONEY, actor=CLOCK, now=now, note=text, missed=part.id
    )
    urging.ask(session, ticket, LEVEL, text, actor=CLOCK, now=now)
    if ticket.state in SETTLED:
        timeline.write(session, ticket, EventKind.PROPOSAL, actor=CLOCK, now=now, proposed="reopen")
