"""The seal of an archived ticket: one hash over its timeline and its results (R34).

h₀ = 32 zero bytes; hₙ = SHA-256(hₙ₋₁ ‖ line): the events by id, then the results. It is written
into the event that archives the ticket, which the signed chain of the record answers for.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.tickets.records import TicketEvent, TicketResult
from hotline.tickets.states import Action

START: Final = bytes(32)
#: What a line holds, for good: a column that comes later is not in the seals before it.
PARTS: Final[dict[type[Any], tuple[str, ...]]] = {
    TicketEvent: (
        "id", "at", "kind", "cycle", "action", "from_state", "to_state", "actor_id", "actor_name",
        "note", "given", "detail",
    ),
    TicketResult: (
        "id", "cycle", "outcome", "reply", "internal", "contact", "contact_way", "contact_at",
        "contact_reason", "fields", "submitted_by", "submitted_at", "approved_by", "approved_at",
    ),
}  # fmt: skip


def digest(session: Session, ticket_id: int) -> str:
    """Return the seal of a ticket as it stands, in hexadecimal."""
    session.flush()
    return _seal(
        _rows(session, TicketEvent, [ticket_id]) + _rows(session, TicketResult, [ticket_id])
    )


def altered(session: Session, ids: Sequence[int]) -> list[int]:
    """Return those of the archived tickets *ids* that are not as their last seal says.

    One that was archived before there were seals claims nothing.
    """
    events, results = (
        _by_ticket(_rows(session, model, ids)) for model in (TicketEvent, TicketResult)
    )
    return [
        ticket_id
        for ticket_id in ids
        if not _as_sealed(events.get(ticket_id, []), results.get(ticket_id, []))
    ]


def _as_sealed(events: list[Any], results: list[Any]) -> bool:
    archived = [event for event in events if event.action is Action.ARCHIVE]
    seal = archived[-1].detail.get("seal") if archived else None
    if seal is None:
        return True
    return bool(seal == _seal([e for e in events if e.id < archived[-1].id] + results))


def _rows(session: Session, model: Any, ids: Sequence[int]) -> list[Any]:
    query = select(model).where(model.ticket_id.in_(ids)).order_by(model.ticket_id, model.id)
    return list(session.scalars(query, execution_options={"populate_existing": True}))


def _by_ticket(rows: Iterable[Any]) -> dict[int, list[Any]]:
    return {key: list(own) for key, own in groupby(rows, key=lambda row: row.ticket_id)}


def _seal(rows: Iterable[Any]) -> str:
    return chained(_line(row) for row in rows).hex()


def chained(lines: Iterable[bytes]) -> bytes:
    """Return the end of the chain of hashes over *lines*."""
    found = START
    for line in lines:
        found = hashlib.sha256(found + line).digest()
    return found


def _line(row: Any) -> bytes:
    values = {name: getattr(row, name) for name in PARTS[type(row)]}
    return json.dumps(
        values, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_text
    ).encode()


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()
