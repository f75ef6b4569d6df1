"""`flask search rebuild`: the index of tickets' words, written anew."""

from functools import partial

import click

from hotline.cli.speaking import Group, plainly, progress
from hotline.core.db import reading, transaction
from hotline.search import jobs


@click.group("search", cls=Group)
def search() -> None:
    """Tickets found by their words."""


@search.command("rebuild")
@plainly
def rebuild() -> None:
    """Write the words of every ticket anew; searching goes on meanwhile."""
    transaction(jobs.start_afresh)
    with reading() as session:
        parts = jobs.slices(session)
    written = sum(
        transaction(partial(jobs.rebuild, start=part)) for part in progress(parts, "Reading")
    )
    click.echo(f"{written} tickets read")
