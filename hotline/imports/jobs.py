"""What the clock does with files: takes in what was confirmed, forgets what is a day old."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from hotline.core.db import Transact
from hotline.imports import queries, service
from hotline.imports.models import ImportFile, ImportRow, RowState

TURNS: Final = 40  # batches at once: then the clock's other jobs get their turn


def take_in(transact: Transact, *, clock: Callable[[], dt.datetime]) -> int:
    """Take the rows of confirmed files in, batch by batch, and return how many are left."""
    left = 0
    for file_id in transact(queries.running):
        left = 1
        for _ in range(TURNS):
            left = transact(partial(service.take_in, file_id=file_id, now=clock()))
            if not left:
                break
    return left


def forget(transact: Transact, *, now: dt.datetime) -> None:
    """Forget the rows that are not done of files that were handed in more than a day ago."""

    def work(session: Session) -> None:
        kept = exists().where(ImportRow.file_id == ImportFile.id, ImportRow.state != RowState.DONE)
        since = now - service.KEPT_FOR
        old = select(ImportFile).where(ImportFile.uploaded_at <= since, kept)
        for file in session.scalars(old):
            if not file.running:
                service.drop(session, file)

    transact(work)
