"""What the tests of rooms share: an outbox with a simulated carrier behind it."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy.orm import Session

from simulator import Faults
from tests.harness import Hotline
from tests.matters import MONDAY, RULES
from tests.rooms.browsing import Browser, Browsers
from tests.rooms.outbox import Make, Outbox


@pytest.fixture
def make(session: Session) -> Make:
    """Make an outbox with faults and other rules."""

    def outbox(*, start: dt.datetime = MONDAY, **given: object) -> Outbox:
        faults = Faults(seed=1, **{n: v for n, v in given.items() if hasattr(Faults, n)})
        rules = {n: v for n, v in given.items() if not hasattr(Faults, n)}
        return Outbox(dataclasses.replace(RULES, **rules), start, faults)

    return outbox


@pytest.fixture
def outbox(make: Make) -> Outbox:
    """An outbox where nothing goes wrong."""
    return make()


@pytest.fixture
def browser(hotline: Hotline) -> Browsers:
    """Make browsers, each with cookies of its own."""
    return lambda: Browser(hotline.app.test_client())


@pytest.fixture
def ticket(hotline: Hotline) -> str:
    """Let a worker write, and return the ticket's number."""
    hotline.phone("+8613800000001").texts("演示工地拖欠三个月工资")
    return hotline.ticket().number
