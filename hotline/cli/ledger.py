"""`flask ledger check`: the eight invariants, asked of everything there is."""

import sys
from functools import partial

import click

from hotline.cli.speaking import Group, plainly, progress
from hotline.core.db import reading, transaction
from hotline.core.time import utcnow
from hotline.ledger import checking


@click.group("ledger", cls=Group)
def ledger() -> None:
    """Whether everything is accounted for."""


@ledger.command("check")
@plainly
def check() -> None:
    """Ask the invariants of every row; one line an exception, and status 1 if there is any."""
    look = partial(checking.at_one_moment, transaction)
    with reading() as session:
        parts = checking.whole(session)
    for part in progress(parts, "Checking"):
        look(partial(checking.ask_slice, part=part, now=utcnow()))
    look(partial(checking.finish, now=utcnow()))
    with reading() as session:
        found = checking.open_exceptions(session)
        for row in found:
            click.echo(f"{row.code} {row.kind} {row.label}: {row.what.replace('_', ' ')}")
    if found:
        sys.exit(1)
    click.echo("all eight hold")
