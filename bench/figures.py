"""The pages of numbers: a month over many tickets, no dearer as they grow, and a live board."""

import selectors
import time
from collections.abc import Sequence
from functools import partial
from typing import Final

from bench import ringing, servers, visitor
from bench.client import Line as Connection
from bench.client import Sample, answer, drive
from bench.databases import Cluster, Database
from bench.places import SMALL, Places
from bench.rounds import Figure, figure, interleaved, ratio
from bench.servers import Server
from bench.table import Line

WEEK: Final = "/rates?from=2026-11-14&to=2026-11-19&group_by=region"
MONTH: Final = "/reports?kind=month&on=2026-11-19"
COUNTED: Final = ("2026-10-01", "2026-11-20")  # the month, the one before, what both share
GROWS: Final = 1.2
REPORT: Final = 5_000  # ms
SECONDS: Final = 0.5
VIEWERS: Final = 200
BEHIND: Final = 2_000  # ms
EVENTS: Final = 5
PAUSE: Final = 1_500  # ms: what the page waits at most between two looks


def as_they_grow(places: Places, size: int, rounds: int) -> list[Line]:
    """Return what a week of rates costs among *size* tickets and few, and a month's report."""
    runs = {}
    for count in (SMALL, size):
        place = places.at(count)
        servers.flask(place.database, "rates", "recount", "--from", COUNTED[0], "--to", COUNTED[1])
        place.database.rest()
        runs[count] = partial(_run, place.server, visitor.get(WEEK, place.cookies))
    interleaved(runs, 1)
    samples = interleaved(runs, rounds)
    large = places.at(size)
    month = visitor.get(MONTH, large.cookies)
    months = [_once(large.server, month) for _ in range(rounds)]
    name = f"{places.engine}, a week of rates"
    grown = ratio(samples[size], samples[SMALL], _middle)
    return [
        Line(f"{name}, among {size:,}", figure(samples[size], _middle), "ms"),
        Line(f"{name}: {size:,} to {SMALL:,}", grown, goal=GROWS),
        Line(f"{places.engine}, the month's report among {size:,}", Figure(months), "ms", REPORT),
    ]


def _run(server: Server, request: bytes) -> Sample:
    sample = drive(server.port, [request] * 500, clients=1, seconds=SECONDS)
    if set(sample.statuses) != {200}:
        raise RuntimeError(f"Not every answer was 200: {dict(sample.statuses)}")
    return sample


def _once(server: Server, request: bytes) -> float:
    began = time.perf_counter()
    if answer(server.port, request).status != 200:
        raise RuntimeError("The report does not answer.")
    return (time.perf_counter() - began) * 1e3


def _middle(sample: Sample) -> float:
    return sample.quantile(0.5)


def board(cluster: Cluster, engine: str) -> list[Line]:
    """Return how far behind an event the last of many viewers is told, and then sees the board."""
    database = cluster.new(engine, "board")
    servers.flask(database, "db", "upgrade")
    names = [f"{visitor.LOGIN}{number}" for number in range(VIEWERS)]
    ringing.hire(database, names, "supervisor")
    with servers.hotline(database, WEB_THREADS=str(VIEWERS)) as server:
        cookies = [visitor.log_in(server, name) for name in names]
        look = visitor.get("/board", cookies[0])
        lines = [_open(server, each) for each in cookies]
        told = [_told(database, lines, ordinal) for ordinal in range(EVENTS)]
        looks = [_once(server, look) for _ in range(EVENTS)]
    behind = [one + PAUSE + seen for one, seen in zip(told, looks, strict=True)]
    name = f"a board with {VIEWERS} viewers, {engine}"
    return [
        Line(f"{name}: the last is told", Figure(told), "ms"),
        Line(f"{name}: behind the event at worst", Figure(behind), "ms", BEHIND),
    ]


def _open(server: Server, cookies: str) -> Connection:
    """Open a viewer's stream: a worker that has its fill refuses, and the other is asked."""
    for _ in range(VIEWERS):
        line = Connection(server.port)
        if line.opens(visitor.get("/live", cookies)):
            line.socket.settimeout(ringing.PATIENCE)
            return line
        line.socket.close()
    raise RuntimeError("Streams are refused.")


def _told(database: Database, lines: Sequence[Connection], ordinal: int) -> float:
    """Let a seat change; return after how many milliseconds the last stream told of it."""
    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.got = b""
        while ready := selector.select(ringing.QUIET):
            for key, _ in ready:
                key.data.socket.recv(1 << 16)
        began = time.perf_counter()
        state = ("ready", "away")[ordinal % 2]
        with database.connect() as connection:
            connection.exec_driver_sql(
                "INSERT INTO presence_change (staff_id, at, act, to_state, line)"
                f" SELECT min(id), CURRENT_TIMESTAMP, 'get_ready', '{state}', 'browser' FROM staff"
            )
        while selector.get_map():
            ready = selector.select(ringing.PATIENCE)
            if not ready:
                raise TimeoutError(f"{len(selector.get_map())} viewers were not told.")
            for key, _ in ready:
                key.data.got += key.data.socket.recv(1 << 16)  # an event may come in pieces
                if b"event: board" in key.data.got:
                    selector.unregister(key.fileobj)
        return (time.perf_counter() - began) * 1e3
