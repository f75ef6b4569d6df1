"""The hotline's processes in a test, killed at will and gone at its end."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from hotline.serve import clock_command, web_command
from tests.conftest import settings

ROOT = Path(__file__).parents[2]
NOBODY = "http://127.0.0.1:9"  # a carrier that does not answer
WORKERS = 2


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(app: Flask, **given: str) -> dict[str, str]:
    """Return what makes a child process the same hotline as *app*."""
    same = app.extensions["hotline"].settings
    return {
        **os.environ,
        "HOTLINE_ENV": "test",
        "DATABASE_URL": same.database_url,
        "SECRET_KEY": same.secret_key.get_secret_value(),
        "DATA_KEYS": same.data_keys.get_secret_value(),
        "PUBLIC_URL": same.public_url,
        "CARRIER": "simulator",
        "TWILIO_ACCOUNT_SID": same.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": same.auth_tokens[0],
        "TWILIO_API_URL": NOBODY,
        "LOG_LEVEL": "error",
        **given,
    }


class Program:
    """One program with its children, a process group of its own."""

    def __init__(self, command: Sequence[str], env: dict[str, str]) -> None:
        self._command, self._env = command, env
        self.start()

    def start(self) -> None:
        """Start it."""
        self._child = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._env,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def children(self) -> list[int]:
        """The ids of its child processes."""
        pid = self._child.pid
        try:
            return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except FileNotFoundError:
            return []

    def kill_children(self) -> None:
        """Kill -9 every child; the program itself goes on."""
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        """Kill -9 the program and all it started."""
        os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()

    def crash(self) -> None:
        """Kill it and start it again, as whoever watches over it would."""
        self.kill()
        self.start()


class Hotline:
    """Web server and clock on the database of *app*."""

    def __init__(self, app: Flask) -> None:
        self.port = free_port()
        env = environment(app)
        command = web_command(
            settings(env["DATABASE_URL"], port=self.port, web_workers=WORKERS, web_threads=8)
        )
        self.web = Program(command, env)
        self.clock = Program(clock_command(), env)

    def wait(self) -> None:
        """Wait until the server answers."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError("The server does not answer.")

    def kill(self) -> None:
        """Leave nothing running."""
        for program in (self.web, self.clock):
            program.kill()
