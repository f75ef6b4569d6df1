"""Serve: migrate, then web server and clock as children; a signal stops both cleanly.

    python -m hotline.serve

Whichever child ends first takes the other with it, so that whoever watches this
process sees the truth.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Final

import config
from hotline.app import create_app, upgrade_database
from hotline.core import engines
from hotline.core.db import db
from hotline.core.errors import HotlineError

PATIENCE: Final = 10  # seconds a request in flight may take when the server is told to stop
LOOK_EVERY: Final = 0.2
FIGURES: Final = "PROMETHEUS_MULTIPROC_DIR"


def web_command(settings: config.Settings) -> list[str]:
    """Return the web server's command: workers with threads, a thread for each live stream."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "wsgi:app",
        "--bind",
        f"{host}:{settings.port}",
        "--worker-class",
        "gthread",
        "--workers",
        str(settings.web_workers),
        "--threads",
        str(settings.web_threads),
        "--timeout",
        "30",
        "--graceful-timeout",
        str(PATIENCE),
        "--keep-alive",
        "15",
        "--max-requests",
        "20000",
        "--max-requests-jitter",
        "2000",
        "--no-control-socket",
        "--preload",
        "--config",
        "python:hotline.gunicorn",
        "--log-level",
        "warning",
    ]


def clock_command() -> list[str]:
    """Return the clock's command."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", "clock"]


def prepare() -> config.Settings:
    """Read the settings and bring the database to the newest revision."""
    settings = config.read()
    with create_app(settings).app_context():
        engines.warn_of_old_sqlite(db.engine)
        upgrade_database()
    return settings


def watch(children: Sequence[subprocess.Popen[bytes]]) -> int:
    """Wait until a child ends or a signal comes; stop the others; return the exit status."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: stopping.append(number))
    while not stopping and all(child.poll() is None for child in children):
        time.sleep(LOOK_EVERY)
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + PATIENCE + 2
    for child in children:
        try:
            child.wait(timeout=max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.kill()
    return 0 if stopping else 1


def main() -> int:
    """Serve until told to stop."""
    try:
        settings = prepare()
    except (config.SettingsError, HotlineError) as error:
        sys.stderr.write(f"hotline: {error}\n")
        return 2
    commands = (web_command(settings), clock_command())
    with tempfile.TemporaryDirectory(prefix="hotline-figures-") as shared:
        os.environ[FIGURES] = shared  # where the workers' counts come together
        children = [subprocess.Popen(command, start_new_session=True) for command in commands]
        print(f"hotline: {settings.public_url}", flush=True)
        return watch(children)


if __name__ == "__main__":
    sys.exit(main())
