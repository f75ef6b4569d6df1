"""What journeys share."""

import pytest

from hotline.clock import schedule

OF_CALLS = {"expire-offers", "expire-invitations", "offer-waiting", "send-orders"}


@pytest.fixture
def only_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock do what concerns live calls, and nothing else: they need many ticks."""
    jobs = tuple(job for job in schedule.JOBS if job.name in OF_CALLS)
    monkeypatch.setattr(schedule, "JOBS", jobs)
