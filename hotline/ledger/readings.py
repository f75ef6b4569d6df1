"""What figures read in rows that may change, kept apart: no such row is altered in silence.

A row's seal answers for what never changes in it (`record`). Of the rest the ledger keeps a keyed
hash, made anew whenever a journal tells of the thing the row belongs to. A row that differs from
its hash although nothing was told was changed past the application, also where the day it is
counted on was counted anew since.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, FromClause, case, delete, or_, select
from sqlalchemy.orm import Session

from hotline.core.db import Base
from hotline.core.privacy import blind_index
from hotline.core.upsert import into
from hotline.ledger import journals, record
from hotline.ledger.faults import Fault
from hotline.ledger.models import Reading

#: By kind of thing the tables, and what figures read there; the first column names the thing.
READ: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "call": {
        "call": (
            "id", "direction", "language", "received_at", "queued_at", "answered_at", "ended_at",
            "end_state", "disposition", "ticket_id", "staff_id", "waited_ms", "talked_ms",
            "wrap_up_done_at",
        ),
    },
    "callback": {"callback": ("id", "call_id", "unit_id", "state", "opened_at", "closed_at")},
    "ticket": {
        "ticket": (
            "id", "number", "channel", "demand_type", "region_code", "category_code", "unit_id",
            "confidential_level", "anonymous", "received_at", "due_original", "due_at", "cycle",
            "outcome", "resolved_at", "survey_outcome", "merged_into_id", "worker_id", "import_id",
        ),
        "approval": ("ticket_id", "action", "decision"),
        "claim": ("ticket_id", "claimed", "verified", "agreed"),
        "survey": ("ticket_id", "cycle", "tries"),
        "ticket_result": ("ticket_id", "cycle", "outcome", "contact_way", "contact_at"),
    },
}  # fmt: skip


class Row(NamedTuple):
    """A row by its table and id."""

    origin: str
    row_id: int


class Hash(NamedTuple):
    """To which thing a row belongs, and what figures read in it, as a keyed hash."""

    subject: int
    mac: bytes


def altered(
    session: Session, subjects: Sequence[int], now: dt.datetime, *, kind: str
) -> Iterator[Fault]:
    """I7: yield the rows of these things that are not as they were kept, though nothing was told.

    Where an entry that is not read yet tells of a change, what is there now is kept in its stead.
    Entries, rows and what was kept of them are to be seen at one moment (`open_snapshot`).
    A row that is gone is named by its seal.
    """
    there, kept = _there(session, kind, subjects), _kept(session, kind, subjects)
    changed = sorted(row for row in there.keys() | kept.keys() if there.get(row) != kept.get(row))
    if not changed:
        return
    about = {row: (there.get(row) or kept[row]).subject for row in changed}
    silent = journals.untold(session, kind, {*about.values()})
    _keep(session, kind, {row: there.get(row) for row in changed if about[row] not in silent})
    for row in changed:
        if row in there and about[row] in silent:
            what = "row_altered" if row in kept else "row_inserted"
            yield Fault(about[row], f"{row.origin} {row.row_id}", what)


def _keep(session: Session, kind: str, changed: Mapping[Row, Hash | None]) -> None:
    for row, found in changed.items():
        if found is None:
            gone = (Reading.origin == row.origin, Reading.row_id == row.row_id)
            session.execute(delete(Reading).where(*gone))
    new = [
        {"kind": kind, **row._asdict(), **found._asdict()}
        for row, found in changed.items()
        if found is not None
    ]
    if new:
        insert = into(session, Reading)
        values = {name: insert.excluded[name] for name in ("subject", "mac")}
        session.execute(
            insert.on_conflict_do_update(index_elements=["origin", "row_id"], set_=values), new
        )


def _kept(session: Session, kind: str, subjects: Collection[int]) -> dict[Row, Hash]:
    rows = session.execute(
        select(Reading.origin, Reading.row_id, Reading.subject, Reading.mac).where(
            Reading.kind == kind, Reading.subject.in_(subjects)
        )
    )
    return {Row(origin, row_id): Hash(subject, mac) for origin, row_id, subject, mac in rows}


def _read(table: FromClause, name: str) -> ColumnElement[Any]:
    """Return a column as it is read; a wait is one when somebody answered, or all is over."""
    column = record.at_rest(table.c[name])
    if name == "waited_ms":
        decided = or_(table.c.answered_at.is_not(None), table.c.end_state.is_not(None))
        return case((decided, column))
    return column


def _there(session: Session, kind: str, subjects: Collection[int]) -> dict[Row, Hash]:
    found = {}
    for origin, names in READ[kind].items():
        table = Base.metadata.tables[origin]
        columns = (_read(table, name) for name in names)
        rows = session.execute(
            select(record.key(origin), *columns).where(table.c[names[0]].in_(subjects))
        )
        for row_id, subject, *read in rows:
            line = record.written([row_id, subject, *read]).decode()
            found[Row(origin, row_id)] = Hash(subject, blind_index(f"{origin} {line}"))
    return found
