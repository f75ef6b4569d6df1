"""A lean client: kept-alive connections in one process, requests built before the clock starts.

A load generator shares the cores with what it measures. This one only writes bytes and
looks for the end of each answer.
"""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

AFRESH: Final = 0.25  # seconds
PATIENCE: Final = 30.0  # seconds without any answer, after which something is broken
LENGTH: Final = b"content-length:"
END: Final = b"\r\n\r\n"


@dataclass
class Sample:
    """What one run gave: seconds for each answer, and how often each status came."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """Return the latency in milliseconds below which *share* of the answers lie."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1e3


class Line:
    """One connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got = b""
        self._sent_at = 0.0

    def send(self, request: bytes) -> None:
        """Send a whole request."""
        self.got = b""
        self._sent_at = time.perf_counter()
        self.socket.sendall(request)

    def opens(self, request: bytes) -> bool:
        """Send a request whose answer never ends; return whether it is a 200."""
        self.send(request)
        return self.socket.recv(1 << 16).startswith(b"HTTP/1.1 200")

    def receive(self) -> tuple[int, float] | None:
        """Read what has come; return status and seconds once the answer is whole."""
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionError("The server closed a connection in the middle of an answer.")
        self.got += piece
        head, found, body = self.got.partition(END)
        if not found or len(body) < _length(head):
            return None
        return int(head[9:12]), time.perf_counter() - self._sent_at


def drive(
    port: int, requests: Sequence[bytes], *, clients: int, seconds: float, afresh: float = AFRESH
) -> Sample:
    """Send *requests*, each once, over *clients* connections for *seconds*; then drain.

    The connections are made anew every *afresh* seconds: to which worker each of them
    falls is chance, and one run should not stand or fall by it.

    Raises:
        RuntimeError: The requests ran out: the run was shorter than asked for.
    """
    sample, left = Sample(), iter(requests)
    while sample.seconds < seconds:
        length = min(afresh, seconds - sample.seconds)
        part = _together(port, sample, left, clients, length)
        sample.seconds += part
        if part < length:
            raise RuntimeError(f"{len(requests)} requests were too few for {seconds:.0f} s.")
    return sample


def _together(
    port: int, sample: Sample, left: Iterator[bytes], clients: int, seconds: float
) -> float:
    """Send over one set of connections; return how long it took until the last answer."""
    lines = [Line(port) for _ in range(clients)]
    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
        began = time.perf_counter()
        for line in lines:
            line.send(next(left))
        _pump(selector, sample, left, until=began + seconds, under_way=clients)
        took = time.perf_counter() - began
    for line in lines:
        line.socket.close()
    return took


def _pump(
    selector: selectors.BaseSelector,
    sample: Sample,
    left: Iterator[bytes],
    *,
    until: float,
    under_way: int,
) -> None:
    while under_way:
        ready = selector.select(PATIENCE)
        if not ready:
            raise TimeoutError(f"No answer for {PATIENCE:.0f} s.")
        for key, _ in ready:
            answer = key.data.receive()
            if answer is None:
                continue
            sample.statuses[answer[0]] += 1
            sample.latencies.append(answer[1])
            request = next(left, None) if time.perf_counter() < until else None
            if request is None:
                under_way -= 1
            else:
                key.data.send(request)


@dataclass(frozen=True)
class Answer:
    """One answer with what is needed to go on."""

    status: int
    body: bytes
    cookies: str


def answer(port: int, request: bytes) -> Answer:
    """Send one request and return its answer."""
    line = Line(port)
    try:
        line.send(request)
        while (found := line.receive()) is None:
            pass
        head, _, body = line.got.partition(END)
        cookies = [row[12:].partition(b";")[0] for row in head.split(b"\r\n") if _sets(row)]
        return Answer(found[0], body, b"; ".join(cookies).decode())
    finally:
        line.socket.close()


def _sets(row: bytes) -> bool:
    return row.lower().startswith(b"set-cookie: ")


def _length(head: bytes) -> int:
    for row in head.lower().split(b"\r\n"):
        if row.startswith(LENGTH):
            return int(row[len(LENGTH) :])
    return 0
