"""Keeping the index of words equal to what stands in the tickets."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import Transact, reading
from hotline.core.journal import read, skip_ahead, unread
from hotline.search import index
from hotline.search.models import WordsMark
from hotline.tickets.models import Ticket
from hotline.tickets.records import TicketEvent

THE_MARK: Final = 1
BATCH: Final = 200  # entries a turn: on SQLite nobody else writes meanwhile
TURNS: Final = 100  # then the clock's other jobs get their turn
SLICE: Final = 500  # tickets a turn of a rebuild


def keep_up(transact: Transact) -> int:
    """Read what the timeline tells in small transactions; return how many entries there were.

    Whatever changes a ticket's words or its level leaves an entry there in the same
    transaction. Two clocks take turns by the mark, which is locked first.
    """
    entries = 0
    for _ in range(TURNS):
        with reading() as session:
            if not waiting(session, 1):
                break
        read_now = transact(_read_on)
        entries += read_now
        if read_now < BATCH:
            break
    return entries


def waiting(session: Session, limit: int) -> Sequence[int]:
    """Return at most *limit* entries of the timeline that the index does not know yet."""
    mark = session.get(WordsMark, THE_MARK) or WordsMark(floor=0, seen=[])
    return unread(session, TicketEvent.id, mark, limit)


def _read_on(session: Session) -> int:
    mark = _mark(session)
    entries = unread(session, TicketEvent.id, mark, BATCH)
    told = select(TicketEvent.ticket_id).where(TicketEvent.id.in_(entries)).distinct()
    index.write(session, session.scalars(told).all())
    read(mark, entries)
    return len(entries)


def start_afresh(session: Session) -> None:
    """Take all entries as read; every ticket must be written anew afterwards."""
    skip_ahead(session, TicketEvent.id, _mark(session))


def slices(session: Session) -> Sequence[int]:
    """Return the ids at which the parts of a rebuild begin."""
    ids = session.scalars(select(Ticket.id).order_by(Ticket.id)).all()
    return ids[::SLICE]


def rebuild(session: Session, start: int) -> int:
    """Write the words of the tickets from *start* on, one slice; return how many."""
    part = select(Ticket.id).where(Ticket.id >= start).order_by(Ticket.id).limit(SLICE)
    ids = session.scalars(part).all()
    index.write(session, ids)
    return len(ids)


def _mark(session: Session) -> WordsMark:
    found = session.get(WordsMark, THE_MARK, with_for_update=True)
    if found is None:
        found = WordsMark(id=THE_MARK, floor=0, seen=[])
        session.add(found)
        session.flush()
    return found
