"""What the caller is told when something happens to the matter; each goes by the outbox."""

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from hotline.messages import service as messages
from hotline.messages.states import MessageKind
from hotline.tickets.joining import joined
from hotline.tickets.models import Ticket
from hotline.tickets.states import UNDO_FOR
from hotline.workers import queries as workers

AT_ONCE: Final = dt.timedelta()
UNSAFE: Final = 3  # at this level of confidentiality nothing is written to the caller's phone


def result(session: Session, ticket: Ticket, reply: str, *, now: dt.datetime) -> None:
    """Write the caller how the matter ended; so, too, those whose tickets were merged into it."""
    others = [each for each in joined(session, ticket) if each.worker_id != ticket.worker_id]
    _tell(session, ticket, MessageKind.RESULT, "result", now, reply=reply)
    occasion = f"{ticket.id}:{ticket.version}"
    for each in others:
        _tell(session, each, MessageKind.RESULT, "result", now, occasion, reply=reply)


def merged(session: Session, ticket: Ticket, *, now: dt.datetime) -> None:
    """Tell the caller that the matter goes on together with another of the same kind."""
    _tell(session, ticket, MessageKind.NOTICE, "merged", now, held=UNDO_FOR)


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
    _tell(session, ticket, MessageKind.ASK, "ask", now, held=UNDO_FOR, missing=missing)


def upheld(session: Session, ticket: Ticket, reason: str, *, now: dt.datetime) -> None:
    """Tell the caller why the result stands."""
    _tell(session, ticket, MessageKind.NOTICE, "upheld", now, reason=reason)


def rework(session: Session, ticket: Ticket, *, now: dt.datetime) -> None:
    """Tell the caller that it is worked on again."""
    _tell(session, ticket, MessageKind.NOTICE, "rework", now)


def extension(session: Session, ticket: Ticket, due: str, *, now: dt.datetime) -> bool:
    """Tell the caller that it takes longer, and until when; return whether an SMS can."""
    return _tell(session, ticket, MessageKind.NOTICE, "extension", now, due=due)


def _tell(
    session: Session,
    ticket: Ticket,
    kind: MessageKind,
    template: str,
    now: dt.datetime,
    occasion: str | None = None,
    held: dt.timedelta = AT_ONCE,
    **gaps: str,
) -> bool:
    if ticket.worker_id is None or (ticket.confidential_level or 0) >= UNSAFE:
        return False
    worker = workers.by_id(session, ticket.worker_id)
    if worker.phone is None:
        return False
    return messages.queue(
        session,
        to=worker.phone,
        kind=kind,
        purpose=f"{template}:{ticket.id}:{occasion or ticket.version}",
        template=template,
        params={"number": ticket.number, **gaps},
        ticket_id=ticket.id,
        worker_id=worker.id,
        language=worker.language,
        due_at=now + held,
        now=now,
    )
