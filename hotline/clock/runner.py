"""Runs the schedule: each job on its time, in a context of its own, whatever one of them does.

APScheduler keeps the times in memory only: what is due stands in the rows. Its two weak
points are mended here. A trigger counts from the present, so that a clock set forward
brings one run and not a million; a watch on the monotonic clock notices a clock set back
and starts every job anew.
"""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from flask import Flask

from hotline.clock.schedule import JOBS, Job, Round
from hotline.core.time import utcnow

log = structlog.get_logger()

THREADS: Final = 8
WATCH_EVERY: Final = 1.0
JUMP: Final = 2.0  # seconds that wall and monotonic clock may differ between two looks
GRACE: Final = 1.0  # seconds that a job gets to end when the clock is stopped


class Every(BaseTrigger):  # type: ignore[misc] # APScheduler says nothing of its types
    """Due again *seconds* after the last time, or after now if that is over."""

    def __init__(self, seconds: float) -> None:
        """Keep the period."""
        self.period = dt.timedelta(seconds=seconds)

    def get_next_fire_time(
        self, previous_fire_time: dt.datetime | None, now: dt.datetime
    ) -> dt.datetime:
        """Return when to run next; never more than one run is owed."""
        if previous_fire_time is None:
            return now
        planned = previous_fire_time + self.period
        return planned if planned > now else now + self.period


class Clock:
    """The schedule in a process of its own, or beside the web server in a small installation."""

    def __init__(self, app: Flask, jobs: Sequence[Job] = JOBS) -> None:
        """Prepare the clock of *app*; `start` lets it run."""
        self._app = app
        self._jobs = jobs
        self._stopping = threading.Event()
        self._running = 0
        self._idle = threading.Condition()
        self._scheduler = BackgroundScheduler(
            timezone=dt.UTC,
            executors={"default": ThreadPoolExecutor(THREADS)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._watch = threading.Thread(target=self._notice_jumps, name="clock-watch", daemon=True)

    def start(self) -> None:
        """Begin; every job is due at once."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a slow job is no news
        for job in self._jobs:
            self._scheduler.add_job(self._run, Every(job.every), args=(job,), id=job.name)
        self._scheduler.start()
        self._watch.start()
        log.info("clock.started", jobs=len(self._jobs))

    def stop(self) -> bool:
        """Begin no more jobs and wait for those that run; return whether all have ended.

        It takes no longer than a second: a job that is cut off is found again in the
        rows by the next clock.
        """
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        with self._idle:
            ended = self._idle.wait_for(lambda: not self._running, timeout=GRACE)
        log.info("clock.stopped", clean=ended)
        return ended

    def _run(self, job: Job) -> None:
        with self._idle:
            if self._stopping.is_set():
                return
            self._running += 1
        try:
            run_once(self._app, job)
        finally:
            with self._idle:
                self._running -= 1
                self._idle.notify_all()

    def _notice_jumps(self) -> None:
        drift = drift_meter()
        while not self._stopping.wait(WATCH_EVERY):
            if abs(jump := drift()) > JUMP:
                log.warning("clock.jumped", seconds=round(jump))
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=utcnow())


def run_once(app: Flask, job: Job) -> None:
    """Run *job* in a context of its own; what it raises is logged and ends nothing else."""
    started = time.perf_counter()
    with app.app_context():
        try:
            done = job.run(Round.of(app))
        except Exception:
            log.exception("job.failed", job=job.name)
            return
    if done:
        log.info("job.done", job=job.name, n=done, ms=round((time.perf_counter() - started) * 1e3))


def drift_meter(
    wall: Callable[[], dt.datetime] = utcnow, steady: Callable[[], float] = time.monotonic
) -> Callable[[], float]:
    """Return a function that says by how many seconds the wall clock was moved since last asked."""
    last = wall(), steady()

    def measure() -> float:
        nonlocal last
        present = wall(), steady()
        passed = (present[0] - last[0]).total_seconds() - (present[1] - last[1])
        last = present
        return passed

    return measure


def start(app: Flask, jobs: Sequence[Job] = JOBS) -> Clock:
    """Start the clock of *app* in the background and return it; its `stop` ends it."""
    clock = Clock(app, jobs)
    clock.start()
    return clock
