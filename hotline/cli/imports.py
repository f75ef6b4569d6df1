"""`flask import`: a file of tickets, employers or units, judged first and then taken in."""

from pathlib import Path
from typing import Any, Final

import click

from hotline.cli.speaking import Command, plainly, progress
from hotline.core.db import transaction
from hotline.core.language import gettext
from hotline.core.time import utcnow
from hotline.imports import queries, reading, service, writing
from hotline.imports.models import Kind, RowState
from hotline.imports.service import BY_COMMAND

KINDS: Final = click.Choice([kind.value for kind in Kind])


@click.command("import", cls=Command)
@click.argument("kind", type=KINDS)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--confirm", is_flag=True, help="Take the good rows in; else only judge them.")
@click.option(
    "--bad",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the wrong rows with their reasons to this CSV.",
)
@plainly
def import_file(kind: str, file: Path, *, confirm: bool, bad: Path | None) -> None:
    """Judge FILE, a CSV or XLSX of KIND, row by row; with --confirm take the good rows in.

    What was taken in before, from this file or by its code, is passed over. The status is 1
    while a row is wrong.
    """
    table, now = reading.read(_content(file)), utcnow()
    file_id, good = transaction(lambda session: _hand_in(session, Kind(kind), file, table, now))
    if confirm and good:
        transaction(lambda session: service.confirm(session, file_id, actor=BY_COMMAND, now=now))
        for _ in progress(range(-(-good // service.BATCH)), "import"):
            transaction(lambda session: service.take_in(session, file_id, now=utcnow()))
    wrong = transaction(lambda session: _report(session, file_id, bad))
    if wrong:
        click.get_current_context().exit(1)


def _content(file: Path) -> bytes:
    with file.open("rb") as source:
        return source.read(reading.LARGEST + 1)


def _hand_in(session: Any, kind: Kind, file: Path, table: Any, now: Any) -> tuple[int, int]:
    row = service.hand_in(session, kind, file.name, table, actor=BY_COMMAND, now=now)
    return row.id, row.good


def _report(session: Any, file_id: int, bad: Path | None) -> int:
    """Print where the rows of a file stand and what is wrong; return how many are wrong."""
    file = queries.own(session, file_id, BY_COMMAND)
    mend = list(queries.to_mend(session, file))
    for row, _ in mend:
        click.echo(f"line {row.line}: {_told(row.faults)}")
    states = (f"{state.value} {getattr(file, state.value)}" for state in RowState)
    click.echo(" · ".join(states))
    if bad is not None and mend:
        rows = [[_told(row.faults), *cells] for row, cells in mend]
        bad.write_bytes(writing.table([writing.REASON, *file.heads], rows))
    return len(mend)


def _told(faults: list[Any]) -> str:
    return "; ".join(f"{head}: {gettext(text)}" if head else gettext(text) for head, text in faults)
