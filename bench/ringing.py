"""A call comes in while fifty operators' pages are open: how soon the right one tells of the ring.

Each page is a logged-in stream of the real server. The time runs from the carrier's request
that lets the caller wait to the event on the stream of the operator who is offered the call.
"""

import selectors
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

import sqlalchemy as sa

from bench import pages, servers, sms
from bench.client import Line as Connection
from bench.client import Sample
from bench.databases import Cluster, Database
from bench.rounds import figure
from bench.servers import Server
from bench.table import Line

OPERATORS: Final = 50
CALLS: Final = 15  # a round; each rings for another operator, and all end with the round
ROUNDS: Final = 3
POP: Final = 300  # ms, p95
ANSWER: Final = 150  # ms, p99
PATIENCE: Final = 10.0
QUIET: Final = 0.5  # seconds without an event, after which all was told
MARK: Final = b"event: presence:"


class Pages:
    """The open streams of all operators."""

    def __init__(self, server: Server, cookies: Sequence[str]) -> None:
        self._selector = selectors.DefaultSelector()
        for each in cookies:
            line = Connection(server.port)
            line.send(pages.get("/live", each))
            self._selector.register(line.socket, selectors.EVENT_READ, line)
        self.until_quiet()

    def told(self) -> float:
        """Return when a stream told its operator of their own line."""
        until = time.perf_counter() + PATIENCE
        while (left := until - time.perf_counter()) > 0:
            for key, _ in self._selector.select(left):
                if MARK in key.data.socket.recv(1 << 16):
                    return time.perf_counter()
        raise TimeoutError(f"No page was told of the ring within {PATIENCE:.0f} s.")

    def until_quiet(self) -> None:
        """Read what is still being told, so that the next event is the next call's."""
        while ready := self._selector.select(QUIET):
            for key, _ in ready:
                key.data.socket.recv(1 << 16)

    def close(self) -> None:
        """Close every page."""
        for key in list(self._selector.get_map().values()):
            key.data.socket.close()
        self._selector.close()


def beside_open_pages(cluster: Cluster, engine: str) -> list[Line]:
    """Return how long a page takes to tell, and how long the carrier waits for its answers."""
    database = cluster.new(engine, "ringing")
    servers.flask(database, "db", "upgrade")
    names = [f"{pages.LOGIN}{number}" for number in range(OPERATORS)]
    _hire(database, names)
    with ExitStack() as stack:
        server = stack.enter_context(servers.hotline(database))
        cookies = [pages.log_in(server, name) for name in names]
        _make_ready(database)
        opened = Pages(server, cookies)
        stack.callback(opened.close)
        carrier = Connection(server.port)
        _round(carrier, opened, 0)
        taken = [_round(carrier, opened, ordinal) for ordinal in range(1, ROUNDS + 1)]
    pops, answers = [pop for pop, _ in taken], [answer for _, answer in taken]
    name = f"a call with {OPERATORS} pages open, {engine}"
    return [
        Line(f"{name}: page tells, p95", figure(pops, _p95), "ms", POP),
        Line(f"{name}: carrier is answered, p99", figure(answers, _p99), "ms", ANSWER),
    ]


def _hire(database: Database, names: Sequence[str]) -> None:
    """Add the first by the command, and all others as its copies: one password is hashed."""
    arguments = ("staff", "add", names[0], "--role", "operator", "--password-stdin")
    servers.flask(database, *arguments, say=f"{pages.PASSWORD}\n")
    with database.connect() as connection:
        known = sa.MetaData()
        known.reflect(connection, only=["staff", "staff_role"])
        staff, role = known.tables["staff"], known.tables["staff_role"]
        first = dict(connection.execute(sa.select(staff)).mappings().one())
        roles = dict(connection.execute(sa.select(role)).mappings().one())
        for ordinal, name in enumerate(names[1:], 1):
            new = first["id"] + ordinal
            connection.execute(staff.insert(), first | {"id": new, "login": name})
            connection.execute(role.insert(), roles | {"staff_id": new})


def _make_ready(database: Database) -> None:
    with database.connect() as connection:
        connection.exec_driver_sql(
            "INSERT INTO presence (staff_id, state, line, since, extensions, called_out, missed,"
            " version) SELECT id, 'ready', 'browser', created_at, 0, FALSE, 0, 1 FROM staff"
        )


def _round(carrier: Connection, opened: Pages, ordinal: int) -> tuple[Sample, Sample]:
    """Let callers ring one after the other; return what pages and what answers took."""
    pops, answers = Sample(), Sample()
    sids = [f"CA{ordinal:016x}{number:016x}" for number in range(CALLS)]
    for sid in sids:
        answers.latencies.append(_ask(carrier, "/phone/voice", sid, CallStatus="ringing"))
        began = time.perf_counter()
        answers.latencies.append(_ask(carrier, "/phone/wait", sid, CallStatus="in-progress"))
        pops.latencies.append(opened.told() - began)
    for sid in sids:
        ended = {"CallStatus": "completed", "SequenceNumber": "1"}
        answers.latencies.append(_ask(carrier, "/phone/status", sid, **ended))
    opened.until_quiet()
    return pops, answers


def _ask(carrier: Connection, path: str, sid: str, **form: str) -> float:
    """Post what the carrier would, and return how many seconds its answer took."""
    caller = {"From": f"+86138{int(sid[-8:], 16):08d}", "To": sms.NUMBER, "Direction": "inbound"}
    carrier.send(sms.post({"AccountSid": sms.ACCOUNT, "CallSid": sid, **caller, **form}, path))
    while (found := carrier.receive()) is None:
        pass
    status, seconds = found
    if status not in {200, 204}:
        raise RuntimeError(f"{path} answers {status}.")
    return seconds


def _p95(sample: Sample) -> float:
    return sample.quantile(0.95)


def _p99(sample: Sample) -> float:
    return sample.quantile(0.99)
