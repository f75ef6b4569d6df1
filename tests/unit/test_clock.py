"""The clock's own rules: periods, jumps of the wall clock, jobs that fail, nudges."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from hotline.clock import runner, schedule
from hotline.clock.nudge import Nudger
from hotline.clock.runner import Clock, Every, drift_meter
from hotline.clock.schedule import JOBS, Job

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def test_a_job_is_due_at_once_and_then_every_period() -> None:
    every = Every(5)
    assert every.get_next_fire_time(None, NOON) == NOON
    assert every.get_next_fire_time(NOON, NOON) == NOON + 5 * SECOND


def test_a_clock_set_forward_ten_years_owes_one_run() -> None:
    later = NOON + dt.timedelta(days=3650)
    assert Every(1).get_next_fire_time(NOON, later) == later + SECOND


def test_a_moved_wall_clock_is_noticed() -> None:
    wall, steady = [NOON], [100.0]
    drift = drift_meter(lambda: wall[0], lambda: steady[0])
    wall[0], steady[0] = wall[0] + SECOND, steady[0] + 1
    assert drift() == 0
    wall[0], steady[0] = wall[0] - dt.timedelta(hours=2), steady[0] + 1
    assert drift() == -7201
    wall[0], steady[0] = wall[0] + SECOND, steady[0] + 1
    assert drift() == 0


def test_the_schedule_names_each_job_once_and_all_run_often_enough() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
    periods = {job.name: job.every for job in JOBS}
    assert periods["beat"] == 10
    assert periods["checkpoint"] == 5
    # Contract: an escalation is told within 60 seconds of its moment, its SMS included.
    assert sum(periods[name] for name in ("escalate", "text-staff", "send-messages")) <= 20


def test_what_leads_to_an_sms_comes_before_its_sending() -> None:
    names = [job.name for job in JOBS]
    for before in ("invite-resolved", "escalate", "remind-callers", "text-staff"):
        assert names.index(before) < names.index("send-messages")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(schedule.Round, "of", classmethod(lambda _cls, _app: None))
    return Flask("bare")


@pytest.fixture
def run_clock(bare: Flask) -> Iterator[Callable[..., Clock]]:
    started: list[Clock] = []

    def begin(*jobs: Job) -> Clock:
        started.append(runner.start(bare, jobs))
        return started[-1]

    yield begin
    for clock in started:
        clock.stop()


def wait_for(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_a_job_that_fails_runs_again_and_stops_no_other(
    run_clock: Callable[..., Clock],
) -> None:
    runs = {"bad": 0, "good": 0}

    def bad(_round: object) -> None:
        runs["bad"] += 1
        raise RuntimeError("a defect")

    def good(_round: object) -> None:
        runs["good"] += 1

    run_clock(Job("bad", 0.02, bad), Job("good", 0.02, good))
    wait_for(lambda: min(runs.values()) >= 3)


def test_a_slow_job_never_runs_beside_itself(run_clock: Callable[..., Clock]) -> None:
    inside, most, done = [0], [0], [0]

    def slow(_round: object) -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.05)
        inside[0] -= 1
        done[0] += 1

    run_clock(Job("slow", 0.01, slow))
    wait_for(lambda: done[0] >= 3)
    assert most == [1]


def test_stopping_lets_a_job_end_but_not_for_ever(run_clock: Callable[..., Clock]) -> None:
    release, begun = threading.Event(), threading.Event()

    def hang(_round: object) -> None:
        begun.set()
        release.wait(10)

    clock = run_clock(Job("hang", 1, hang))
    assert begun.wait(30)
    started = time.monotonic()
    assert not clock.stop()
    assert time.monotonic() - started < 8
    release.set()


def test_a_nudge_runs_what_is_marked_soon_and_nothing_else(bare: Flask) -> None:
    runs: list[str] = []
    jobs = (
        Job("send", 9, lambda _round: runs.append("send"), soon=True),
        Job("archive", 9, lambda _round: runs.append("archive")),
    )
    nudge = Nudger(bare, jobs)
    nudge()
    wait_for(lambda: bool(runs))
    nudge()
    wait_for(lambda: len(runs) >= 2)
    assert set(runs) == {"send"}


def test_many_nudges_at_once_are_few_runs(bare: Flask) -> None:
    runs, busy = [0], threading.Event()

    def send(_round: object) -> None:
        runs[0] += 1
        busy.wait(30)

    nudge = Nudger(bare, (Job("send", 9, send, soon=True),))
    for _ in range(50):
        nudge()
    busy.set()
    wait_for(lambda: runs[0] >= 1)
    time.sleep(0.05)
    assert runs[0] <= 3
