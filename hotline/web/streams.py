"""Who listens, and what they are told: topics, so that each page asks for what it may see."""

import itertools
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

import structlog

from hotline.core.errors import Unavailable

log = structlog.get_logger()

RESYNC: Final = "resync"  # something was missed: ask for everything again
MOST_TOPICS: Final = 64
REMEMBERED: Final = 500
POLL: Final = 0.2
LOADING: Final = 5.0  # seconds from the making of a page to the opening of its stream

#: Reads the topics of what is new since it was last asked; asked first, what is there is known.
Source = Callable[[], Iterable[str]]


class Stream:
    """One listening page: the topics it may hear of, and those it has not been told yet."""

    def __init__(self, wanted: frozenset[str]) -> None:
        """Listen to the topics *wanted*, `words:*` for all of a kind; everybody hears `resync`."""
        self.wanted = wanted | {RESYNC}
        self._untold: dict[str, None] = {}
        self._changed = threading.Condition()
        self._closed = False

    def tell(self, topics: Iterable[str]) -> None:
        """Note *topics*; one that is still untold is not noted twice."""
        with self._changed:
            self._untold.update((topic, None) for topic in topics if self._wants(topic))
            if len(self._untold) > MOST_TOPICS:
                self._untold = {RESYNC: None}
            self._changed.notify_all()

    def _wants(self, topic: str) -> bool:
        kind = topic.partition(":")[0]
        return topic in self.wanted or f"{kind}:*" in self.wanted

    def close(self) -> None:
        """End the stream; whoever waits in `take` returns."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def take(self, seconds: float) -> list[str] | None:
        """Wait for topics and return them; empty when none came in time, None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._untold or self._closed, seconds)
            if self._closed:
                return None
            topics, self._untold = list(self._untold), {}
            return topics


class Hub:
    """The streams of one process, fed by one thread that runs while anybody listens."""

    def __init__(self, open_source: Callable[[], Source], *, most: int) -> None:
        """Take at most *most* streams; *open_source* begins a fresh reading."""
        self._open_source = open_source
        self._most = most
        self._streams: set[Stream] = set()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._ended = False
        self._forget()

    def _forget(self) -> None:
        """Begin a new count: what happened while nobody listened is not known."""
        self._reading = threading.Event()
        self._mark = secrets.token_hex(4)
        self._count = itertools.count(1)
        self._told: deque[tuple[int, frozenset[str], float]] = deque(maxlen=REMEMBERED)

    def join(self, wanted: frozenset[str], last_heard: str | None = None) -> Stream:
        """Add a stream; it first hears what it missed since the id *last_heard*.

        A page that comes without one hears what happened while it was loading.

        Raises:
            Unavailable: This process has as many streams as it takes, or is stopping, or nobody
                can read what is new: a page that would hear nothing must know it.
        """
        stream = Stream(wanted)
        with self._lock:
            if self._ended or len(self._streams) >= self._most:
                raise Unavailable
            first = not self._streams
            if first:
                self._forget()
            self._streams.add(stream)
            stream.tell(self._missed(last_heard))
            if first:
                args = (self._mark, self._reading)
                threading.Thread(target=self._run, args=args, name="live", daemon=True).start()
            reading = self._reading
        if not reading.wait(LOADING):
            self.leave(stream)
            raise Unavailable
        return stream  # what happens from now on is told

    def leave(self, stream: Stream) -> None:
        """Take a stream off; the thread ends with the last one."""
        with self._lock:
            self._streams.discard(stream)
            if not self._streams:
                self._wake.set()

    def close(self) -> None:
        """End every stream and take no more: the process is stopping."""
        with self._lock:
            self._ended = True
            for stream in self._streams:
                stream.close()
        self._wake.set()

    def look(self) -> None:
        """Look for news now instead of at the next time."""
        self._wake.set()

    @property
    def place(self) -> str:
        """The id of what was told last; a browser sends it back when it returns."""
        last = self._told[-1][0] if self._told else 0
        return f"{self._mark}.{last}"

    def tell(self, topics: Iterable[str]) -> None:
        """Tell all streams of *topics*."""
        fresh = frozenset(topics)
        if not fresh:
            return
        with self._lock:
            self._told.append((next(self._count), fresh, time.monotonic()))
            for stream in self._streams:
                stream.tell(fresh)

    def _missed(self, last_heard: str | None) -> Iterable[str]:
        if not last_heard:
            since = time.monotonic() - LOADING
            return {t for _, topics, at in self._told if at >= since for t in topics}
        mark, _, number = last_heard.partition(".")
        oldest = self._told[0][0] if self._told else 1
        if mark != self._mark or not number.isdecimal() or int(number) < oldest - 1:
            return (RESYNC,)
        return {t for n, topics, _ in self._told if n > int(number) for t in topics}

    def _run(self, mark: str, reading: threading.Event) -> None:
        """Read until nobody listens; a thread that is still leaving makes way for the next."""
        source = self._open_source()
        while self._mark == mark and self._streams and not self._ended:
            self._wake.clear()
            try:
                self.tell(source())
                reading.set()
            except Unavailable as error:
                log.warning("live.unread", error=str(error))
            self._wake.wait(POLL)
