"""Which tickets somebody finds, and what they see of each: what every door asks.

`visible` narrows a query to tickets, `sights` says what of them is hidden, `veils` shows rows
so. The rules are in `secrecy`.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, true
from sqlalchemy.orm import Session

from hotline.core.errors import Forbidden
from hotline.core.roles import Actor
from hotline.core.words import N_
from hotline.tickets.intake import CENTRE_ID
from hotline.tickets.models import Ticket
from hotline.tickets.records import Allows, Assist, Consent, Keeper
from hotline.tickets.secrecy import (
    CLEAR,
    NAMED_ONLY,
    UNASKED,
    Sight,
    Standing,
    hidden,
    level_of,
)
from hotline.units import queries as units
from hotline.units.models import Unit
from hotline.workers.models import Worker

WHOLE_TREE: Final = frozenset({"/", "/1/"})  # nobody's tickets lie outside the region's own tree


def central(actor: Actor) -> bool:
    """Return whether *actor* is the system or works at the hotline's centre."""
    return actor.id is None or actor.unit_id == CENTRE_ID


def require_central(actor: Actor) -> None:
    """Raise `Forbidden` unless *actor* works at the hotline: calls are its own affair."""
    if not central(actor):
        raise Forbidden(N_("来电资料只有热线中心可以查看。"))


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that *actor* finds a ticket.

    It lies with a unit they see or one that assists. A unit never finds a complaint about
    itself or a unit above it, nor, without the caller's consent, a confidential one about
    the enterprise it belongs to.
    """
    if central(actor):
        return true()
    seen = select(Unit.id).where(units.beneath(actor.scope))
    helps = exists().where(Assist.ticket_id == Ticket.id, Assist.unit_id.in_(seen))
    within = true() if actor.scope in WHOLE_TREE else or_(Ticket.unit_id.in_(seen), helps)
    return and_(within, spared(actor))


def walkable(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Return the condition `visible` for a walk through many tickets.

    The units stand in it by number and the tickets they help with as a list: only so does
    PostgreSQL see how many tickets that is, and take them by their index where it is few.
    """
    if central(actor) or actor.scope in WHOLE_TREE:
        return visible(actor)
    numbers = session.scalars(select(Unit.id).where(units.beneath(actor.scope))).all()
    seen: Any = bindparam(None, numbers, expanding=True, literal_execute=True)
    helped: Any = select(Assist.ticket_id).where(Assist.unit_id.in_(seen))
    helps: ColumnElement[bool] = Ticket.id.in_(helped)
    if session.get_bind().dialect.name == "postgresql":
        helps = Ticket.id == func.any(func.array(helped.scalar_subquery()))
    return and_(or_(Ticket.unit_id.in_(seen), helps), spared(actor))


def spared(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a ticket is not about *actor*'s own side, wherever it lies."""
    if central(actor):
        return true()
    return and_(_not_about(actor), _not_the_employers(actor))


def sight(session: Session, actor: Actor, ticket: Ticket) -> Sight:
    """Return what *actor* sees of one ticket."""
    return sights(session, actor, [ticket])[ticket.id]


def sights(session: Session, actor: Actor, rows: Iterable[Any]) -> dict[int, Sight]:
    """Return what *actor* sees of each of *rows*, tickets or lines of a list, by id.

    At most three queries, none for the hotline's staff without tickets of the highest level.
    """
    found = list(rows)
    kept = _kept_by(session, actor, found)
    employer = None if central(actor) else _employer_of(session, actor)
    parts = {row.id: hidden(_standing(actor, row, kept, employer), level) for row, level in (
        (row, row.confidential_level) for row in found)}  # fmt: skip
    names = _names(session, [row for row in found if parts[row.id]])
    return {
        row.id: Sight(parts[row.id], names.get(row.worker_id, ()), actor.unit_id)
        if parts[row.id]
        else CLEAR
        for row in found
    }


def require_clear(session: Session, actor: Actor, ticket: Ticket) -> None:
    """Raise `Forbidden` unless *actor* sees all of *ticket*."""
    if not sight(session, actor, ticket).clear:
        raise Forbidden(N_("这件工单对您有保密内容，不能这样做。"))


def found_by_caller(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that *actor* may find a ticket by who called."""
    if central(actor):
        return found_by_employer(actor)
    return func.coalesce(Ticket.confidential_level, UNASKED) == 0


def found_by_employer(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that *actor* may find a ticket by the employer it is about."""
    if actor.id is None:
        return true()
    kept = exists().where(Keeper.ticket_id == Ticket.id, Keeper.staff_id == actor.id)
    return or_(func.coalesce(Ticket.confidential_level, UNASKED) < NAMED_ONLY, kept)


def found_by_words(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that *actor* may find a ticket by words they read in it.

    What only two people may read is found by its number and in their own lists.
    """
    below = NAMED_ONLY if central(actor) else UNASKED
    return func.coalesce(Ticket.confidential_level, UNASKED) < below


def agreed(ticket_id: Any, to: Allows, level: Any) -> ColumnElement[bool]:
    """Return the condition that the caller consented, for tickets up to that level."""
    return exists().where(
        Consent.ticket_id == ticket_id, Consent.allows == to, Consent.level >= level
    )


def _standing(actor: Actor, row: Any, kept: frozenset[int], employer: bytes | None) -> Standing:
    if row.id in kept or actor.id is None:
        return Standing.KEEPER
    if central(actor):
        return Standing.CENTRE
    its_own = employer is not None and employer == row.employer_key
    return Standing.EMPLOYER if its_own else Standing.UNIT


def _kept_by(session: Session, actor: Actor, rows: list[Any]) -> frozenset[int]:
    secret = [row.id for row in rows if level_of(row.confidential_level) == NAMED_ONLY]
    if not secret or actor.id is None:
        return frozenset()
    mine = select(Keeper.ticket_id).where(Keeper.staff_id == actor.id, Keeper.ticket_id.in_(secret))
    return frozenset(session.scalars(mine))


def _employer_of(session: Session, actor: Actor) -> bytes | None:
    return session.scalar(select(Unit.employer_key).where(Unit.id == actor.unit_id))


def _names(session: Session, rows: list[Any]) -> dict[int, tuple[str, ...]]:
    callers = {row.worker_id for row in rows if row.worker_id is not None}
    if not callers:
        return {}
    named = select(Worker.id, Worker.name).where(Worker.id.in_(callers))
    return {row.id: (row.name,) for row in session.execute(named) if row.name}


def _not_about(actor: Actor) -> ColumnElement[bool]:
    own_and_above = [int(part) for part in actor.scope.strip("/").split("/") if part]
    about = Ticket.about_unit_id
    return or_(about.is_(None), about.not_in(own_and_above))


def _not_the_employers(actor: Actor) -> ColumnElement[bool]:
    own = select(Unit.employer_key).where(Unit.id == actor.unit_id).scalar_subquery()
    level = func.coalesce(Ticket.confidential_level, UNASKED)
    return or_(
        own.is_(None),
        Ticket.employer_key.is_(None),
        Ticket.employer_key != own,
        level == 0,
        agreed(Ticket.id, Allows.EMPLOYER, level),
    )
