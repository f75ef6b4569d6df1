"""What belongs beside a ticket on its page: units, people, places, messages, calls, surveys."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from hotline.calls import legs as parties
from hotline.calls.legs import Outside
from hotline.core.db import Session
from hotline.core.pin import pin_of
from hotline.core.roles import Actor, Permission
from hotline.core.time import utcnow
from hotline.intake import aftercare
from hotline.knowledge import basis
from hotline.knowledge import queries as knowledge
from hotline.knowledge.basis import Basis
from hotline.knowledge.queries import Entry
from hotline.messages import queries as messages
from hotline.recordings import queries as recordings
from hotline.staff import queries as staff
from hotline.staff.models import Staff
from hotline.surveys import queries as surveys
from hotline.tickets import (
    approvals,
    catalogue,
    clocks,
    confidence,
    demands,
    facts,
    forms,
    queries,
    reaching,
    sight,
    tags,
    telltale,
    undo,
)
from hotline.tickets.contact import NO_CONTACT, Way
from hotline.tickets.models import Category, Ticket
from hotline.tickets.queries import Story
from hotline.tickets.records import Approval, TicketResult
from hotline.tickets.secrecy import UNASKED, Part, Sight, level_of
from hotline.tickets.states import ENDED
from hotline.tickets.tags import Tag
from hotline.tickets.veils import all_seen, seen
from hotline.units import queries as units
from hotline.units.models import Region, Unit
from hotline.web import joins, legs, money, reviews
from hotline.web.filters import name_of
from hotline.web.limitation import Limits, limits
from hotline.web.recordings import Player, players
from hotline.web.told import Lines, Tell, teller, told_facts
from hotline.web.words import WAYS
from hotline.workers import queries as workers


class Tagged(NamedTuple):
    """The tags on a ticket, those that may be added to it, and those that may be taken off."""

    on: Sequence[Tag]
    settable: Sequence[Tag]
    removable: Sequence[Tag]


@dataclass(frozen=True)
class Page:
    """All that one ticket's page shows beside the ticket."""

    category: Category | None
    unit: Unit
    rules: Any
    contact_by: dt.datetime | None  # by when the worker must be reached, while they were not
    limits: Limits
    region: Region | None
    worker: Any
    story: Story
    facts: Mapping[str, Any] | None
    demands: Sequence[Any]
    promises: Sequence[Any]
    legs: legs.Legs
    joins: joins.Joins
    review: reviews.Review | None
    money: money.Money | None
    messages: Sequence[Any]
    surveys: Sequence[Any]
    turned: bool  # satisfied now, dissatisfied before, and the unit rang in between
    recordings: Sequence[Player]
    crises: Sequence[Any]
    outside: Sequence[Outside]
    decidable: frozenset[int]
    others: Sequence[Ticket]
    tagged: Tagged
    telling: Sequence[str]
    people: Mapping[int, str]
    tell: Tell
    tell_facts: Callable[[Mapping[str, Any]], Lines]
    ways: Mapping[Way, str]
    excuses: Mapping[str, str]
    law_lines: Callable[[Iterable[Basis]], list[str]]
    pin: str
    reachable: bool
    undo: undo.Undoable | None
    about: Unit | None
    keepers: Mapping[int, Staff]
    cited: Mapping[int, Entry]


