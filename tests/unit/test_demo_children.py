"""The demo's programs start together and stop together, and none is left behind."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from hotline.demo import __main__ as demo
from hotline.demo.children import STOPS, Children

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        " print('deaf', flush=True); time.sleep(60)"
    ),
]
HAS_CHILDREN = [
    sys.executable,
    "-c",
    (
        "import subprocess, sys, time;"
        " child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        " print(child.pid, flush=True); time.sleep(60)"
    ),
]


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    before = {number: signal.getsignal(number) for number in STOPS}
    found = Children(tmp_path / "demo.log")
    yield found
    found.stop()
    for number, handler in before.items():
        signal.signal(number, handler)


def said(children: Children) -> str:
    """Return what the children have said, once they have said something."""
    for _ in range(600):
        if words := children._log.read_text():
            return words
        time.sleep(0.05)
    raise AssertionError("nothing was said")


def test_one_that_ends_is_named_and_ends_the_wait(children: Children) -> None:
    children.start({"clock": SLEEPS, "web": [sys.executable, "-c", "pass"]})
    assert not children.wait()
    assert children.dead() == "web"
    assert not children.told_to_stop


def test_a_signal_ends_the_wait(children: Children) -> None:
    children.start({"clock": SLEEPS})
    os.kill(os.getpid(), signal.SIGTERM)
    assert not children.wait()
    assert children.told_to_stop
    assert children.dead() is None


def test_whoever_does_not_listen_is_stopped_within_three_seconds(children: Children) -> None:
    children.start({"web": DEAF})
    said(children)
    began = time.monotonic()
    children.stop()
    assert time.monotonic() - began < 3
    assert children.dead() == "web"


def test_what_a_child_has_started_is_stopped_too(children: Children) -> None:
    children.start({"web": HAS_CHILDREN})
    grandchild = int(said(children))
    children.stop()
    assert ends_soon(grandchild)


def ends_soon(pid: int) -> bool:
    """Return whether a process that was killed is gone: the kernel may take a moment over it."""
    for _ in range(600):
        if not _lives(pid):
            return True
        time.sleep(0.05)
    return False


def _lives(pid: int) -> bool:
    """Return whether a process still runs; one that has ended may wait to be noticed."""
    with suppress(ProcessLookupError, FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def test_a_port_in_use_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(demo.CannotStart, match=rf"port {port} is in use; PORT={port + 1} "):
            demo._port()


@pytest.mark.parametrize("text", ["eight", "0", "70000", "-1"])
def test_what_is_no_port_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(demo.CannotStart, match="PORT"):
        demo._port()
