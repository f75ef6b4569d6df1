"""What belongs beside a ticket on its page: units, people, places, messages, calls, surveys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotline.core.db import Session
from hotline.core.pin import pin_of
from hotline.core.roles import Actor, Permission
from hotline.messages import queries as messages
from hotline.recordings import queries as recordings
from hotline.staff import queries as staff
from hotline.surveys import queries as surveys
from hotline.tickets import approvals, catalogue, queries
from hotline.tickets.models import Category, Ticket
from hotline.tickets.queries import Story
from hotline.tickets.records import Approval
from hotline.units import queries as units
from hotline.units.models import Region, Unit
from hotline.web.recordings import Player, players
from hotline.web.told import Tell, teller
from hotline.workers import queries as workers
from hotline.workers.models import Worker


@dataclass(frozen=True)
class Page:
    """All that one ticket's page shows beside the ticket."""

    category: Category | None
    unit: Unit
    region: Region | None
    worker: Worker | None
    story: Story
    messages: Sequence[Any]
    surveys: Sequence[Any]
    recordings: Sequence[Player]
    decidable: frozenset[int]
    others: Sequence[Ticket]
    people: Mapping[int, str]
    tell: Tell
    pin: str


def of_ticket(session: Session, actor: Actor, ticket: Ticket) -> Page:
    """Return the page of *ticket* as *actor* may see it."""
    story = queries.story(session, ticket)
    reads = actor.may(Permission.MESSAGE_READ)
    hears = actor.may(Permission.RECORDING_PLAY)
    return Page(
        category=catalogue.category(session, ticket.category_code),
        unit=units.by_id(session, ticket.unit_id),
        region=units.region(session, ticket.region_code) if ticket.region_code else None,
        worker=workers.by_id(session, ticket.worker_id) if ticket.worker_id else None,
        story=story,
        messages=messages.of_ticket(session, ticket.id) if reads else (),
        surveys=surveys.of_ticket(session, ticket.id),
        recordings=players(session, recordings.of_ticket(session, ticket)) if hears else (),
        decidable=frozenset(each.id for each in story.approvals if _decides(actor, each, ticket)),
        others=_others(session, actor, ticket),
        people=_names(session, ticket, story),
        tell=teller(session, story.events),
        pin=pin_of(ticket.id),
    )


def _names(session: Session, ticket: Ticket, story: Story) -> dict[int, str]:
    """Return the names of the staff who act or acted; rules keep the name they act under."""
    ids = {each for each in (ticket.handler_id, *(e.actor_id for e in story.events)) if each}
    return {row.id: row.name for row in staff.staff_by_ids(session, ids).values()}


def _decides(actor: Actor, request: Approval, ticket: Ticket) -> bool:
    if actor.id == request.asked_by or request.ticket_id != ticket.id:
        return False
    return bool(actor.roles & frozenset(approvals.deciders(request, ticket)))


def _others(session: Session, actor: Actor, ticket: Ticket) -> Sequence[Ticket]:
    """Return the worker's other open matters, for those who see the whole region."""
    if ticket.worker_id is None or actor.scope not in queries.WHOLE_TREE:
        return ()
    found = queries.open_of_worker(session, ticket.worker_id)
    return [other for other in found if other.id != ticket.id]
