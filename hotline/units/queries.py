"""Units and regions, as the rooms above ask for them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session, aliased

from hotline.core.errors import NotFound
from hotline.core.rows import one
from hotline.units.models import Region, RoutingRule, Unit
from hotline.units.routing import Place, Proposal, Rule, propose


def unit(session: Session, code: str) -> Unit:
    """Return the unit with *code* (`hotline`, `15`, `1501`, `court-1501`).

    Raises:
        NotFound: There is none.
    """
    return _found(session.scalar(select(Unit).where(Unit.code == code)))


def by_id(session: Session, unit_id: int) -> Unit:
    """Return one unit.

    Raises:
        NotFound: There is none.
    """
    return _found(session.get(Unit, unit_id))


def units_by_ids(session: Session, ids: Iterable[int]) -> dict[int, Unit]:
    """Return the units with these *ids*, by id, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(Unit).where(Unit.id.in_(wanted)))}


def by_codes(session: Session, codes: Iterable[str]) -> Sequence[Unit]:
    """Return the units with these *codes* in one query."""
    wanted = set(codes)
    return session.scalars(select(Unit).where(Unit.code.in_(wanted))).all() if wanted else ()


def with_telephone(session: Session) -> Sequence[Unit]:
    """Return the units that can be rung, by code."""
    asked = select(Unit).where(Unit.duty_phone.is_not(None)).order_by(Unit.code)
    return session.scalars(asked).all()


def beneath(path: str) -> ColumnElement[bool]:
    """Return the condition that a unit is the one at *path* or below it: one index range."""
    if path == "/":
        return Unit.path >= "/"
    return and_(Unit.path >= path, Unit.path < path[:-1] + "0")  # "0" follows "/"


def below(session: Session, path: str) -> Sequence[Row[Any]]:
    """Return the unit at *path* and all below it as plain rows, each before its own children."""
    rows = session.execute(select(Unit.__table__).where(beneath(path)))
    return sorted(rows, key=lambda row: [int(part) for part in row.path.strip("/").split("/")])


def tree(session: Session) -> Sequence[Row[Any]]:
    """Return every unit, each before its own children."""
    return below(session, "/")


def is_below(upper: Unit, lower: Unit) -> bool:
    """Return whether *lower* is subordinate to *upper*; nobody is below themselves."""
    return lower.id != upper.id and lower.path.startswith(upper.path)


def superior(session: Session, unit: Unit) -> Unit | None:
    """Return the unit above *unit*, or None at a root."""
    return session.get(Unit, unit.parent_id) if unit.parent_id else None


def region(session: Session, code: str) -> Region:
    """Return the region with *code*.

    Raises:
        NotFound: There is none.
    """
    return one(session, Region, code)


def regions(session: Session) -> Sequence[Region]:
    """Return all regions by code: the region, then each league with its banners."""
    return session.scalars(select(Region).order_by(Region.code)).all()


def region_named(session: Session, name: str) -> Region | None:
    """Return the region of that name, if there is one only."""
    found = [row for row in regions(session) if row.name == name]
    return found[0] if len(found) == 1 else None


def regions_up(session: Session, code: str) -> Sequence[str]:
    """Return *code* and the codes above it: `("150102", "150100", "150000")`.

    Raises:
        NotFound: There is no such region.
    """
    above = [region(session, code)]
    while above[-1].parent_code:
        above.append(region(session, above[-1].parent_code))
    return tuple(row.code for row in above)


def route(
    session: Session, *, region: str, category: str, now: dt.datetime, party: str = "union"
) -> Proposal:
    """Propose the unit of *party* for a matter of *category* in *region*.

    Raises:
        NotFound: There is no such region.
        GuardFailed: No rule fits.
    """
    above = regions_up(session, region)
    return propose(_rules(session, party, above, now.date()), above, category)


def _rules(session: Session, party: str, regions_up: Sequence[str], on: dt.date) -> Sequence[Rule]:
    superior = aliased(Unit)
    rows = session.execute(
        select(RoutingRule, Unit, superior)
        .join(Unit, Unit.id == RoutingRule.unit_id)
        .outerjoin(superior, superior.id == Unit.parent_id)
        .where(
            RoutingRule.party == party,
            or_(RoutingRule.region_code.in_(regions_up), RoutingRule.region_code.is_(None)),
            RoutingRule.valid_from <= on,
            or_(RoutingRule.valid_to.is_(None), RoutingRule.valid_to >= on),
        )
    )
    return [
        Rule(
            rule.id,
            rule.region_code,
            rule.category_code,
            Place(unit.id, unit.name),
            _place(above),
        )
        for rule, unit, above in rows
    ]


def _place(unit: Unit | None) -> Place | None:
    return Place(unit.id, unit.name) if unit is not None else None


def _found(unit: Unit | None) -> Unit:
    if unit is None:
        raise NotFound
    return unit
