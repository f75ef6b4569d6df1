"""Inbound SMS to durable ticket with many tickets there already, against an empty database."""

from typing import Final

from bench import servers, webhook
from bench.databases import Cluster
from bench.places import Places
from bench.rounds import ratio
from bench.table import Line

GOAL: Final = 0.90


def beside_an_empty_one(cluster: Cluster, places: Places, size: int, rounds: int) -> list[Line]:
    """Return how fast SMS become tickets among *size* others, as a share of the first ones."""
    full, empty = places.at(size), cluster.new(places.engine, "empty")
    servers.flask(empty, "db", "upgrade")
    with servers.hotline(empty) as server:
        samples = webhook.taken(rounds, full=(full.database, full.server), empty=(empty, server))
    shares = ratio(samples["full"], samples["empty"], lambda sample: sample.rate)
    name = f"{places.engine}, SMS to ticket among {size:,} others: share of the first"
    return [Line(name, shares, goal=GOAL, at_least=True)]
