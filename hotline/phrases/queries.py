"""Canned texts, as their list and a ticket ask for them."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import case, select, tuple_
from sqlalchemy.orm import Session

from hotline.core import gaps
from hotline.core.errors import NotFound
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.roles import Actor
from hotline.phrases.filling import values
from hotline.phrases.models import Language, Phrase
from hotline.tickets.models import Ticket
from hotline.units import queries as units
from hotline.units.models import Unit
from hotline.workers import queries as workers

OFFERED: Final = 200


class Filled(NamedTuple):
    """A canned text as it reads on one ticket."""

    phrase: Phrase
    words: str


def by_id(session: Session, actor: Actor, phrase_id: int) -> Phrase:
    """Return one canned text of *actor*'s part of the tree.

    Raises:
        NotFound: There is none.
    """
    found = session.get(Phrase, phrase_id)
    if found is None or not actor.sees(units.by_id(session, found.unit_id).path):
        raise NotFound
    return found


def page(
    session: Session,
    actor: Actor,
    *,
    language: Language | None,
    retired: bool,
    cursor: str | None,
    limit: int,
) -> Page[Phrase]:
    """Return the canned texts of *actor*'s part of the tree by shortcut: in use, or *retired*."""
    query = (
        select(Phrase)
        .join(Unit, Unit.id == Phrase.unit_id)
        .where(units.beneath(actor.scope), Phrase.retired_at.is_not(None) == retired)
        .order_by(Phrase.shortcut, Phrase.id)
        .limit(limit + 1)
    )
    if language:
        query = query.where(Phrase.language == language)
    if key := read_cursor(cursor, str, int):
        query = query.where(tuple_(Phrase.shortcut, Phrase.id) > key)
    return cut(session.scalars(query).all(), limit, lambda row: [row.shortcut, row.id])


def on_ticket(session: Session, actor: Actor, ticket: Ticket, now: dt.datetime) -> Sequence[Filled]:
    """Return the texts that *actor* may insert on *ticket*, in the caller's language first."""
    worker = workers.by_id(session, ticket.worker_id) if ticket.worker_id else None
    spoken = worker.language if worker else Language.CHINESE
    rows = session.scalars(
        select(Phrase)
        .where(Phrase.unit_id.in_(upwards(actor)), Phrase.retired_at.is_(None))
        .order_by(case((Phrase.language == spoken, 0), else_=1), Phrase.shortcut, Phrase.id)
        .limit(OFFERED)
    ).all()
    known = {
        language: values(session, actor, ticket, language, now)
        for language in {row.language for row in rows}
    }
    return [Filled(row, gaps.fill(row.words, known[row.language])) for row in rows]


def upwards(actor: Actor) -> set[int]:
    """Return the ids of *actor*'s unit and of all above it."""
    return {int(part) for part in actor.scope.split("/") if part} | {actor.unit_id or 0}
