"""The programs of the demo as children of one: started together, stopped together."""

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

LOOK_EVERY: Final = 0.05
READY_WITHIN: Final = 60.0
PATIENCE: Final = 1.5  # seconds that a child gets to end; then its whole group is killed
STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Children:
    """Programs in groups of their own, so that a Ctrl-C in the terminal meets us alone."""

    def __init__(self, log: Path) -> None:
        """Prepare; what the children say goes to *log*."""
        self._log = log
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._told: list[int] = []
        for number in STOPS:
            signal.signal(number, lambda number, _frame: self._told.append(number))

    @property
    def told_to_stop(self) -> bool:
        """Whether a signal came."""
        return bool(self._told)

    def start(self, commands: Mapping[str, list[str]]) -> None:
        """Start a program under each name."""
        with self._log.open("ab") as log:
            for name, command in commands.items():
                self._running[name] = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True,
                )  # fmt: skip

    def dead(self) -> str | None:
        """Return the name of a child that has ended, if one has."""
        return next((name for name, each in self._running.items() if each.poll() is not None), None)

    def wait(self, until: Callable[[], bool] = lambda: False) -> bool:
        """Wait until something holds; return False where a signal or a death came first."""
        while not self.told_to_stop and self.dead() is None:
            if until():
                return True
            time.sleep(LOOK_EVERY)
        return False

    def stop(self) -> None:
        """End every child and whatever it has started."""
        for each in self._running.values():
            _signal_group(each, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and any(
            each.poll() is None for each in self._running.values()
        ):
            time.sleep(LOOK_EVERY)
        for each in self._running.values():
            _signal_group(each, signal.SIGKILL)
            each.wait()


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # all of the group have ended
        os.killpg(child.pid, number)


def answers(url: str) -> Callable[[], bool]:
    """Return the question whether *url* answers 200; it gives up by raising after a minute.

    Raises:
        TimeoutError: It did not answer for a minute.
    """
    deadline = time.monotonic() + READY_WITHIN
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask() -> bool:
        if time.monotonic() > deadline:
            raise TimeoutError(url)
        try:
            with opener.open(url, timeout=2) as answer:
                return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's OK
        except (urllib.error.URLError, OSError):
            return False

    return ask
