"""A call comes in while fifty operators' pages are open: how soon the right one shows who it is.

Each page is a logged-in stream of the real server. The time runs from the carrier's request
that lets the caller wait to the event on the stream of the operator who is offered the call.
"""

import selectors
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

import sqlalchemy as sa

from bench import load, servers, sms, visitor
from bench.client import Line as Connection
from bench.client import Sample, answer
from bench.databases import Database
from bench.places import Place
from bench.rounds import figure
from bench.servers import Server
from bench.table import Line

OPERATORS: Final = 50
CALLS: Final = 15  # a round; each rings for another operator, and all end with the round
ROUNDS: Final = 3
TOLD: Final = 300  # ms, p95
POP: Final = 1_000  # ms, p95 (R11)
ANSWER: Final = 150  # ms, p99
PATIENCE: Final = 10.0
QUIET: Final = 0.5  # seconds without an event, after which all was told
MARK: Final = b"event: presence:"
SEAT: Final = "seat"
HISTORY: Final = "上次承诺答复".encode()


class Pages:
    """The open streams of all operators."""

    def __init__(self, server: Server, cookies: Sequence[str]) -> None:
        self._selector = selectors.DefaultSelector()
        for each in cookies:
            if not (line := Connection(server.port)).opens(visitor.get("/live", each)):
                raise RuntimeError("A stream was refused.")
            self._selector.register(line.socket, selectors.EVENT_READ, (line, each))
        self.until_quiet()

    def told(self) -> tuple[float, str]:
        """Return when a stream told its operator of their own line, and that one's cookies."""
        until = time.perf_counter() + PATIENCE
        while (left := until - time.perf_counter()) > 0:
            for key, _ in self._selector.select(left):
                line, cookies = key.data
                if MARK in line.socket.recv(1 << 16):
                    return time.perf_counter(), cookies
        raise TimeoutError(f"No page was told of the ring within {PATIENCE:.0f} s.")

    def until_quiet(self) -> None:
        """Read what is still being told, so that the next event is the next call's."""
        while ready := self._selector.select(QUIET):
            for key, _ in ready:
                key.data[0].socket.recv(1 << 16)

    def close(self) -> None:
        """Close every page."""
        for key in list(self._selector.get_map().values()):
            key.data[0].socket.close()
        self._selector.close()


def among_many(place: Place, engine: str) -> list[Line]:
    """Return how long a page takes to tell, and to show the caller's history (R11).

    Beside it, how long the carrier waits for its answers. The callers are workers with
    open tickets and earlier calls, among as many others as the place holds.
    """
    names = [f"{SEAT}{number}" for number in range(OPERATORS)]
    hire(place.database, names, "operator")
    with ExitStack() as stack:
        cookies = [visitor.log_in(place.server, name) for name in names]
        _make_ready(place.database)
        opened = Pages(place.server, cookies)
        stack.callback(opened.close)
        carrier = Connection(place.server.port)
        _round(carrier, place.server, opened, 0)
        taken = [_round(carrier, place.server, opened, each) for each in range(1, ROUNDS + 1)]
    told, popped, answers = ([each[at] for each in taken] for at in range(3))
    name = f"{engine}, a call with {OPERATORS} pages open"
    return [
        Line(f"{name}: page tells, p95", figure(told, _p95), "ms", TOLD),
        Line(f"{name}: history among {place.size:,} calls, p95", figure(popped, _p95), "ms", POP),
        Line(f"{name}: carrier is answered, p99", figure(answers, _p99), "ms", ANSWER),
    ]


def hire(database: Database, names: Sequence[str], role: str) -> None:
    """Add the first by the command, and all others as its copies: one password is hashed."""
    arguments = ("staff", "add", names[0], "--role", role, "--password-stdin")
    servers.flask(database, *arguments, say=f"{visitor.PASSWORD}\n")
    with database.connect() as connection:
        known = sa.MetaData()
        known.reflect(connection, only=["staff", "staff_role"])
        staff, roles_of = known.tables["staff"], known.tables["staff_role"]
        hired = sa.select(staff).where(staff.c.login == names[0])
        first = dict(connection.execute(hired).mappings().one())
        held = sa.select(roles_of).where(roles_of.c.staff_id == first["id"])
        roles = dict(connection.execute(held).mappings().one())
        for ordinal, name in enumerate(names[1:], 1):
            new = first["id"] + ordinal
            connection.execute(staff.insert(), first | {"id": new, "login": name})
            connection.execute(roles_of.insert(), roles | {"staff_id": new})


def _make_ready(database: Database) -> None:
    with database.connect() as connection:
        connection.exec_driver_sql(
            "INSERT INTO presence (staff_id, state, line, since, extensions, called_out, missed,"
            " version) SELECT id, 'ready', 'browser', created_at, 0, FALSE, 0, 1 FROM staff"
            f" WHERE login LIKE '{SEAT}%%'"
        )


def _round(
    carrier: Connection, server: Server, opened: Pages, ordinal: int
) -> tuple[Sample, Sample, Sample]:
    """Let callers ring one after the other; return what telling, showing and answers took."""
    told, popped, answers = Sample(), Sample(), Sample()
    sids = [f"CA{ordinal:016x}{number:016x}" for number in load.KNOWN[:CALLS]]
    for sid in sids:
        answers.latencies.append(_ask(carrier, "/phone/voice", sid, CallStatus="ringing"))
        began = time.perf_counter()
        answers.latencies.append(_ask(carrier, "/phone/wait", sid, CallStatus="in-progress"))
        at, cookies = opened.told()
        told.latencies.append(at - began)
        if HISTORY not in answer(server.port, visitor.get("/desk", cookies)).body:
            raise RuntimeError("The desk does not show what was promised to the caller.")
        popped.latencies.append(time.perf_counter() - began)
    for sid in sids:
        ended = {"CallStatus": "completed", "SequenceNumber": "1"}
        answers.latencies.append(_ask(carrier, "/phone/status", sid, **ended))
    opened.until_quiet()
    return told, popped, answers


def _ask(carrier: Connection, path: str, sid: str, **form: str) -> float:
    """Post what the carrier would, and return how many seconds its answer took."""
    caller = {
        "From": load.NUMBER.format(int(sid[-8:], 16)),
        "To": sms.NUMBER,
        "Direction": "inbound",
    }
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
