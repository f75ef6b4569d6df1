"""`flask audit verify` and `flask audit export`: the sealed record, read again or taken along."""

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from hotline.cli.speaking import Failed, Group, plainly, progress
from hotline.core.db import Session, reading
from hotline.core.errors import Invalid
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.ledger import chain, export, lives, verifying
from hotline.ledger.chain import Flaw

AT_ONCE = 200  # archived tickets read together
FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("audit", cls=Group)
def audit() -> None:
    """The sealed record: timelines of tickets, and who saw or did what."""


@audit.command("verify")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An earlier export: what it holds must still be in the chain.",
)
@plainly
def verify(against: Path | None) -> None:
    """Read the whole record again and name the first row that is not as it was sealed."""
    noted, rows = _noted(against), 0
    for start in progress(_starts(), "Verifying"):
        with reading() as session:
            for before, seal in verifying.pairs(session, start):
                _name_first(chain.flaws(session, seal, before, now=utcnow()))
                rows += seal.count
    with reading() as session:
        _name_first(verifying.lost(session, noted))
        _name_first(chain.loose_ends(session, now=utcnow()))
        _name_first(_altered_tickets(session))
        click.echo(f"{verifying.length(session)} seals, {rows} rows: all as sealed")


def _altered_tickets(session: Session) -> Iterator[Flaw]:
    ids: Sequence[int] = ()
    while ids := lives.archived_above(session, ids[-1] if ids else 0, AT_ONCE):
        for fault in lives.as_sealed(session, ids, utcnow()):
            yield Flaw(fault.what, f"ticket {fault.label}")
        session.expunge_all()


def _name_first(flaws: Iterator[Flaw]) -> None:
    for flaw in flaws:
        raise Failed(f"{flaw.label}: {flaw.what.replace('_', ' ')}")


def _noted(file: Path | None) -> tuple[int, str]:
    if file is None:
        return 0, ""
    with file.open("rb") as lines:
        last = deque(lines, maxlen=1)
    try:
        return export.noted(last[0])
    except (ValueError, KeyError, IndexError, AttributeError):
        raise Invalid({"against": N_("不是本热线导出的完整记录")}) from None


@audit.command("export")
@click.argument("file", type=FILE)
@plainly
def export_record(file: Path) -> None:
    """Write the sealed record to FILE; `bin/verify FILE` checks it anywhere."""
    newest, rows = (0, chain.START), 0
    with file.open("wb") as out:
        out.write(export.opening())
        for start in progress(_starts(), "Exporting"):
            with reading() as session:
                for _, seal in verifying.pairs(session, start):
                    out.writelines(export.lines(session, seal))
                    newest, rows = (seal.number, seal.hash), rows + seal.count
        out.write(export.closing(*newest, now=utcnow()))
    click.echo(f"{newest[0]} seals, {rows} rows in {file}")


def _starts() -> range:
    with reading() as session:
        return range(1, verifying.length(session) + 1, verifying.AT_ONCE)
