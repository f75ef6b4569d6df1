"""The index of tickets' words: written anew for tickets that changed, asked for those with words.

PostgreSQL has it as a GIN index over arrays, SQLite as a full-text table over the same rows.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Integer,
    Select,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from hotline.core.privacy import word_key
from hotline.search import words
from hotline.search.models import FULL_TEXT, TicketWords, spelled
from hotline.tickets.models import Ticket
from hotline.tickets.records import Assist, EventKind, TicketEvent, TicketResult
from hotline.tickets.secrecy import CLEAR, NAMED_ONLY, Sight, level_of
from hotline.tickets.veils import all_seen
from hotline.units.models import Unit

#: Whose words are found: what a ticket says itself, and what was said and written about it since.
TEXTS: Final = (Ticket.subject, Ticket.narrative, Ticket.employer, Ticket.project)
RESULT: Final = ("reply", "internal")
NOTES: Final = (EventKind.NOTE, EventKind.CALLER)  # the SMS of callers among them
_FULL_TEXT: Final = table(FULL_TEXT, column("rowid", Integer), column(FULL_TEXT))


def keys(texts: Iterable[str | None], seen_from: Iterable[str] = ()) -> list[int]:
    """Return the keys of *texts*, and those of the places a ticket is *seen_from*, in order."""
    found = {each for text in texts if text for each in words.keys(text)}
    return sorted({word_key(each) for each in found.union(map(words.place, seen_from))})


def write(session: Session, ids: Collection[int]) -> None:
    """Bring the keys of these tickets in line with their words; nothing else is touched."""
    rows = session.execute(
        select(Ticket.id, Ticket.confidential_level, *TEXTS).where(Ticket.id.in_(ids))
    )
    places, since = _places(session, ids), said_since(session, dict.fromkeys(ids, CLEAR))
    wanted = {
        id_: keys([*texts, *since[id_]], places[id_])
        for id_, level, *texts in rows
        if level_of(level) < NAMED_ONLY
    }
    kept = session.execute(
        select(TicketWords.ticket_id, TicketWords.keys).where(TicketWords.ticket_id.in_(ids))
    )
    same = {id_ for id_, known in kept if wanted.get(id_) == known}
    changed = [id_ for id_ in ids if id_ not in same]
    session.execute(delete(TicketWords).where(TicketWords.ticket_id.in_(changed)))
    fresh = [{"ticket_id": id_, "keys": wanted[id_]} for id_ in changed if wanted.get(id_)]
    if fresh:
        session.execute(insert(TicketWords), fresh)


def said_since(session: Session, sights: Mapping[int, Sight]) -> dict[int, list[str]]:
    """Return the notes, the callers' later words and the results of tickets, by ticket.

    Each is as *sights* show it. Two queries, however many tickets there are.
    """
    found: dict[int, list[str]] = {id_: [] for id_ in sights}
    said = TicketEvent.kind.in_(NOTES), TicketEvent.note.is_not(None)
    for kind, parts, conditions in ((TicketEvent, ("note",), said), (TicketResult, RESULT, ())):
        query = select(kind).where(kind.ticket_id.in_(found), *conditions).order_by(kind.id)
        for row in all_seen(session.scalars(query), sights):
            found[row.ticket_id] += [text for part in parts if (text := getattr(row, part))]
    return found


def _places(session: Session, ids: Collection[int]) -> dict[int, set[str]]:
    """Return the paths of the units that hold or help with each ticket, and of those above."""
    holds = select(Ticket.id, Unit.path).join(Unit, Unit.id == Ticket.unit_id)
    helps = select(Assist.ticket_id, Unit.path).join(Unit, Unit.id == Assist.unit_id)
    rows = holds.where(Ticket.id.in_(ids)).union(helps.where(Assist.ticket_id.in_(ids)))
    found: dict[int, set[str]] = {id_: set() for id_ in ids}
    for id_, path in session.execute(rows):
        found[id_].update(path[: at + 1] for at, char in enumerate(path) if char == "/")
    return found


def holding(engine: str, wanted: list[int], *, floor: int, before: int) -> Select[Any]:
    """Return the query of the tickets between two ids that hold all the keys *wanted*.

    PostgreSQL takes words that go together for independent of each other, and would ask the
    whole GIN index where few ids are in question: above a *floor* it is not offered. What is
    asked for stands in the statement itself: a plan for any words would fit none.
    """
    if engine == "postgresql":
        number: Any = TicketWords.ticket_id
        given = _spelled_out(wanted, ARRAY(Integer))
        whole = TicketWords.keys.bool_op("@>")(given)
        held = func.arraycontains(TicketWords.keys, given) if floor else whole
    else:
        number = _FULL_TEXT.c.rowid
        held = _FULL_TEXT.c[FULL_TEXT].bool_op("MATCH")(literal(spelled(wanted)))
    between = number > _spelled_out(floor), number < _spelled_out(before)
    return select(number.label("id")).where(held, *between)


def _spelled_out(value: Any, kind: Any = BigInteger) -> Any:
    return bindparam(None, value, kind, literal_execute=True)
