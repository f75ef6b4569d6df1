"""What the caller is told when something happens to the matter; each goes by the outbox."""

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from hotline.messages import service as messages
from hotline.messages.states import MessageKind
from hotline.tickets.models import Ticket
from hotline.workers import queries as workers

UNSAFE: Final = 3  # at this level of confidentiality nothing is written to the caller's phone


def result(session: Session, ticket: Ticket, reply: str, *, now: dt.datetime) -> None:
    """Write the caller how the matter ended."""
    _tell(session, ticket, MessageKind.RESULT, "result", now, reply=reply)


def rejected(
    session: Session, ticket: Ticket, reason: str, route: str, *, now: dt.datetime
) -> None:
    """Tell the caller why it is not for the hotline, and who it is for."""
    _tell(session, ticket, MessageKind.RESULT, "rejected", now, reason=reason, route=route)


def transferred(session: Session, ticket: Ticket, receiver: str, *, now: dt.datetime) -> None:
    """Tell the caller who has the matter now."""
    _tell(session, ticket, MessageKind.RESULT, "transferred", now, receiver=receiver)


def ask(session: Session, ticket: Ticket, missing: str, *, now: dt.datetime) -> None:
    """Ask the caller for what is missing."""
    _tell(session, ticket, MessageKind.ASK, "ask", now, missing=missing)


def upheld(session: Session, ticket: Ticket, reason: str, *, now: dt.datetime) -> None:
    """Tell the caller why the result stands."""
    _tell(session, ticket, MessageKind.NOTICE, "upheld", now, reason=reason)


def rework(session: Session, ticket: Ticket, *, now: dt.datetime) -> None:
    """Tell the caller that it is worked on again."""
    _tell(session, ticket, MessageKind.NOTICE, "rework", now)


def extension(session: Session, ticket: Ticket, due: str, *, now: dt.datetime) -> None:
    """Tell the caller that it takes longer, and until when."""
    _tell(session, ticket, MessageKind.NOTICE, "extension", now, due=due)


def _tell(
    session: Session,
    ticket: Ticket,
    kind: MessageKind,
    template: str,
    now: dt.datetime,
    **gaps: str,
) -> None:
    if ticket.worker_id is None or (ticket.confidential_level or 0) >= UNSAFE:
        return
    worker = workers.by_id(session, ticket.worker_id)
    if worker.phone is None:
        return
    messages.queue(
        session,
        to=worker.phone,
        kind=kind,
        purpose=f"{template}:{ticket.id}:{ticket.version}",
        template=template,
        params={"number": ticket.number, **gaps},
        ticket_id=ticket.id,
        worker_id=worker.id,
        language=worker.language,
        now=now,
    )
