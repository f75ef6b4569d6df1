"""Fixtures: the same hotline on both engines, a fresh database for every test."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import config
from hotline.app import create_app
from hotline.calls import queries as calls
from hotline.clock import schedule
from hotline.core import privacy, signing
from hotline.core.db import db
from hotline.deadlines import queries as deadlines
from tests import people
from tests.databases import PostgresDatabase, SqliteDatabase, TestDatabase, postgres_answers

if TYPE_CHECKING:
    from tests.harness import Hotline

ENGINES = ("sqlite", "postgresql")
OF_CALLS = frozenset(
    {"expire-offers", "end-presences", "expire-invitations", "offer-waiting", "send-orders"}
)
KEYS = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")


def settings(url: str, **given: object) -> config.Settings:
    """Return the settings of a test's hotline."""
    return config.read(
        **{
            "hotline_env": "test",
            "database_url": url,
            "secret_key": "a secret for tests only",
            "data_keys": KEYS,
            "public_url": "https://hotline.example",
            "carrier": "simulator",
            "twilio_account_sid": "AC00000000000000000000000000000001",
            "twilio_auth_token": "0123456789abcdef0123456789abcdef",
            "hotline_quiet_hours": "21:00-08:30",
            "log_level": "error",
            **given,
        }
    )


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, TestDatabase]]:
    """Make one template a worker and engine, and copy it for every test."""
    made: dict[str, TestDatabase] = {
        "sqlite": SqliteDatabase(tmp_path_factory.mktemp("sqlite")),
        "postgresql": PostgresDatabase(WORKER),
    }
    yield made
    for database in made.values():
        database.remove()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Name the engine this test runs on."""
    if request.param == "postgresql" and not postgres_answers():
        pytest.skip("no PostgreSQL server answers; TEST_DATABASE_URL names one")
    return str(request.param)


@pytest.fixture
def app(engine_name: str, databases: dict[str, TestDatabase], tmp_path: Path) -> Iterator[Flask]:
    """Give the application on a fresh database with the reference rows."""
    database = databases[engine_name]
    app = database.app(lambda url: create_app(settings(url)))
    database.renew()
    keys = privacy.read_keys(KEYS)
    privacy.use(keys)  # another test's keys are none of this one's
    signing.use(keys)
    with app.app_context():
        app.instance_path = str(tmp_path)  # what one test spools is none of another's
        app.extensions["hotline"].recordings = tmp_path / "recordings"
        app.extensions["hotline"].nudge = lambda: None  # tests tick by hand
        deadlines.forget(db.session())  # another test's calendar is none of this one's
        calls.forget_hours(db.session())  # nor are its opening hours
        yield app
        db.session.remove()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """Give a session on the fresh database; the test commits or not as it likes."""
    found = db.session()
    yield found
    found.rollback()


@pytest.fixture
def staff(session: Session) -> people.Staff:
    """Hire somebody for each role; committed, so that every door knows them."""
    hired = people.hire(session)
    session.commit()
    return hired


@pytest.fixture
def hotline(app: Flask, staff: people.Staff) -> "Iterator[Hotline]":
    """Give a whole hotline: people, telephones, the carrier and a clock that stands still."""
    from tests.harness import Hotline

    with Hotline(app) as found:
        yield found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a browser without a session."""
    return app.test_client()


@pytest.fixture
def only_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock do what concerns live calls, and nothing else: they need many ticks."""
    jobs = tuple(job for job in schedule.JOBS if job.name in OF_CALLS)
    monkeypatch.setattr(schedule, "JOBS", jobs)
