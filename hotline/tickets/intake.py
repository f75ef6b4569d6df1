"""A new matter: what is known when it comes in, and the few statements that keep it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from hotline.core import upsert
from hotline.core.bundle import written_number
from hotline.core.db import new_id
from hotline.core.language import zone
from hotline.core.privacy import blind_index
from hotline.core.roles import Actor
from hotline.tickets import clocks
from hotline.tickets.models import Channel, DayCounter, DemandType, Ticket, Urgency
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import State

SUBJECT_LENGTH: Final = 40
CENTRE_ID: Final = 2  # the hotline centre's row among the reference units


@dataclass(frozen=True)
class Intake:
    """What is known of a new matter, named as the columns of `Ticket`; most may come later."""

    channel: Channel
    narrative: str
    subject: str = ""
    worker_id: int | None = None
    anonymous: bool = False
    category_code: str | None = None
    demand_type: DemandType | None = None
    region_code: str | None = None
    confidential_level: int | None = None
    employer: str | None = None
    employer_id: int | None = None
    project: str | None = None
    head_count: int | None = None
    foreign_number: str | None = None
    urgency: Urgency = Urgency.NORMAL
    mass: bool = False
    unknown: list[str] | None = None
    about_unit_id: int | None = None

    @property
    def classified(self) -> bool:
        """Whether category, region, demand type and confidentiality are chosen."""
        chosen = (self.category_code, self.region_code, self.demand_type, self.confidential_level)
        return all(value is not None for value in chosen)


@dataclass(frozen=True)
class Receipt:
    """A new ticket's id, its number, and until when an answer is promised."""

    id: int
    number: str
    due_at: dt.datetime


def receive(
    session: Session,
    matter: Intake,
    *,
    actor: Actor,
    now: dt.datetime,
    ticket_id: int | None = None,
) -> Receipt:
    """Write a new matter down as a ticket in `received`.

    Call it last in a transaction: the number is taken from the day's counter, whose
    row is locked until the commit. Rows that refer to the ticket may be written
    before it under *ticket_id* (from `new_id`), their foreign keys are deferred.
    Numbers have no gaps: a rolled-back transaction gives its number back.
    """
    ticket_id = ticket_id or new_id()
    connection = session.connection()
    connection.execute(insert(TicketEvent), _first_event(ticket_id, matter, actor, now))
    row = beginning(session, ticket_id, matter, received_at=now, clock_from=now)
    connection.execute(insert(Ticket), row)
    return Receipt(ticket_id, row["number"], row["due_at"])


def beginning(
    session: Session,
    ticket_id: int,
    matter: Intake,
    *,
    received_at: dt.datetime,
    clock_from: dt.datetime,
) -> dict[str, Any]:
    """Return the columns of a new ticket, and take its number: the day's row is locked by that.

    Raises:
        NotFound: No version of its service class was valid when it was received.
    """
    code = clocks.class_of(matter, received_at)
    due = clocks.finish(session, code, clock_from, born=received_at)
    return vars(matter) | {
        "id": ticket_id,
        "version": 1,
        "state": State.RECEIVED,
        "subject": matter.subject or shortened(matter.narrative),
        "employer_key": employer_key(matter.employer),
        "project_key": project_key(matter.project),
        "unit_id": CENTRE_ID,
        "class_code": code,
        "received_at": received_at,
        "clock_from": clock_from,
        "touched_at": clock_from,
        "due_at": due.at,
        "due_original": due.at,
        "due_explained": list(due.steps),
        "due_provisional": due.provisional,
        "step_due_at": clocks.limit(session, clocks.DISPATCH, clock_from),
        "number": _next_number(session, received_at),
    }


def shortened(text: str) -> str:
    """Return the first words of *text*, for a subject line."""
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1] + "…"


def employer_key(name: str | None) -> bytes | None:
    """Return the look-up form of an employer's *name*, blind to spaces and width."""
    return _key("employer", name)


def project_key(name: str | None) -> bytes | None:
    """Return the look-up form of the *name* of a project, a site or a station."""
    return _key("project", name)


def _key(kind: str, name: str | None) -> bytes | None:
    return blind_index(f"{kind}:{''.join(name.split()).casefold()}") if name else None


def _first_event(
    ticket_id: int, matter: Intake, actor: Actor, now: dt.datetime
) -> dict[str, object]:
    return {
        "ticket_id": ticket_id,
        "at": now,
        "kind": EventKind.CALLER,
        "to_state": State.RECEIVED,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "detail": {"channel": matter.channel},
    }


def _next_number(session: Session, at: dt.datetime) -> str:
    """Take the next number of the local day: `261122-0007`."""
    day = at.astimezone(zone()).date()
    first = upsert.into(session, DayCounter).values(day=day, n=1)
    again = first.on_conflict_do_update(index_elements=["day"], set_={"n": DayCounter.n + 1})
    counted = session.connection().execute(again.returning(DayCounter.n))
    return written_number(day, counted.scalar_one())
