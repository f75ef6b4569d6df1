"""Inbound SMS to durable ticket, against a bare view with one INSERT, at eight clients."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Final

from bench import servers, sms
from bench.client import Sample, drive
from bench.databases import Cluster, Database
from bench.rounds import Figure, figure, interleaved, ratio
from bench.servers import Server
from bench.table import Line

CLIENTS: Final = 8
SECONDS: Final = 1.0
MOST: Final = 4000  # requests a second that are built beforehand
GOAL: Final = 0.60
MEMORY: Final = 90  # MiB
ROWS: Final = {"ticket": 1, "ticket_event": 1, "message": 2, "worker": 1}  # of each SMS

Place = tuple[Database, Server]


def against_the_floor(cluster: Cluster, engine: str, rounds: int) -> list[Line]:
    """Return how fast SMS become tickets on *engine*, as a share of bare INSERTs."""
    ours, bare = cluster.new(engine, "hotline"), cluster.new(engine, "floor")
    servers.flask(ours, "db", "upgrade")
    with ExitStack() as stack:
        hotline = stack.enter_context(servers.hotline(ours))
        floor = stack.enter_context(servers.floor(bare))
        samples = taken(rounds, hotline=(ours, hotline), floor=(bare, floor))
        memory = Figure(hotline.memory())
    name = f"SMS to ticket, {engine}"
    return [
        Line(
            f"{name}: share of the bare INSERT",
            ratio(samples["hotline"], samples["floor"], _rate),
            goal=GOAL,
            at_least=True,
        ),
        *(
            Line(f"{name}: {who}", figure(samples[who], what), unit, at_least=what is _rate)
            for who in ("hotline", "floor")
            for what, unit in ((_rate, "/s"), (_slowest, "ms p99"))
        ),
        Line(f"{name}: memory a worker afterwards", memory, "MiB", goal=MEMORY),
    ]


def taken(rounds: int, **places: Place) -> Mapping[str, Sequence[Sample]]:
    """Send SMS to all *places* in turn, after one round to warm up; check what they keep."""
    before = {name: _kept(database) for name, (database, _) in places.items()}
    runs: dict[str, Callable[[], Sample]] = {
        name: partial(_run, *place) for name, place in places.items()
    }
    warm, samples = interleaved(runs, 1), interleaved(runs, rounds)
    for name, (database, _) in places.items():
        _check(database, before[name], [*warm[name], *samples[name]])
    return samples


def _run(database: Database, server: Server) -> Sample:
    database.rest()
    requests = sms.requests(int(MOST * SECONDS))
    sample = drive(server.port, requests, clients=CLIENTS, seconds=SECONDS)
    if set(sample.statuses) != {200}:
        raise RuntimeError(f"Not every answer was 200: {dict(sample.statuses)}")
    return sample


def _kept(database: Database) -> dict[str, int]:
    names = database.tables()
    kept = ROWS if "ticket" in names else {"inbound": 1}
    return {name: database.ask(f"SELECT count(*) FROM {name}") for name in kept}


def _check(database: Database, before: Mapping[str, int], samples: Sequence[Sample]) -> None:
    """Compare rows with answers: a 200 that left no ticket would be no result."""
    answered = sum(sample.statuses[200] for sample in samples)
    for name, now in _kept(database).items():
        if now - before[name] != answered * ROWS.get(name, 1):
            raise RuntimeError(f"{answered} answers of 200, {now - before[name]} rows of {name}.")


def _rate(sample: Sample) -> float:
    return sample.rate


def _slowest(sample: Sample) -> float:
    return sample.quantile(0.99)
