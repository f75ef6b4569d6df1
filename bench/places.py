"""Databases of many tickets with a server on each: made once, shared by what is measured there."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final, Self

from bench import load, servers, visitor
from bench.databases import Cluster, Database
from bench.servers import Server

SMALL: Final = 10_000  # what everything that grows is compared with


@dataclass(frozen=True)
class Place:
    """A running server on a database, and the cookies of the lead `visitor.LOGIN`."""

    size: int
    database: Database
    server: Server
    cookies: str


class Places:
    """The places of one engine; their databases go when all is measured."""

    def __init__(self, cluster: Cluster, engine: str) -> None:
        """Remember where to make them; nothing is made yet."""
        self._cluster, self.engine = cluster, engine
        self._stack, self._made = ExitStack(), dict[int, Place]()

    def __enter__(self) -> Self:
        """Give this."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the servers and remove the databases."""
        self._stack.close()
        for place in self._made.values():
            self._cluster.remove(place.database)

    def at(self, size: int) -> Place:
        """Return the place with *size* tickets, made at the first call."""
        if size not in self._made:
            began = time.perf_counter()
            database = self._filled(size)
            server = self._stack.enter_context(servers.hotline(database))
            cookies = visitor.log_in(server, visitor.LOGIN)
            self._made[size] = Place(size, database, server, cookies)
            print(f"{size:,} tickets made, {time.perf_counter() - began:.0f} s", flush=True)
        return self._made[size]

    def _filled(self, size: int) -> Database:
        database = self._cluster.new(self.engine, f"of{size}")
        servers.flask(database, "db", "upgrade")
        arguments = ("staff", "add", visitor.LOGIN, "--role", "supervisor", "--password-stdin")
        servers.flask(database, *arguments, say=f"{visitor.PASSWORD}\n")
        load.tickets(database, size, database.ask("SELECT id FROM staff"))
        return database
