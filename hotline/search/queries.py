"""Tickets by their words, as each person may read them.

The index names tickets that may hold the words; which of them are hits is decided on the
text as the asker sees it. So what is hidden from somebody is never found by them.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from hotline.core.paging import Page, read_cursor, write_cursor
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import LAST_ID
from hotline.search import index, jobs, words
from hotline.search.words import Excerpt
from hotline.tickets import queries as tickets
from hotline.tickets.models import Ticket
from hotline.tickets.records import TicketEvent
from hotline.tickets.sight import WHOLE_TREE, central, found_by_words, visible

SPANS: Final = (2000, 8000, None)  # of tickets, the newest first: each is asked for by itself
MOST: Final = 600  # candidates a page: each is decrypted


@dataclass(frozen=True)
class Hit:
    """A ticket that holds the words: its line of a list, and the words around them."""

    line: Any
    excerpt: Excerpt | None


def can_find(asked: str) -> bool:
    """Return whether *asked* holds a word at all: two Han characters, or another word."""
    return any(words.keys(term) for term in words.terms(asked))


def behind(session: Session, late: dt.timedelta, *, now: dt.datetime) -> dt.datetime | None:
    """Return from when on words are not found yet; None while the index is less than *late*."""
    first = jobs.waiting(session, 1)
    at = session.scalar(select(TicketEvent.at).where(TicketEvent.id.in_(first)))
    return at if at is not None and at < now - late else None


def find(
    session: Session, actor: Actor, asked: str, *, cursor: str | None, limit: int
) -> Page[Hit]:
    """Return the tickets whose words hold what is *asked*, as *actor* may read them.

    The newest come first. A page may be short or empty and still have another after it:
    so many candidates are looked through at a time.
    """
    require(actor, Permission.TICKET_READ)
    wanted = words.terms(asked)
    if not can_find(asked):
        return Page((), None)
    place = () if central(actor) or actor.scope in WHOLE_TREE else (actor.scope,)
    keys = index.keys(wanted, place)
    key = read_cursor(cursor, int)
    before = key[0] if key else LAST_ID
    candidates = _candidates(session, actor, keys, before, limit + 1)
    found, onward = _hits(_read(session, candidates, wanted), wanted, limit)
    hits = [Hit(line, found[line.id]) for line in tickets.listed(session, actor, list(found))]
    return Page(hits, write_cursor([onward]) if onward else None)


def _hits(
    rows: Iterator[tuple[Any, list[str]]], wanted: tuple[str, ...], limit: int
) -> tuple[dict[int, Excerpt | None], int | None]:
    """Return the hits by id, and the id after which to go on; None at the end."""
    found: dict[int, Excerpt | None] = {}
    last = None
    for row, since in islice(rows, MOST):
        if _holds(row, wanted, since):
            if len(found) == limit:
                return found, last
            around = (words.excerpt(text, wanted) for text in (row.narrative, *since))
            found[row.id] = next(filter(None, around), None)
        last = row.id
    return found, last if next(rows, None) else None


def _read(
    session: Session, looks: Iterator[Sequence[Any]], wanted: tuple[str, ...]
) -> Iterator[tuple[Any, list[str]]]:
    """Yield each ticket with what was said since: read only where its own words do not do."""
    for rows in looks:
        lacking = {row.id: row.sight for row in rows if not _holds(row, wanted)}
        since = index.said_since(session, lacking) if lacking else {}
        yield from ((row, since.get(row.id, [])) for row in rows)


def _holds(row: Any, wanted: tuple[str, ...], since: Sequence[str] = ()) -> bool:
    own = (getattr(row, each.key) or "" for each in index.TEXTS)
    return words.holds("\0".join([*own, *since]), wanted)


def _candidates(
    session: Session, actor: Actor, keys: list[int], before: int, batch: int
) -> Iterator[Sequence[Any]]:
    """Yield the tickets that may hold the words in batches, newest first, as *actor* sees them.

    Of a common word the newest tickets hold enough, and the index of all of them would
    give far too many; of a rare one it gives few.
    """
    for size in SPANS:
        floor = _floor(session, before, size)
        while rows := _look(session, actor, keys, floor, before, batch):
            yield rows
            before = rows[-1].id
            if len(rows) < batch:
                break
        before = min(before, floor + 1)


def _floor(session: Session, before: int, size: int | None) -> int:
    """Return the id above which *size* tickets lie that are older than *before*; 0 for all."""
    if size is None:
        return 0
    older = select(Ticket.id).where(Ticket.id < before).order_by(Ticket.id.desc())
    return session.scalar(older.offset(size).limit(1)) or 0


def _look(
    session: Session, actor: Actor, keys: list[int], floor: int, before: int, batch: int
) -> Sequence[Any]:
    engine = session.get_bind().dialect.name
    held = index.holding(engine, keys, floor=floor, before=before).cte("held")
    held = held.prefix_with("MATERIALIZED")  # or PostgreSQL may walk all tickets instead
    shown = (Ticket.confidential_level, Ticket.worker_id, Ticket.employer_key, Ticket.brief)
    rows = session.scalars(
        select(Ticket)
        .options(load_only(Ticket.id, *index.TEXTS, *shown))
        .join(held, held.c.id == Ticket.id)
        .where(visible(actor), found_by_words(actor))
        .order_by(Ticket.id.desc())
        .limit(batch)
    )
    return tickets.as_seen(session, actor, rows.all())
