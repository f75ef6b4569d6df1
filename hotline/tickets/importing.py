"""A matter that began elsewhere: taken over with what is known of it, and nothing made up.

Its timeline begins with the entry that says so. One that is open begins in `received`, with
the clock of the hotline's own promise running from now. One that was settled stands in
`surveyed`, with its result; nobody here asked the caller about it, and nobody is told of it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from hotline.core.db import new_id
from hotline.core.errors import Forbidden
from hotline.core.roles import Actor, Permission, require
from hotline.tickets.guards import ARCHIVE_DAYS
from hotline.tickets.intake import Intake, Receipt, beginning
from hotline.tickets.models import Outcome, SurveyOutcome, Ticket
from hotline.tickets.records import EventKind, TicketEvent, TicketResult
from hotline.tickets.sight import central
from hotline.tickets.states import State

STATES: Final = (State.RECEIVED, State.SURVEYED)  # in which a matter may be taken over


@dataclass(frozen=True)
class Ending:
    """How a matter ended elsewhere."""

    outcome: Outcome
    reply: str
    at: dt.datetime


def take_over(
    session: Session,
    matter: Intake,
    *,
    received_at: dt.datetime,
    ending: Ending | None,
    import_id: int,
    actor: Actor,
    now: dt.datetime,
) -> Receipt:
    """Write a matter down that was received elsewhere under `matter.foreign_number`.

    Its number is one of the day it was received on. Call it last in a transaction.

    Raises:
        Forbidden: *actor* takes no matters in for the hotline.
        NotFound: It was received before there were service classes.
    """
    require(actor, Permission.TICKET_WRITE)
    if actor.id is not None and not central(actor):
        raise Forbidden
    ticket_id, connection = new_id(), session.connection()
    begun = received_at if ending else now
    row = beginning(session, ticket_id, matter, received_at=received_at, clock_from=begun)
    row |= {"import_id": import_id, "touched_at": now, **(_ended(ending) if ending else {})}
    first = _first_event(ticket_id, matter, received_at, row["state"], actor, now)
    connection.execute(insert(TicketEvent), first)
    connection.execute(insert(Ticket), row)
    if ending:
        session.add(
            TicketResult(
                ticket_id=ticket_id, cycle=1, outcome=ending.outcome, reply=ending.reply,
                submitted_at=ending.at, approved_at=ending.at,
            )
        )  # fmt: skip
    return Receipt(ticket_id, row["number"], row["due_at"])


def _ended(ending: Ending) -> dict[str, Any]:
    return {
        "state": State.SURVEYED,
        "outcome": ending.outcome,
        "submitted_at": ending.at,
        "resolved_at": ending.at,
        "survey_outcome": SurveyOutcome.NOT_POSSIBLE,
        "step_due_at": ending.at + dt.timedelta(days=ARCHIVE_DAYS),
    }


def _first_event(
    ticket_id: int,
    matter: Intake,
    received_at: dt.datetime,
    state: State,
    actor: Actor,
    now: dt.datetime,
) -> dict[str, Any]:
    return {
        "ticket_id": ticket_id,
        "at": now,
        "kind": EventKind.IMPORT,
        "to_state": state,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "detail": {
            "channel": matter.channel,
            "outside": matter.foreign_number,
            "received_at": received_at.isoformat(),
        },
    }
