"""`flask rates recount`: the rollups counted again from the rows."""

import datetime as dt
from functools import partial

import click

from hotline.cli.speaking import Group, plainly, progress
from hotline.core.db import reading, transaction
from hotline.core.time import utcnow
from hotline.rates import jobs

DAY = click.DateTime(["%Y-%m-%d"])


@click.group("rates", cls=Group)
def rates() -> None:
    """Answer, resolution and satisfaction rates."""


@rates.command("recount")
@click.option("--from", "first", type=DAY, help="First day; by default the first there is.")
@click.option("--to", "last", type=DAY, help="Last day; by default the last there is.")
@plainly
def recount(first: dt.datetime | None, last: dt.datetime | None) -> None:
    """Count every day anew, mend the rollup, and say what differed."""
    if first is None and last is None:
        transaction(partial(jobs.start_afresh, now=utcnow()))
    with reading() as session:
        days = jobs.days_known(session, first and first.date(), last and last.date())
    differences = 0
    for day in progress(days, "Counting"):
        differences += len(transaction(partial(jobs.recount, first=day, last=day, now=utcnow())))
    click.echo(f"{len(days)} days counted, {differences} numbers mended")
