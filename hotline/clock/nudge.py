"""A nudge: what waits for the carrier goes at once, in this process, beside the request."""

import os
import threading
from collections.abc import Sequence

from flask import Flask

from hotline.clock.runner import run_once
from hotline.clock.schedule import JOBS, Job


class Nudger:
    """Called by a door after its commit; runs the jobs marked `soon` in a thread of its own.

    Nudges that come while the jobs run are one more run. The clock finds whatever a
    nudge has missed, so that nothing depends on it.
    """

    def __init__(self, app: Flask, jobs: Sequence[Job] = JOBS) -> None:
        """Prepare for *app*; the thread begins with the first nudge, after any fork."""
        self._app = app
        self._jobs = [job for job in jobs if job.soon]
        self._wanted = threading.Event()
        self._starting = threading.Lock()
        self._process: int | None = None

    def __call__(self) -> None:
        """Ask for a run soon and return at once."""
        self._wanted.set()
        if self._process != os.getpid():
            self._begin()

    def _begin(self) -> None:
        with self._starting:
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._serve, name="nudge", daemon=True).start()

    def _serve(self) -> None:
        while self._wanted.wait():
            self._wanted.clear()
            for job in self._jobs:
                run_once(self._app, job)
