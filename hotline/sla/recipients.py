"""Who hears of a matter: its handler, the leads of its unit, whoever stands on a rung."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from hotline.core.roles import Role
from hotline.sla.ladder import Place, Rung
from hotline.staff import queries as staff
from hotline.staff.models import Staff
from hotline.tickets.models import Ticket
from hotline.units import queries as units
from hotline.units.models import Unit

CENTRE: Final = "hotline"
REGION: Final = "15"


class Hearer(NamedTuple):
    """A member of staff who is told, and whether they have a telephone of their own."""

    id: int
    has_phone: bool


Hearers = tuple[Hearer, ...]


def holders(session: Session, ticket: Ticket) -> Hearers:
    """Return who is to be reminded: the handler, or before there is one the unit's handlers.

    The hotline's own unit is reminded through its dispatchers, and any unit without
    either through its lead.
    """
    if ticket.handler_id is not None:
        found = staff.staff_by_ids(session, [ticket.handler_id])
        return _hearers(person for person in found.values() if person.active)
    for role in (Role.HANDLER, Role.DISPATCHER):
        if people := staff.leads(session, ticket.unit_id, role):
            return _hearers(people)
    return unit_leads(session, ticket)


def unit_leads(session: Session, ticket: Ticket) -> Hearers:
    """Return who leads the unit that holds the ticket."""
    return leads(session, units.by_id(session, ticket.unit_id), Role.SUPERVISOR)


def on_rung(session: Session, rung: Rung, unit_id: int) -> Hearers:
    """Return who stands on *rung* for the tickets of a unit."""
    return leads(session, _stands(session, rung.place, unit_id), rung.role)


def leads(session: Session, unit: Unit, role: Role) -> Hearers:
    """Return those of *unit* who hold *role*; where nobody does, the task rises.

    It rises along the tree and at last to the hotline centre, so that no matter that is
    late is told to nobody.
    """
    for upward in _upward(session, unit):
        if people := staff.leads(session, upward.id, role):
            return _hearers(people)
    return ()


def instead(session: Session, unit_id: int, roles: tuple[Role, ...], barred: int) -> Hearers | None:
    """Return who may take a step in place of its home unit, or None where the home unit can.

    The home is the first unit on the way up in which somebody holds one of *roles*; it can
    unless the one who is *barred* is all it has. Empty means that there is nobody anywhere.
    """
    home = True
    for unit in _upward(session, units.by_id(session, unit_id)):
        people = [person for role in roles for person in staff.leads(session, unit.id, role)]
        if any(person.id != barred for person in people):
            return None if home else _hearers(p for p in people if p.id != barred)
        home = home and not people
    return ()


def centre_leads(session: Session) -> Hearers:
    """Return the hotline's supervisors."""
    return _hearers(staff.leads(session, units.unit(session, CENTRE).id, Role.SUPERVISOR))


def _upward(session: Session, unit: Unit) -> Iterator[Unit]:
    """Yield a unit and those above it; the hotline's centre comes last unless it was among them."""
    centre = units.unit(session, CENTRE)
    passed = set[int]()
    upward: Unit | None = unit
    while upward is not None:
        passed.add(upward.id)
        yield upward
        upward = units.superior(session, upward)
    if centre.id not in passed:
        yield centre


def _hearers(people: Iterable[Staff]) -> Hearers:
    return tuple(Hearer(person.id, person.phone is not None) for person in people)


def _stands(session: Session, place: Place, unit_id: int) -> Unit:
    if place is Place.HOTLINE:
        return units.unit(session, CENTRE)
    if place is Place.REGION:
        return units.unit(session, REGION)
    own = units.by_id(session, unit_id)
    if place is Place.SUPERIOR:
        return units.superior(session, own) or own
    return own