def of_ticket(session: Session, actor: Actor, ticket: Ticket) -> Page:
    """Return the page of *ticket* as *actor* may see it."""
    story = queries.story(session, actor, ticket)
    hears = actor.may(Permission.RECORDING_PLAY) and not story.sight.hides(Part.FILES)
    worker = workers.by_id(session, ticket.worker_id) if ticket.worker_id else None

    def veiled(rows: Iterable[Any]) -> list[Any]:
        return [seen(row, story.sight) for row in rows]

    return Page(
        category=catalogue.category(session, ticket.category_code),
        unit=units.by_id(session, ticket.unit_id),
        rules=clocks.rules(session, ticket),
        contact_by=reaching.owed(session, ticket),
        limits=limits(session, ticket),
        region=units.region(session, ticket.region_code) if ticket.region_code else None,
        worker=seen(worker, story.sight) if worker else None,
        story=story,
        facts=_facts(session, ticket, story.sight),
        demands=veiled(demands.of(session, ticket.id)),
        promises=veiled(demands.promises(session, ticket.id)),
        legs=legs.of_ticket(session, actor, ticket, story),
        joins=joins.of_ticket(session, actor, ticket, story),
        money=money.of_ticket(session, ticket, story.sight),
        review=reviews.of_ticket(session, ticket, _last(story, ticket), worker),
        messages=_messages(session, actor, story) if actor.may(Permission.MESSAGE_READ) else (),
        turned=surveys.oversees(session, actor) and surveys.changed_after_call(session, ticket),
        surveys=veiled(surveys.told(session, actor, surveys.of_ticket(session, ticket.id))),
        recordings=players(session, recordings.of_ticket(session, ticket)) if hears else (),
        crises=veiled(aftercare.of_ticket(session, ticket.id)) if sight.central(actor) else (),
        outside=parties.outside(session, ticket_id=ticket.id),
        decidable=frozenset(each.id for each in story.approvals if _decides(actor, each, ticket)),
        tagged=_tagged(session, actor, story),
        telling=_telling(actor, story),
        others=_others(session, actor, ticket, hidden=story.sight.hides(Part.NAME)),
        people=_names(session, ticket, story),
        tell=teller(session, story.events),
        tell_facts=told_facts,
        ways=WAYS,
        law_lines=basis.written,
        excuses={row.code: name_of(row) for row in catalogue.reasons(session, NO_CONTACT)},
        pin="" if story.sight.hides(Part.NAME) else pin_of(ticket.id),
        reachable=worker is not None and worker.phone is not None,
        undo=undo.offered(story.events, ticket, actor, utcnow()),
        about=units.by_id(session, ticket.about_unit_id) if ticket.about_unit_id else None,
        keepers=staff.staff_by_ids(session, confidence.keepers(session, ticket)),
        cited=knowledge.cited(session, _cited(story)),
    )


def _tagged(session: Session, actor: Actor, story: Story) -> Tagged:
    on = tags.of(session, [story.ticket]).get(story.ticket.id, ())
    if not story.sight.clear or story.ticket.state in ENDED:
        return Tagged(on, (), ())
    return Tagged(on, tags.settable(session, actor), tags.removable(session, actor, on))


def _telling(actor: Actor, story: Story) -> Sequence[str]:
    """Return what a unit will read that may give the caller away; the hotline can still mend it."""
    ticket = story.ticket
    kept = level_of(ticket.confidential_level)
    if not sight.central(actor) or ticket.state in ENDED or kept not in telltale.KEPT:
        return ()
    read = ticket.narrative if kept < UNASKED else ticket.brief or ""
    return telltale.signs(read, ticket.head_count)


def _messages(session: Session, actor: Actor, story: Story) -> Sequence[Any]:
    """Return the SMS of the ticket and of those merged into it, each veiled as its own ticket."""
    return all_seen(messages.of_tickets(session, actor, story.sights), story.sights)


def _cited(story: Story) -> set[int]:
    return {each.article_version_id for each in story.results if each.article_version_id}


def _last(story: Story, ticket: Ticket) -> TicketResult | None:
    """Return the newest result of the ticket itself; a merged one's is not under review."""
    return next((each for each in reversed(story.results) if each.ticket_id == ticket.id), None)


def _facts(session: Session, ticket: Ticket, sight: Sight) -> Mapping[str, Any] | None:
    """Return the facts of *ticket* with the questions of the form version they were asked by."""
    kept = facts.of(session, ticket.id)
    if kept is None or sight.hides(Part.WORDS):
        return None
    form, told = kept
    given = {key: sight.bare(each) if isinstance(each, str) else each for key, each in told.items()}
    asked = [each for each in forms.questions(form.definition) if each.key in given]
    return {"form": form, "questions": asked, "given": given}


def _names(session: Session, ticket: Ticket, story: Story) -> dict[int, str]:
    """Return the names of the staff who act or acted; rules keep the name they act under."""
    ids = {each for each in (ticket.handler_id, *(e.actor_id for e in story.events)) if each}
    ids |= {row.asked_by for row in story.urgings if row.asked_by}
    return {row.id: row.name for row in staff.staff_by_ids(session, ids).values()}


def _decides(actor: Actor, request: Approval, ticket: Ticket) -> bool:
    if actor.id == request.asked_by or request.ticket_id != ticket.id:
        return False
    return bool(actor.roles & frozenset(approvals.deciders(request, ticket)))


def _others(session: Session, actor: Actor, ticket: Ticket, *, hidden: bool) -> Sequence[Ticket]:
    """Return the worker's other open matters, for the hotline alone."""
    if ticket.worker_id is None or not sight.central(actor) or hidden:
        return ()
    found = queries.open_of_worker(session, ticket.worker_id)
    return [other for other in found if other.id != ticket.id]
