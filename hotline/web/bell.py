"""Wakes the live streams at once after a change; with Redis those of other machines too.

Nothing depends on it: the streams look for themselves three times a second. So a Redis
that is away costs an attempt every few seconds and nothing else.
"""

import os
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import structlog

log = structlog.get_logger()

CHANNEL: Final = "hotline:changed"
PATIENCE: Final = 0.25  # seconds a request may lose to a Redis that does not answer
SILENCE: Final = 5.0  # seconds after a failure before the next attempt


class Bell:
    """Rung by doors after their commit."""

    def __init__(self, wake: Callable[[], None], redis_url: str | None) -> None:
        """Wake this process's streams by *wake*, and those that listen at *redis_url*."""
        self._wake = wake
        self._url = redis_url
        self._client: Any = None
        self._quiet_until = 0.0
        self._listening: int | None = None

    def __call__(self) -> None:
        """Tell everybody that there is something new; never raise."""
        self._wake()
        if self._url and time.monotonic() > self._quiet_until:
            self._try(lambda client: client.publish(CHANNEL, b""))

    def listen(self) -> None:
        """Begin to hear other machines, once a process."""
        if self._url and self._listening != os.getpid():
            self._listening = os.getpid()
            threading.Thread(target=self._hear, name="bell", daemon=True).start()

    def _hear(self) -> None:
        while True:
            self._try(self._follow)
            time.sleep(SILENCE)

    def _follow(self, client: Any) -> None:
        with client.pubsub(ignore_subscribe_messages=True) as channel:
            channel.subscribe(CHANNEL)
            while True:
                if channel.get_message(timeout=60) is not None:
                    self._wake()

    def _try(self, use: Callable[[Any], object]) -> None:
        from redis import Redis, RedisError

        try:
            if self._client is None:
                self._client = Redis.from_url(
                    str(self._url), socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
                )
            use(self._client)
        except RedisError as error:
            self._quiet_until = time.monotonic() + SILENCE
            log.warning("bell.silent", error=type(error).__name__)
