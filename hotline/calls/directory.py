"""Who may be called into a conversation: colleagues, units, helplines. Never a free number.

A target is named by its key (`staff:12`, `unit:court-1501`, `helpline:110`); the number
behind it is looked up here and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import DirectoryEntry
from hotline.calls.states import LegRole
from hotline.core.errors import GuardFailed, NotFound
from hotline.core.rows import id_in, one
from hotline.core.words import N_
from hotline.staff import queries as staff
from hotline.staff.models import Staff
from hotline.staff.presence import Line, PresenceState
from hotline.telephony.dialling import may_dial
from hotline.telephony.spoken import address_of
from hotline.units import queries as units

#: Whose line is taken: nobody rings there as well.
BUSY: Final = frozenset({PresenceState.RINGING, PresenceState.TALKING})


class Kind(StrEnum):
    """Where a target is known from."""

    STAFF = "staff"
    UNIT = "unit"
    HELPLINE = "helpline"


@dataclass(frozen=True)
class Target:
    """Somebody who can be called in, as a list shows them: without the number."""

    key: str
    kind: Kind
    name: str
    name_en: str
    emergency: bool = False


@dataclass(frozen=True)
class Party:
    """Somebody who is called in: what they are to the caller, and where they are rung."""

    role: LegRole
    name: str
    address: str
    staff_id: int | None = None


def targets(session: Session, *, besides: int | None = None) -> Sequence[Target]:
    """Return everybody who can be called in now, helplines first; *besides* is who asks."""
    entries = session.scalars(select(DirectoryEntry).order_by(DirectoryEntry.place)).all()
    lines = [
        Target(f"{Kind.HELPLINE}:{row.code}", Kind.HELPLINE, row.name, row.name_en, row.emergency)
        for row in entries
    ]
    bodies = [
        Target(f"{Kind.UNIT}:{row.code}", Kind.UNIT, row.name, row.name_en)
        for row in units.with_telephone(session)
    ]
    people = [
        Target(f"{Kind.STAFF}:{row.id}", Kind.STAFF, row.name, row.name_en or row.name)
        for row in staff.reachable(session)
        if row.id != besides
    ]
    return [*lines, *people, *bodies]


def find(session: Session, key: str) -> Party:
    """Return who is meant by *key*.

    Raises:
        NotFound: The directory has nobody of that key.
        GuardFailed: They are in another call, or have no line that may be dialled.
    """
    kind, _, code = key.partition(":")
    if kind not in FINDING:
        raise NotFound
    party = FINDING[Kind(kind)](session, code)
    if not may_dial(party.address):
        raise GuardFailed(N_("对方没有可以拨打的号码。"), guard="may-dial")
    return party


def line_of(session: Session, person: Staff, line: Line) -> str:
    """Return where somebody is rung on *line*; empty where they have no telephone."""
    return (person.phone or "") if line is Line.DESK else address_of(person.id)


def _colleague(session: Session, code: str) -> Party:
    person = staff.by_id(session, id_in(code) or 0)
    seat = staff.presence(session, person.id)
    if seat is not None and seat.state in BUSY:
        raise GuardFailed(N_("对方正在通话中。"), guard="colleague-free")
    is_ready = seat is not None and seat.state is PresenceState.READY
    line = seat.line if seat is not None and is_ready else Line.DESK
    address = line_of(session, person, line) if person.active else ""
    return Party(LegRole.COLLEAGUE, person.name, address, person.id)


def _unit(session: Session, code: str) -> Party:
    unit = units.unit(session, code)
    return Party(LegRole.PARTNER, unit.name, unit.duty_phone or "")


def _helpline(session: Session, code: str) -> Party:
    entry = one(session, DirectoryEntry, code)
    role = LegRole.EMERGENCY if entry.emergency else LegRole.PARTNER
    return Party(role, entry.name, entry.number)


FINDING: Final = {Kind.STAFF: _colleague, Kind.UNIT: _unit, Kind.HELPLINE: _helpline}
