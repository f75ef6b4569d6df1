"""Files as their pages show them: one's own, and the rows that are not taken in."""

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import BigInteger, literal, select
from sqlalchemy.orm import Session

from hotline.core.errors import NotFound
from hotline.core.paging import Page, cut, read_cursor
from hotline.core.roles import Actor
from hotline.imports.models import ImportFile, ImportRow, RowState


def own(session: Session, file_id: int, actor: Actor, *, lock: bool = False) -> ImportFile:
    """Return a file that *actor* handed in.

    Raises:
        NotFound: There is none of theirs.
    """
    found = session.get(ImportFile, file_id, with_for_update=lock or None)
    if found is None or found.uploaded_by != actor.id:
        raise NotFound
    return found


def page(session: Session, actor: Actor, *, cursor: str | None, limit: int) -> Page[ImportFile]:
    """Return one's own files, the newest first."""
    query = select(ImportFile).where(ImportFile.uploaded_by == actor.id)
    if key := read_cursor(cursor, int):
        query = query.where(ImportFile.id < key[0])
    rows = session.scalars(query.order_by(ImportFile.id.desc()).limit(limit + 1)).all()
    return cut(rows, limit, lambda row: [row.id])


def rows(
    session: Session, file: ImportFile, state: RowState, *, cursor: str | None, limit: int
) -> Page[ImportRow]:
    """Return the rows of a file that stand so, in the order of the file."""
    query = select(ImportRow).where(ImportRow.file_id == file.id, ImportRow.state == state)
    if key := read_cursor(cursor, int):
        query = query.where(ImportRow.line > literal(key[0], BigInteger))  # its column is smaller
    found = session.scalars(query.order_by(ImportRow.line).limit(limit + 1)).all()
    return cut(found, limit, lambda row: [row.line])


def to_mend(session: Session, file: ImportFile) -> Iterator[tuple[ImportRow, Sequence[str]]]:
    """Yield every wrong row of a file with its texts."""
    wrong = select(ImportRow).where(ImportRow.file_id == file.id, ImportRow.state == RowState.BAD)
    for row in session.scalars(wrong.order_by(ImportRow.line)):
        yield row, cells(row)


def cells(row: ImportRow) -> list[str]:
    """Return the texts of a row; none of one that is done."""
    found: list[str] = json.loads(row.cells) if row.cells else []
    return found


def running(session: Session) -> Sequence[int]:
    """Return the files that are being taken in, the oldest first."""
    query = select(ImportFile.id).where(
        ImportFile.confirmed_at.is_not(None), ImportFile.finished_at.is_(None)
    )
    return session.scalars(query.order_by(ImportFile.id)).all()


def is_kept(session: Session, file: ImportFile) -> bool:
    """Return whether what some row of a file says is still kept."""
    kept = select(ImportRow.line).where(
        ImportRow.file_id == file.id, ImportRow.state.in_(set(RowState) - {RowState.DONE})
    )
    return session.scalar(kept.limit(1)) is not None
