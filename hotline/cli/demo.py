"""`flask demo seed`: a history of invented people, for an empty hotline."""

import click
from flask import current_app

from hotline.cli.speaking import Group, plainly, progress
from hotline.core.db import transaction
from hotline.core.time import utcnow
from hotline.demo import history
from hotline.ledger.sealing import seal_new
from hotline.messages.rules import Rules

MOST_DAYS = 60
FEW = click.IntRange(1, 5000)


@click.group("demo", cls=Group)
def demo() -> None:
    """Invented people and their history, to try the hotline with."""


@demo.command("seed")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=history.DAYS, show_default=True)
@click.option("--calls-per-day", type=FEW, default=history.CALLS, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same, the same people.")
@plainly
def seed(days: int, calls_per_day: int, seed: int) -> None:
    """Play the last days of a hotline into the database, which must hold no calls yet.

    In production the invented staff are given no password, so that nobody can sign in.
    """
    settings = current_app.extensions["hotline"].settings
    plan = history.Plan(
        now=utcnow(),
        rules=Rules.of(settings),
        days=days,
        calls_per_day=calls_per_day,
        seed=seed,
        sign_in=settings.hotline_env != "production",
    )
    with history.playing(plan) as playing:
        for moment in progress(playing.looks, "Playing the demo's history"):
            playing.play(moment)
        told = playing.finish()
    while seal_new(transaction, now=utcnow()):
        pass  # what was played is sealed as what happens is
    click.echo(f"{days} days: {told.calls} calls, {told.texts} SMS, {told.tickets} tickets")
