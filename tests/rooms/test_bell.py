"""The bell: streams look at once, on this machine and through Redis on others."""

import os
import threading
import uuid

import pytest
import redis

from hotline.web import bell as module
from hotline.web.bell import Bell

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")


def test_it_wakes_this_process_without_redis() -> None:
    woken: list[int] = []
    Bell(lambda: woken.append(1), None)()
    assert woken == [1]


def test_it_wakes_another_machine_through_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        redis.Redis.from_url(REDIS).ping()
    except redis.ConnectionError:
        pytest.skip("no Redis server answers; TEST_REDIS_URL names one")
    monkeypatch.setattr(module, "CHANNEL", uuid.uuid4().hex)
    woken = threading.Event()
    there, here = Bell(woken.set, REDIS), Bell(lambda: None, REDIS)
    there.listen()
    for _ in range(50):
        here()
        if woken.wait(0.1):
            break
    assert woken.is_set()


def test_a_redis_that_is_away_stops_nobody() -> None:
    woken: list[int] = []
    ring = Bell(lambda: woken.append(1), "redis://127.0.0.1:1/0")
    ring()
    ring()
    assert woken == [1, 1]
