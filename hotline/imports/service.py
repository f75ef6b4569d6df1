"""What is done with a file: handed in and judged, confirmed, taken in batch by batch, forgotten.

A row is written down and marked as done in one transaction, and a file is known by its bytes:
after a crash, and when somebody hands the same file in again, what is done stays done once.
"""

import datetime as dt
import json
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from hotline.core import audit
from hotline.core.errors import GuardFailed, HotlineError, Invalid, NotFound
from hotline.core.roles import Actor, Permission, Role, require
from hotline.core.words import N_
from hotline.imports import queries
from hotline.imports.judging import SORTS, WHOLE_ROW, Judged, judge, places
from hotline.imports.models import ImportFile, ImportRow, Kind, RowState
from hotline.imports.reading import Line, Table
from hotline.staff import queries as staff

BATCH: Final = 25  # rows a transaction: on SQLite nobody else writes meanwhile
KEPT_FOR: Final = dt.timedelta(days=1)
#: Who takes in what the command was given.
BY_COMMAND: Final = Actor(None, "cli", frozenset({Role.ADMIN, Role.SUPERVISOR}))


def hand_in(
    session: Session, kind: Kind, name: str, table: Table, *, actor: Actor, now: dt.datetime
) -> ImportFile:
    """Keep the rows of a file, each judged; nothing is taken in.

    The same bytes again are judged anew, but for what is done; one that is being taken in is
    left alone.

    Raises:
        Forbidden: *actor* may not.
        Invalid: A head is missing.
        NotFound: Somebody else is having it taken in.
    """
    may(actor, kind)
    places(kind, table.heads)
    file = _same(session, kind, table.digest)
    if file is not None and file.running:
        return queries.own(session, file.id, actor)
    if file is None:
        file = ImportFile(kind=kind, digest=table.digest, done=0)
        session.add(file)
    file.name, file.heads, file.uploaded_by = name[:200], list(table.heads), actor.id
    file.uploaded_at, file.confirmed_at, file.finished_at = now, None, None
    session.flush()
    _keep_rows(session, file, table, now)
    audit.note(
        session, actor, "import.hand_in", f"import:{file.id}", now=now, kind=kind,
        good=file.good, bad=file.bad, there=file.there,
    )  # fmt: skip
    session.flush()
    return file


def confirm(session: Session, file_id: int, *, actor: Actor, now: dt.datetime) -> None:
    """Let the good rows of one's own file be taken in.

    Raises:
        Forbidden: *actor* may not.
        GuardFailed: There is nothing to take in, or it was confirmed.
    """
    file = queries.own(session, file_id, actor, lock=True)
    may(actor, file.kind)
    if not file.good or file.confirmed_at is not None:
        raise GuardFailed(N_("没有可以导入的行，或者已经确认过。"), guard="good_rows")
    file.confirmed_at = now
    audit.note(
        session, actor, "import.confirm", f"import:{file.id}", now=now, kind=file.kind,
        good=file.good,
    )  # fmt: skip


def take_in(session: Session, file_id: int, *, now: dt.datetime) -> int:
    """Take the next rows of a confirmed file in, and return how many are left.

    A row that what has changed since makes wrong says so; it stops no other.
    """
    file = session.get(ImportFile, file_id, with_for_update=True)
    if file is None or not file.running:
        return 0
    rows = session.scalars(
        select(ImportRow)
        .where(ImportRow.file_id == file.id, ImportRow.state == RowState.GOOD)
        .order_by(ImportRow.line)
        .limit(BATCH)
    ).all()
    cells = [queries.cells(row) for row in rows]
    actor = _whose(session, file)
    for row, judged in zip(
        rows, judge(session, file.kind, file.heads, cells, now=now), strict=True
    ):
        _keep(session, file, row, judged, actor, now)
    if not file.good:
        _finish(session, file, actor, now)
    session.flush()
    return file.good


def forget(session: Session, file_id: int, *, actor: Actor, now: dt.datetime) -> None:
    """Forget what is left of one's own file.

    Raises:
        GuardFailed: It is being taken in.
    """
    file = queries.own(session, file_id, actor, lock=True)
    if file.running:
        raise GuardFailed(N_("正在导入，完成后再删除。"), guard="not_running")
    audit.note(session, actor, "import.forget", f"import:{file.id}", now=now)
    drop(session, file)


def drop(session: Session, file: ImportFile) -> None:
    """Delete the rows of a file that are not done, and the file where none is."""
    _drop_rows(session, file)
    file.good = 0
    if not file.done:
        session.delete(file)


def _drop_rows(session: Session, file: ImportFile) -> None:
    undone = (ImportRow.file_id == file.id, ImportRow.state != RowState.DONE)
    session.execute(delete(ImportRow).where(*undone))


def may(actor: Actor, kind: Kind) -> None:
    """Raise `Forbidden` unless *actor* may take files of this kind in."""
    require(actor, Permission.IMPORT)
    require(actor, SORTS[kind].permission)


def _same(session: Session, kind: Kind, digest: str) -> ImportFile | None:
    return session.scalar(
        select(ImportFile)
        .where(ImportFile.kind == kind, ImportFile.digest == digest)
        .with_for_update()
    )


def _keep_rows(session: Session, file: ImportFile, table: Table, now: dt.datetime) -> None:
    _drop_rows(session, file)
    done = set(session.scalars(select(ImportRow.line).where(ImportRow.file_id == file.id)))
    lines = [line for line in table.lines if line.number not in done]
    found = judge(session, file.kind, file.heads, [line.cells for line in lines], now=now)
    if lines:
        rows = (_row(file, line, one) for line, one in zip(lines, found, strict=True))
        session.execute(insert(ImportRow), list(rows))
    states = [one.state for one in found]
    file.good, file.bad, file.there = (
        states.count(state) for state in (RowState.GOOD, RowState.BAD, RowState.THERE)
    )


def _row(file: ImportFile, line: Line, judged: Judged) -> dict[str, object]:
    return {
        "file_id": file.id,
        "line": line.number,
        "state": judged.state,
        "cells": json.dumps(list(line.cells), ensure_ascii=False),
        "faults": [list(pair) for pair in judged.faults.items()],
    }


def _keep(
    session: Session,
    file: ImportFile,
    row: ImportRow,
    judged: Judged,
    actor: Actor,
    now: dt.datetime,
) -> None:
    sort, state, faults = SORTS[file.kind], judged.state, judged.faults
    if state is RowState.GOOD:
        try:
            with session.begin_nested():
                subject_id = sort.keep(session, judged.values, file.id, actor, now)
            row.subject_id, row.cells, state = subject_id, None, RowState.DONE
        except Invalid as error:
            state = RowState.BAD
            faults = {sort.heads().get(name, name): text for name, text in error.errors.items()}
        except HotlineError as error:
            state, faults = RowState.BAD, {WHOLE_ROW: error.detail}
    row.state, row.faults = state, [list(pair) for pair in faults.items()]
    file.good -= 1
    setattr(file, state, getattr(file, state) + 1)


def _whose(session: Session, file: ImportFile) -> Actor:
    """Return who handed a file in; whoever has left may do nothing any more."""
    if file.uploaded_by is None:
        return BY_COMMAND
    try:
        return staff.actor(session, file.uploaded_by)
    except NotFound:
        return Actor(file.uploaded_by, "", frozenset())


def _finish(session: Session, file: ImportFile, actor: Actor, now: dt.datetime) -> None:
    file.finished_at = now
    audit.note(
        session, actor, "import.finish", f"import:{file.id}", now=now, kind=file.kind,
        done=file.done, bad=file.bad, there=file.there,
    )  # fmt: skip
