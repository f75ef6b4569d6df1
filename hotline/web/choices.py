"""The lists that forms offer: categories, regions, units, reasons."""

from collections.abc import Sequence
from typing import Any, Final

from hotline.core.db import Session
from hotline.core.errors import GuardFailed, NotFound
from hotline.core.roles import Actor
from hotline.core.time import utcnow
from hotline.tickets import catalogue
from hotline.tickets.fields import Field, Kind, fields_of
from hotline.tickets.models import DemandType, Ticket, Urgency
from hotline.tickets.states import Action
from hotline.units import queries as units
from hotline.units.models import Unit, UnitKind
from hotline.units.routing import Proposal
from hotline.web.filters import name_of

FAVOURITES: Final = ("A1", "A2", "B1", "C1", "E1", "F1", "I2")  # what most calls are about
UNIT_KINDS: Final = frozenset({Kind.UNIT, Kind.UNITS})
BELOW_ONLY: Final = frozenset({Action.HAND_DOWN})
PROPOSED: Final = frozenset({Action.DISPATCH})
#: What a wage matter came to, asked for with its result (domain, section 3.3); yuan and people.
WAGE_FACTS: Final = ("claimed", "verified", "agreed", "paid", "workers")


def for_filters(session: Session) -> dict[str, Any]:
    """Return the lists of the ticket list's filters."""
    return {"categories": catalogue.categories(session), "units": _unions(session, "/1/")}


def for_intake(session: Session) -> dict[str, Any]:
    """Return the lists of the intake form."""
    categories = catalogue.categories(session)
    return {
        "categories": categories,
        "favourites": [row for row in categories if row.code in FAVOURITES],
        "regions": units.regions(session),
        "demand_types": list(DemandType),
        "urgencies": list(Urgency),
    }


def for_action(session: Session, actor: Actor, ticket: Ticket, action: Action) -> dict[str, Any]:
    """Return the fields of *action* on *ticket*, and the lists they choose from."""
    fields = fields_of(action)
    return {
        "fields": fields,
        "reasons": {f.name: _reasons(session, f) for f in fields if f.kind is Kind.REASON},
        "units": _units(session, ticket, action, fields),
        "proposal": _proposal(session, ticket) if action in PROPOSED else None,
        "facts": WAGE_FACTS if (ticket.category_code or "").startswith("A") else (),
    }


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


def _proposal(session: Session, ticket: Ticket) -> tuple[Unit, Proposal] | None:
    """Return where the routing table would send *ticket*, if it is classified."""
    if not ticket.region_code or not ticket.category_code:
        return None
    try:
        found = units.route(
            session, region=ticket.region_code, category=ticket.category_code, now=utcnow()
        )
    except (GuardFailed, NotFound):
        return None
    return units.by_id(session, found.unit_id), found


def names(session: Session, ticket: Ticket) -> dict[str, str]:
    """Return the names beside the codes that *ticket* has now, in the reader's language."""
    category = catalogue.category(session, ticket.category_code)
    region = units.region(session, ticket.region_code) if ticket.region_code else None
    return {
        "category": name_of(category) if category else "",
        "region": name_of(region) if region else "",
    }
