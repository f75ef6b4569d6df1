"""Servers of a benchmark: the hotline's own command line, and the same with the bare view."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import config
from bench import sms
from bench.client import answer
from bench.databases import Database
from hotline.serve import web_command

ROOT: Final = Path(__file__).parents[1]
WORKERS: Final = 2
PATIENCE: Final = 30.0
ALIVE: Final = b"GET /healthz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n"
KEYS: Final = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@dataclass(frozen=True)
class Server:
    """A running server with its workers."""

    port: int
    pid: int
    seconds_to_answer: float

    def memory(self) -> list[float]:
        """Return each worker's proportional share of memory (PSS) in MiB."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [_pss(pid) for pid in children.read_text().split()]


def settings_of(database: Database) -> dict[str, str]:
    """Return the hotline's settings, as production has them."""
    return {
        "HOTLINE_ENV": "production",
        "DATABASE_URL": database.url,
        "SECRET_KEY": "a secret for measuring only",
        "DATA_KEYS": KEYS,
        "PUBLIC_URL": sms.PUBLIC_URL,
        "CARRIER": "twilio",
        "TWILIO_ACCOUNT_SID": sms.ACCOUNT,
        "TWILIO_AUTH_TOKEN": sms.TOKEN,
        "TWILIO_API_URL": "http://127.0.0.1:9",  # nobody is there: nothing leaves
        "HOTLINE_NUMBER": sms.NUMBER,
        "LOG_LEVEL": "warning",
    }


def flask(database: Database, *arguments: str, say: str | None = None) -> None:
    """Run one of the hotline's commands against *database*."""
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env=_environment(settings_of(database)),
        input=say,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def hotline(database: Database, **more: str) -> Iterator[Server]:
    """Serve the hotline on *database* with the web command of `make run`, and *more* settings."""
    port = _free_port()
    with _serving(_command(port, **more), port, settings_of(database) | more) as server:
        yield server


@contextmanager
def floor(database: Database) -> Iterator[Server]:
    """Serve the bare view on *database* with the very same command, less our own hooks."""
    port = _free_port()
    command = _command(port)
    command[command.index("wsgi:app")] = "bench.floor:app"
    hooks = command.index("--config")
    del command[hooks : hooks + 2]
    with _serving(command, port, database.floor()) as server:
        yield server


@contextmanager
def _serving(command: list[str], port: int, settings: Mapping[str, str]) -> Iterator[Server]:
    began = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, env=_environment(settings), start_new_session=True)
    try:
        _wait(port, child)
        yield Server(port, child.pid, time.perf_counter() - began)
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return ours with *settings*; programs may keep their bytecode, as they do everywhere."""
    kept = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **settings}


def _command(port: int, **more: str) -> list[str]:
    usual = config.Settings.model_fields["web_threads"].default
    threads = int(more.get("WEB_THREADS", usual))
    return web_command(
        config.Settings.model_construct(
            host="127.0.0.1", port=port, web_workers=WORKERS, web_threads=threads
        )
    )


def _wait(port: int, child: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and child.poll() is None:
        try:
            if answer(port, ALIVE).status == 200:
                return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError("The server does not answer.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _pss(pid: str) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"Process {pid} tells no memory.")
