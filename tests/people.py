"""The staff of a test: one of each role at the hotline, and handlers in two banners."""

import datetime as dt
import functools
from dataclasses import dataclass

from sqlalchemy.orm import Session

from hotline.core.db import new_id
from hotline.core.privacy import blind_index
from hotline.core.roles import Actor, Role
from hotline.staff import models, passwords, queries
from hotline.units import queries as units

PASSWORD = "correct horse battery staple"
HIRED = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
ADMIN = Actor(None, "test", frozenset({Role.ADMIN}))
DESK_PHONE = "+8613900000001"
LEAD_PHONE = "+8613900000009"


@dataclass(frozen=True)
class Staff:
    """Who works here; each is an actor as the doors would load it."""

    operator: Actor
    second_operator: Actor
    dispatcher: Actor
    reviewer: Actor
    surveyor: Actor
    supervisor: Actor
    second_supervisor: Actor
    handler: Actor
    other_handler: Actor
    unit_lead: Actor
    auditor: Actor


PEOPLE: dict[str, tuple[tuple[Role, ...], str, str | None]] = {
    "operator": ((Role.OPERATOR,), "hotline", DESK_PHONE),
    "second_operator": ((Role.OPERATOR,), "hotline", "+8613900000002"),
    "dispatcher": ((Role.DISPATCHER,), "hotline", None),
    "reviewer": ((Role.REVIEWER,), "hotline", None),
    "surveyor": ((Role.SURVEYOR,), "hotline", None),
    "supervisor": ((Role.SUPERVISOR,), "hotline", LEAD_PHONE),
    "second_supervisor": ((Role.SUPERVISOR,), "hotline", None),
    "handler": ((Role.HANDLER,), "150102", "+8613900000003"),
    "other_handler": ((Role.HANDLER,), "150202", None),
    "unit_lead": ((Role.HANDLER, Role.SUPERVISOR), "150102", "+8613900000004"),
    "auditor": ((Role.AUDITOR,), "hotline", None),
}


@functools.cache
def password_hash() -> str:
    """Hash the password everybody has here, once: it is slow on purpose."""
    return passwords.digest(PASSWORD)


def hire(session: Session) -> Staff:
    """Add everybody at one go and return them as actors."""
    found = {code: units.unit(session, code) for code in {unit for _, unit, _ in PEOPLE.values()}}
    rows = {
        login: models.Staff(
            id=new_id(),
            login=login,
            name=login,
            phone=phone,
            phone_key=blind_index(phone) if phone else None,
            password_hash=password_hash(),
            unit_id=found[unit].id,
            active=True,
            locale="zh_CN",
            created_at=HIRED,
        )
        for login, (_, unit, phone) in PEOPLE.items()
    }
    session.add_all(rows.values())
    session.flush()
    session.add_all(
        models.StaffRole(staff_id=rows[login].id, role=role)
        for login, (roles, _, _) in PEOPLE.items()
        for role in roles
    )
    session.flush()
    scope = {row.login: row.scope for row in session.execute(queries.PEOPLE)}
    return Staff(
        **{
            login: Actor(rows[login].id, login, frozenset(roles), found[unit].id, scope[login])
            for login, (roles, unit, _) in PEOPLE.items()
        }
    )
