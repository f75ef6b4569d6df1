"""The invented staff on the stage: hired by the staff room, then asked for by what they do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from sqlalchemy.orm import Session

from hotline.core.roles import Actor, Role
from hotline.demo.people import PASSWORD, VISITORS, Person, colleagues
from hotline.staff import passwords, queries, service
from hotline.units import queries as units

HIRING: Final = Actor(None, "demo", frozenset({Role.ADMIN}))


@dataclass
class Cast:
    """Who works at the demo's hotline, as actors."""

    chance: Random
    by_role: dict[Role, list[Actor]] = field(default_factory=dict)
    handlers: dict[int, Actor] = field(default_factory=dict)  # by unit

    def one(self, role: Role, *, other_than: int | None = None) -> Actor:
        """Return somebody of the centre with *role*, not the person *other_than*."""
        people = [actor for actor in self.by_role[role] if actor.id != other_than]
        return self.chance.choice(people)

    @property
    def operators(self) -> Sequence[Actor]:
        """Return all who take calls."""
        return self.by_role[Role.OPERATOR]


def hire(session: Session, chance: Random, now: dt.datetime, *, visitors_may_sign_in: bool) -> Cast:
    """Add the whole staff and return it.

    Raises:
        Invalid: A login is taken already.
    """
    digest = passwords.digest(PASSWORD) if visitors_may_sign_in else None
    cast = Cast(chance)
    for person in (*VISITORS, *colleagues()):
        actor = _add(session, person, digest, now)
        unit_id = actor.unit_id or 0
        if Role.HANDLER in actor.roles:
            cast.handlers[unit_id] = actor
        if person.unit == "hotline":
            for role in actor.roles:
                cast.by_role.setdefault(role, []).append(actor)
    return cast


def _add(session: Session, person: Person, digest: str | None, now: dt.datetime) -> Actor:
    row = service.add(
        session,
        login=person.login,
        name=_named(session, person),
        roles=person.roles,
        unit_id=units.unit(session, person.unit).id,
        phone=person.phone,
        actor=HIRING,
        now=now,
    )
    if person.visited:
        row.password_hash = digest
    session.flush()
    return queries.actor(session, row.id)


def _named(session: Session, person: Person) -> str:
    """Return the person's name, a unit's code in it replaced by the place."""
    place = units.unit(session, person.unit).name.removesuffix("总工会")
    return person.name.replace(f"·{person.unit}", f"·{place}")


def send_home(session: Session, *, now: dt.datetime) -> None:
    """Let everybody begin offline: the browsers of a demo that was stopped are gone."""
    for person, _presence in queries.seats(session):
        service.leave(session, person.id, now=now)
