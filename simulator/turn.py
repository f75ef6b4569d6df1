"""One thread at a time, except while the carrier waits for an answer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self


class Turn:
    """A re-entrant lock that its holder can lay down whole and take up again.

    The REST API is served on other threads than the webhooks are sent from. A
    webhook may take seconds; whoever waits for one lays the lock down, so that
    the hotline can call the API while it answers.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._depth = 0

    def __enter__(self) -> Self:
        self._lock.acquire()
        self._depth += 1
        return self

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        self._lock.release()

    @contextmanager
    def laid_down(self) -> Iterator[None]:
        """Let others go ahead for the length of the block."""
        depth = self._depth
        self._depth = 0
        for _ in range(depth):
            self._lock.release()
        try:
            yield
        finally:
            for _ in range(depth):
                self._lock.acquire()
            self._depth = depth
