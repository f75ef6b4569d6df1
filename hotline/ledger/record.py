"""The record that is sealed: its tables, and each row as one line that never varies.

A line is the row as JSON: an array in the order of the columns, moments in UTC, what is
encrypted as it rests, in hexadecimal. It is the same on both engines and in an export, and
needs no key to be checked.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Enum, LargeBinary, String, Table, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from hotline.core.audit import AuditEntry
from hotline.core.privacy import Sealed
from hotline.tickets.records import TicketEvent

RECORD: Final[dict[str, Any]] = {model.__tablename__: model for model in (AuditEntry, TicketEvent)}
ID_BYTES: Final = 8
LEAF_BYTES: Final = ID_BYTES + 32

Line = tuple[int, bytes]


def key(origin: str) -> InstrumentedAttribute[int]:
    """Return the id column of a table of the record."""
    return cast("InstrumentedAttribute[int]", RECORD[origin].id)


def columns(origin: str) -> list[str]:
    """Return the columns of a line, in order; the id comes first."""
    return [column.name for column in _table(origin).columns]


def lines(session: Session, origin: str, *where: ColumnElement[bool]) -> Iterator[Line]:
    """Yield the id and the line of each row that there is, by ascending id."""
    plain = (_at_rest(column) for column in _table(origin).columns)
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


def _table(origin: str) -> Table:
    return cast("Table", RECORD[origin].__table__)


def _at_rest(column: ColumnElement[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, Sealed):
        return type_coerce(column, LargeBinary())
    return type_coerce(column, String()) if isinstance(column.type, Enum) else column


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return bytes(value).hex()
