"""Inbound SMS to durable ticket with many tickets there already, against an empty database."""

from contextlib import ExitStack
from typing import Final

from bench import load, servers, webhook
from bench.databases import Cluster
from bench.rounds import ratio
from bench.table import Line

GOAL: Final = 0.90


def beside_an_empty_one(cluster: Cluster, engine: str, size: int, rounds: int) -> list[Line]:
    """Return how fast SMS become tickets among *size* others, as a share of the first ones."""
    full, empty = cluster.new(engine, "grown"), cluster.new(engine, "empty")
    for database in (full, empty):
        servers.flask(database, "db", "upgrade")
    servers.flask(
        full, "staff", "add", "bench", "--role", "handler", "--password-stdin", say="-" * 20
    )
    load.tickets(full, size, full.ask("SELECT id FROM staff"))
    with ExitStack() as stack:
        samples = webhook.taken(
            rounds,
            full=(full, stack.enter_context(servers.hotline(full))),
            empty=(empty, stack.enter_context(servers.hotline(empty))),
        )
    shares = ratio(samples["full"], samples["empty"], lambda sample: sample.rate)
    name = f"SMS to ticket among {size:,} others, {engine}: share of the first"
    return [Line(name, shares, goal=GOAL, at_least=True)]
