"""The shapes of answers: what a ticket, a call, a message look like to a program."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from hotline.api.endpoint import Model
from hotline.core.db import Session
from hotline.core.privacy import mask_phone
from hotline.core.roles import Actor
from hotline.deadlines import telling
from hotline.staff import queries as staff
from hotline.staff.models import Staff
from hotline.surveys import queries as surveys
from hotline.tickets import demands, links, tags
from hotline.tickets import queries as tickets
from hotline.tickets.links import Linked
from hotline.tickets.models import Ticket
from hotline.tickets.secrecy import Part
from hotline.tickets.veils import all_seen
from hotline.units import queries as units
from hotline.units.models import Unit
from hotline.workers import queries as workers
from hotline.workers.models import Worker

Item = TypeVar("Item", bound=BaseModel)


class Listed(Model, Generic[Item]):
    """A page of a list: the items, and the cursor of the next page or null."""

    items: Sequence[Item]
    next: str | None


class TicketLine(Model):
    """A ticket in a list."""

    number: str
    state: str
    version: int
    channel: str
    category: str | None
    demand_type: str | None
    region: str | None
    unit: str
    handler: str | None
    urgency: str
    mass: bool
    confidential_level: int | None
    subject: str
    caller_masked: str
    employer: str | None
    received_at: dt.datetime
    due_at: dt.datetime
    due_original: dt.datetime
    step_due_at: dt.datetime | None
    resolved_at: dt.datetime | None
    outcome: str | None
    escalation_level: int
    supervision_level: int
    cycle: int
    overdue: bool


class Event(Model):
    """An entry of a ticket's timeline."""

    at: dt.datetime
    kind: str
    action: str | None
    from_state: str | None
    to_state: str | None
    actor: str
    note: str | None
    fields: dict[str, Any]
    detail: dict[str, Any]


class SurveyShape(Model):
    """The survey of a ticket's present cycle."""

    state: str
    outcome: str | None
    score: int | None
    channel: str | None
    asked_at: dt.datetime | None
    answered_at: dt.datetime | None


class DemandShape(Model):
    """One thing the caller asks for, and what came of it."""

    id: str
    text: str
    withdrawn_at: dt.datetime | None
    outcome: str | None


class LinkShape(Model):
    """Another ticket that belongs with it; `number` is null where the asker may not find it."""

    id: str
    kind: str
    number: str | None


class UrgeShape(Model):
    """An urging (level 0) or supervision (1 to 3) and its receipt."""

    id: str
    level: int
    text: str
    asked_at: dt.datetime
    due_at: dt.datetime
    closed_at: dt.datetime | None
    answer: str | None


class TicketShape(TicketLine):
    """A ticket with its story."""

    narrative: str
    due_explained: Sequence[str]
    survey: SurveyShape | None
    merged_into: str | None
    tags: Sequence[str]
    demands: Sequence[DemandShape]
    links: Sequence[LinkShape]
    urges: Sequence[UrgeShape]
    allowed_actions: Sequence[str]
    events: Sequence[Event]


class ApprovalShape(Model):
    """A step that waits for a second person."""

    approval: str
    action: str
    ticket: str
    asked_by: str
    asked_at: dt.datetime
    decision: str


@dataclass(frozen=True)
class Names:
    """The rows that tickets refer to, loaded at once."""

    units: Mapping[int, Unit]
    workers: Mapping[int, Worker]
    staff: Mapping[int, Staff]


def names(session: Session, rows: Sequence[Any]) -> Names:
    """Load what *rows* refer to: three queries however many rows."""
    return Names(
        units.units_by_ids(session, {row.unit_id for row in rows}),
        workers.by_ids(session, {row.worker_id for row in rows if row.worker_id}),
        staff.staff_by_ids(session, {row.handler_id for row in rows if row.handler_id}),
    )


def line(ticket: Any, known: Names, now: dt.datetime) -> TicketLine:
    """Return *ticket*, as the asker sees it, as a line of a list."""
    return TicketLine(**_line(ticket, known, now))


def whole(session: Session, ticket: Ticket, actor: Actor, now: dt.datetime) -> TicketShape:
    """Return *ticket* with its story and what *actor* may do."""
    story = tickets.story(session, actor, ticket)
    into = tickets.by_ids(session, [ticket.merged_into_id] if ticket.merged_into_id else [])
    return TicketShape(
        **_line(story.ticket, names(session, [ticket]), now),
        narrative=story.ticket.narrative,
        due_explained=telling.all_told(ticket.due_explained),
        survey=_survey(session, ticket, actor),
        merged_into=next((row.number for row in into.values()), None),
        tags=[tag.name for tag in tags.of(session, [story.ticket]).get(ticket.id, ())],
        demands=[_demand(row) for row in all_seen(demands.of(session, ticket.id), story.sights)],
        links=[_link(each) for each in links.of(session, actor, ticket)],
        urges=[_urge(row) for row in story.urgings],
        allowed_actions=tickets.allowed(session, ticket, actor, now),
        events=[event(row) for row in story.events],
    )


def _demand(row: Any) -> DemandShape:
    return DemandShape(
        id=str(row.id), text=row.text, withdrawn_at=row.withdrawn_at, outcome=row.outcome
    )


def _link(each: Linked) -> LinkShape:
    number = each.ticket.number if each.ticket else None
    return LinkShape(id=str(each.link.id), kind=each.link.kind, number=number)


def _urge(row: Any) -> UrgeShape:
    same = (name for name in UrgeShape.model_fields if name != "id")
    return UrgeShape(id=str(row.id), **{name: getattr(row, name) for name in same})


def event(row: Any) -> Event:
    """Return one entry of the timeline."""
    return Event(
        at=row.at,
        kind=row.kind,
        action=row.action,
        from_state=row.from_state,
        to_state=row.to_state,
        actor=row.actor_name,
        note=row.note,
        fields=row.fields,
        detail=row.detail,
    )


def _line(ticket: Any, known: Names, now: dt.datetime) -> dict[str, Any]:
    worker = known.workers.get(ticket.worker_id or 0)
    handler = known.staff.get(ticket.handler_id or 0)
    same = (name for name in TicketLine.model_fields if name not in OTHERWISE)
    return {
        **{name: getattr(ticket, name) for name in same},
        "category": ticket.category_code,
        "region": ticket.region_code,
        "unit": known.units[ticket.unit_id].code,
        "handler": handler.login if handler else None,
        "caller_masked": mask_phone(worker.phone if worker and _named(ticket) else None),
        "overdue": tickets.is_overdue(ticket, now),
    }


def _named(ticket: Any) -> bool:
    return not ticket.anonymous and not ticket.sight.hides(Part.NAME)


OTHERWISE = frozenset({"category", "region", "unit", "handler", "caller_masked", "overdue"})


def _survey(session: Session, ticket: Ticket, actor: Actor) -> SurveyShape | None:
    row = surveys.of_cycle(session, ticket)
    if row is None or not surveys.told(session, actor, [row]):
        return None
    return SurveyShape(
        state=row.state,
        outcome=ticket.survey_outcome,
        score=row.score,
        channel=row.channel,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
    )
