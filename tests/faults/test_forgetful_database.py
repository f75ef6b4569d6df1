"""A PostgreSQL that would acknowledge what a power cut takes back is refused at the start."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from flask import Flask

from hotline.core.db import db
from tests.databases import _administer, postgres_answers
from tests.faults.processes import ROOT, environment

START = [sys.executable, "-m", "hotline.serve"]


@pytest.fixture
def forgetful(app: Flask) -> Iterator[str]:
    """Switch the durable commit off for the test's own database; return its name."""
    name = db.engine.url.database or ""
    _administer(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    db.engine.dispose()
    yield name
    _administer(f'ALTER DATABASE "{name}" RESET synchronous_commit')


@pytest.mark.skipif(not postgres_answers(), reason="no PostgreSQL server answers")
@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_the_start_is_refused_in_one_line(app: Flask, forgetful: str) -> None:
    ended = subprocess.run(
        START,
        cwd=ROOT,
        env=environment(app),
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "synchronous_commit" in ended.stderr
