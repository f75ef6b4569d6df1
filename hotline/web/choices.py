"""The lists that forms offer: categories, regions, units, reasons."""

from collections.abc import Sequence
from typing import Any, Final

from hotline.core.db import Session
from hotline.core.errors import GuardFailed, NotFound
from hotline.core.language import _, local
from hotline.core.roles import Actor
from hotline.core.time import utcnow
from hotline.knowledge import queries as knowledge
from hotline.knowledge.queries import Entry
from hotline.tickets import catalogue, contact, demands, findings, queries
from hotline.tickets.fields import Field, Kind, fields_of
from hotline.tickets.models import DemandType, Ticket, Urgency
from hotline.tickets.sight import sight, sights
from hotline.tickets.states import Action
from hotline.tickets.veils import all_seen, seen
from hotline.units import areas
from hotline.units import queries as units
from hotline.units.models import Unit, UnitKind
from hotline.units.routing import Proposal
from hotline.web.filters import name_of

FAVOURITES: Final = ("A1", "A2", "B1", "C1", "E1", "F1", "I2")  # what most calls are about
UNIT_KINDS: Final = frozenset({Kind.UNIT, Kind.UNITS})
BELOW_ONLY: Final = frozenset({Action.HAND_DOWN})
PROPOSED: Final = frozenset({Action.DISPATCH})


def for_filters(session: Session) -> dict[str, Any]:
    """Return the lists of the ticket list's filters."""
    return {"categories": catalogue.categories(session), "units": _unions(session, "/1/")}


def for_intake(session: Session, phone: str | None = None) -> dict[str, Any]:
    """Return the lists of the intake form, and the league that a landline tells."""
    area = areas.region_of(phone)
    categories = catalogue.offered(session, local(utcnow()).date())
    return {
        "categories": categories,
        "favourites": [row for row in categories if row.code in FAVOURITES],
        "regions": units.regions(session),
        "demand_types": list(DemandType),
        "urgencies": list(Urgency),
        "guess": units.region(session, area) if area else None,
    }


def for_action(session: Session, actor: Actor, ticket: Ticket, action: Action) -> dict[str, Any]:
    """Return the fields of *action* on *ticket*, and the lists they choose from."""
    fields = fields_of(action)
    return {
        "fields": fields,
        "reasons": {f.name: _reasons(session, f) for f in fields if f.kind is Kind.REASON},
        "units": _units(session, ticket, action, fields),
        "proposal": proposed(session, ticket) if action in PROPOSED else None,
        "articles": _articles(session, actor, ticket, fields),
        "weighs": any(field.kind is Kind.UNIT for field in fields),
        **_of_result(session, actor, ticket, fields),
    }


def _of_result(
    session: Session, actor: Actor, ticket: Ticket, fields: tuple[Field, ...]
) -> dict[str, Any]:
    """Return what the form of a result asks besides: facts, demands, why nobody was spoken with."""
    if not any(field.kind is Kind.FACTS for field in fields):
        return {"facts": (), "demands": (), "excuses": ()}
    return {
        "facts": findings.of(ticket.category_code, ticket.demand_type),
        "demands": all_seen(demands.of(session, ticket.id), sights(session, actor, [ticket])),
        "excuses": catalogue.reasons(session, contact.NO_CONTACT),
    }


def _articles(
    session: Session, actor: Actor, ticket: Ticket, fields: tuple[Field, ...]
) -> Sequence[Entry]:
    """Return the articles that a reply may rest on, by what the actor sees was told."""
    if not any(field.kind is Kind.ARTICLE for field in fields):
        return ()
    told = seen(ticket, sight(session, actor, ticket)).narrative
    return knowledge.suggest(session, told, ticket.category_code, ticket.region_code)


def _reasons(session: Session, field: Field) -> Sequence[Any]:
    return catalogue.reasons(session, field.choices[0])


def _units(
    session: Session, ticket: Ticket, action: Action, fields: tuple[Field, ...]
) -> Sequence[Any]:
    if not any(field.kind in UNIT_KINDS for field in fields):
        return ()
    if action in BELOW_ONLY:
        return _unions(session, units.by_id(session, ticket.unit_id).path)
    return _unions(session, "/1/")


def _unions(session: Session, path: str) -> Sequence[Any]:
    return [row for row in units.below(session, path) if row.kind is not UnitKind.PARTNER]


def proposed(session: Session, ticket: Ticket) -> tuple[Unit, Proposal] | None:
    """Return where *ticket* should go: as the unit that returned it says, or the routing table."""
    if code := queries.suggested(session, ticket):
        unit = units.unit(session, code)
        return unit, Proposal(unit.id, _("退回单位建议"))
    if not ticket.region_code or not ticket.category_code:
        return None
    try:
        found = units.route(
            session, region=ticket.region_code, category=ticket.category_code, now=utcnow()
        )
    except (GuardFailed, NotFound):
        return None
    return units.by_id(session, found.unit_id), found


def for_side(session: Session, fields: tuple[Field, ...]) -> dict[str, Any]:
    """Return the lists that the fields beside the state table choose from."""
    chooses = any(field.kind in UNIT_KINDS for field in fields)
    return {"units": _unions(session, "/1/") if chooses else ()}


def names(session: Session, ticket: Ticket) -> dict[str, str]:
    """Return the names beside the codes that *ticket* has now, in the reader's language."""
    category = catalogue.category(session, ticket.category_code)
    region = units.region(session, ticket.region_code) if ticket.region_code else None
    return {
        "category": name_of(category) if category else "",
        "region": name_of(region) if region else "",
    }
