"""The record that is sealed: its tables, and each row as one line that never varies.

A line is the row as JSON: an array in the order of the columns, moments in UTC, what is
encrypted as it rests, in hexadecimal. It is the same on both engines and in an export, and
needs no key to be checked.

Timelines and audit entries are sealed whole. Of the other rows that figures rest on, what
never changes is: so none of them goes, or comes, unseen. They are known here by name, because
some belong to rooms above this one.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Enum, LargeBinary, String, select, type_coerce
from sqlalchemy.orm import Session

from hotline.core.audit import AuditEntry
from hotline.core.db import Base
from hotline.core.privacy import Sealed
from hotline.tickets.records import TicketEvent

WHOLE: Final[tuple[str, ...]] = tuple(each.__tablename__ for each in (AuditEntry, TicketEvent))
FIXED: Final[Mapping[str, Sequence[str]]] = {
    "approval": ("ticket_id", "action", "asked_at"),
    "bulletin": ("kind", "first", "last", "edition", "hash"),
    "call": ("direction",),
    "call_event": ("call_id", "at", "kind", "staff_id", "detail"),
    "callback_attempt": ("callback_id", "at", "outcome", "staff_id"),
    "claim": ("ticket_id",),
    "message": ("direction", "created_at"),
    "payment": ("claim_id", "amount", "paid_on", "proof", "noted_at"),
    "presence_change": ("staff_id", "at", "act", "to_state", "reason"),
    "survey": ("ticket_id", "cycle", "created_at"),
    "survey_try": ("survey_id", "at", "staff_id"),
    "ticket_result": ("ticket_id", "cycle"),
}
RECORD: Final[tuple[str, ...]] = (*WHOLE, *FIXED)
ID_BYTES: Final = 8
LEAF_BYTES: Final = ID_BYTES + 32

Line = tuple[int, bytes]


def key(origin: str) -> Column[int]:
    """Return the id column of a table of the record."""
    return Base.metadata.tables[origin].c.id


def columns(origin: str) -> list[str]:
    """Return the columns of a line, in order; the id comes first."""
    return [column.name for column in _columns(origin)]


def lines(session: Session, origin: str, *where: ColumnElement[bool]) -> Iterator[Line]:
    """Yield the id and the line of each row that there is, by ascending id."""
    plain = (at_rest(column) for column in _columns(origin))
    for row in session.execute(select(*plain).where(*where).order_by(key(origin))):
        yield row[0], written(row)


def written(row: Sequence[Any]) -> bytes:
    """Return *row* as its line."""
    return json.dumps(
        [*row], ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_text
    ).encode()


def leaf(line: Line) -> bytes:
    """Return what a seal keeps of a row."""
    return line[0].to_bytes(ID_BYTES, "big") + hashlib.sha256(line[1]).digest()


def parted(leaves: bytes) -> dict[int, bytes]:
    """Return the leaf of each row by id, in the order of the seal."""
    parts = (leaves[at : at + LEAF_BYTES] for at in range(0, len(leaves), LEAF_BYTES))
    return {int.from_bytes(part[:ID_BYTES], "big"): part for part in parts}


def at_rest(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column as it rests: what is encrypted stays so, and a code is a plain text."""
    if isinstance(column.type, Sealed):
        return type_coerce(column, LargeBinary())
    return type_coerce(column, String()) if isinstance(column.type, Enum) else column


def _columns(origin: str) -> Sequence[Column[Any]]:
    table = Base.metadata.tables[origin]
    if origin in WHOLE:
        return [*table.columns]
    return [table.c.id, *(table.c[name] for name in FIXED[origin])]


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return value.isoformat() if isinstance(value, dt.date) else bytes(value).hex()
