"""Open tickets that may be about the matter being typed; every query is an index range."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, select, union_all
from sqlalchemy.orm import Session

from hotline.core import chinese
from hotline.core.roles import Actor, Permission, require
from hotline.tickets.likeness import ENOUGH, Likeness, Matter, compare
from hotline.tickets.models import IS_OPEN, Ticket
from hotline.tickets.queries import LINE, as_seen
from hotline.tickets.sight import found_by_caller, visible

SHOWN: Final = 10
OF_EACH: Final = 25  # the newest of each facet that are compared
COMPARED: Final = LINE.add_columns(
    Ticket.narrative, Ticket.employer_id, Ticket.project_key,
    Ticket.region_code, Ticket.category_code,
)  # fmt: skip


@dataclass(frozen=True)
class Duplicate:
    """A line of a list of tickets as somebody sees it, how like it is, and why."""

    line: Any
    likeness: Likeness


def similar(session: Session, actor: Actor, typed: Matter) -> list[Duplicate]:
    """Return the ten open tickets most like what is being *typed*, the likeliest first.

    Only tickets that *actor* may find by their caller are looked at. The cost does not grow
    with the table: of each facet the newest are compared.
    """
    require(actor, Permission.TICKET_READ)
    theirs = _merged_into(session, typed.worker_id)
    facets = [_newest(actor, facet) for facet in _facets(typed, theirs)]
    if not facets:
        return []
    found = union_all(*(select(facet.subquery().c.id) for facet in facets))
    rows = session.execute(COMPARED.where(Ticket.id.in_(found))).all()
    alike = [Duplicate(row, compare(typed, _matter(row, typed, theirs))) for row in rows]
    likely = [each for each in alike if each.likeness.score >= ENOUGH]
    likely.sort(key=lambda each: (-each.likeness.score, -each.line.id))
    lines = as_seen(session, actor, [each.line for each in likely[:SHOWN]])
    return [Duplicate(line, each.likeness) for line, each in zip(lines, likely, strict=False)]


def _merged_into(session: Session, worker_id: int | None) -> frozenset[int]:
    """Return the tickets in which a worker's merged matters go on: those are theirs, too."""
    into = select(Ticket.merged_into_id).where(
        Ticket.worker_id == worker_id, Ticket.merged_into_id.is_not(None)
    )
    found = session.scalars(into) if worker_id is not None else ()
    return frozenset(each for each in found if each is not None)


def _facets(typed: Matter, theirs: frozenset[int]) -> Iterator[ColumnElement[bool]]:
    if typed.worker_id is not None:
        yield Ticket.worker_id == typed.worker_id
    if theirs:
        yield Ticket.id.in_(theirs)
    if ids := [each for each in typed.employers if isinstance(each, int)]:
        yield Ticket.employer_id.in_(ids)
    if keys := [each for each in typed.employers if isinstance(each, bytes)]:
        yield Ticket.employer_key.in_(keys)
    if typed.project_key is not None:
        yield Ticket.project_key == typed.project_key
    if typed.region and typed.category:
        yield and_(Ticket.region_code == typed.region, Ticket.category_code == typed.category)


def _newest(actor: Actor, facet: ColumnElement[bool]) -> Any:
    query = select(Ticket.id).where(facet, IS_OPEN, visible(actor))
    query = query.where(found_by_caller(actor))
    return query.order_by(Ticket.id.desc()).limit(OF_EACH)


def _matter(row: Any, typed: Matter, theirs: frozenset[int]) -> Matter:
    named = {row.employer_id, row.employer_key} - {None}
    return Matter(
        worker_id=typed.worker_id if row.id in theirs else row.worker_id,
        employers=frozenset(named),
        project_key=row.project_key,
        region=row.region_code,
        category=row.category_code,
        words=chinese.bigrams(row.narrative),
    )
