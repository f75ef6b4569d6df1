"""The page of fifty open tickets, through a real session, as the table grows."""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from typing import Final
from urllib.parse import urlencode

from bench import load, servers
from bench.client import Sample, answer, drive
from bench.databases import Cluster, Database
from bench.rounds import Figure, figure, interleaved, ratio
from bench.servers import Server
from bench.table import Line

SHOWN: Final = 50
PATH: Final = "/tickets?view=in_progress"
LOGIN: Final = "bench"
PASSWORD: Final = "a password for measuring only"
SECONDS: Final = 1.0
GROWS: Final = 1.2
LIMIT: Final = 20  # ms
MEMORY: Final = 90
SMALL: Final = 1_000
TOKEN: Final = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')


def as_it_grows(cluster: Cluster, engine: str, sizes: Sequence[int], rounds: int) -> list[Line]:
    """Return how long the page takes at 1000 tickets and at each of *sizes*."""
    with ExitStack() as stack:
        runs, places = {}, {}
        for size in (SMALL, *sizes):
            database = _filled(cluster, engine, size)
            server = stack.enter_context(servers.hotline(database))
            request = _request(server)
            places[size] = server
            runs[str(size)] = partial(_run, server, request)
        interleaved(runs, 1)
        samples = interleaved(runs, rounds)
        memory = Figure([each for server in places.values() for each in server.memory()])
    small = samples[str(SMALL)]
    lines = [Line(f"50 open tickets of {SMALL:,}, {engine}", figure(small, _middle), "ms", LIMIT)]
    for size in sizes:
        these, name = samples[str(size)], f"50 open tickets of {size:,}, {engine}"
        lines += [
            Line(name, figure(these, _middle), "ms", LIMIT),
            Line(f"{name}: to that of {SMALL:,}", ratio(these, small, _middle), goal=GROWS),
        ]
    return [*lines, Line(f"pages, {engine}: memory a worker afterwards", memory, "MiB", MEMORY)]


def _filled(cluster: Cluster, engine: str, size: int) -> Database:
    database = cluster.new(engine, f"pages{size}")
    servers.flask(database, "db", "upgrade")
    arguments = ("staff", "add", LOGIN, "--role", "supervisor", "--password-stdin")
    servers.flask(database, *arguments, say=f"{PASSWORD}\n")
    load.tickets(database, size, database.ask("SELECT id FROM staff"))
    return database


def log_in(server: Server, login: str) -> str:
    """Log *login* in and return their cookies."""
    form = answer(server.port, get("/login"))
    found = TOKEN.search(form.body)
    if found is None:
        raise RuntimeError("The login form has no token.")
    fields = {"login": login, "password": PASSWORD, "csrf_token": found[1].decode()}
    return answer(server.port, post("/login", urlencode(fields), form.cookies)).cookies


def _request(server: Server) -> bytes:
    """Return the request for the page, once it shows what it should."""
    request = get(PATH, log_in(server, LOGIN))
    shown = answer(server.port, request)
    rows = shown.body.count(b'<li class="row">')
    if (shown.status, rows) != (200, SHOWN):
        raise RuntimeError(f"The page answers {shown.status} with {rows} rows.")
    return request


def _run(server: Server, request: bytes) -> Sample:
    sample = drive(server.port, [request] * 5000, clients=1, seconds=SECONDS)
    if set(sample.statuses) != {200}:
        raise RuntimeError(f"Not every answer was 200: {dict(sample.statuses)}")
    return sample


def get(path: str, cookies: str = "") -> bytes:
    """Return the request of a browser for a page."""
    return f"GET {path} HTTP/1.1\r\nHost: hotline.example\r\nCookie: {cookies}\r\n\r\n".encode()


def post(path: str, body: str, cookies: str) -> bytes:
    """Return the request of a browser that sends a form."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: hotline.example\r\nCookie: {cookies}\r\n"
        f"Referer: https://hotline.example{path}\r\nOrigin: https://hotline.example\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _middle(sample: Sample) -> float:
    return sample.quantile(0.5)
