"""Commands: what they do, what they refuse in one line, and with which status they leave."""

import datetime as dt
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline.app import create_help
from hotline.cli import speaking
from hotline.cli.settings import written
from hotline.core.db import db, transaction
from hotline.core.roles import Role
from hotline.core.time import utcnow
from hotline.rates.models import DailyCount
from hotline.staff import queries
from hotline.staff.models import Staff as StaffRow
from hotline.units import queries as units
from tests import matters
from tests.people import Staff

ROOT = Path(__file__).parents[2]
GOOD = "correct horse battery staple"
Run = Callable[..., Result]


@pytest.fixture
def flask(app: Flask) -> Run:
    """Run a command as `flask …` does."""

    def run(*args: str, text: str = "") -> Result:
        db.session.rollback()
        return CliRunner().invoke(app.cli, args, input=text)

    return run


def refused(result: Result, status: int, *words: str) -> None:
    """Check that a command said why in one line on stderr, and left with *status*."""
    assert result.exit_code == status, (result.output, result.exception)
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert not result.stdout
    for word in words:
        assert word in result.stderr


def test_a_member_of_staff_is_added_with_unit_roles_and_password(
    flask: Run, session: Session
) -> None:
    options = ("--role", "handler", "--role", "supervisor", "--unit", "150102")
    more = ("--phone", "13900000007", "--name", "演示承办人", "--password-stdin")
    result = flask("staff", "add", "li", *options, *more, text=f"{GOOD}\n")
    assert result.exit_code == 0, result.stderr
    row = queries.by_login(session, "li")
    assert (row.name, row.phone) == ("演示承办人", "+8613900000007")
    assert row.unit_id == units.unit(session, "150102").id
    assert queries.roles_of(session, row.id) == {Role.HANDLER, Role.SUPERVISOR}
    assert row.password_hash is not None


def test_several_roles_may_follow_one_option_and_the_unit_is_the_hotline(
    flask: Run, session: Session
) -> None:
    result = flask("staff", "add", "wu", "--role", "operator", "dispatcher")
    assert result.exit_code == 0, result.stderr
    row = queries.by_login(session, "wu")
    assert queries.roles_of(session, row.id) == {Role.OPERATOR, Role.DISPATCHER}
    assert row.unit_id == units.unit(session, "hotline").id


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("add", "li", "--role", "king"), "king"),
        (("add", "li"), "--role"),
        (("add", "--role", "operator"), "LOGIN"),
        (("add", "li", "--role", "operator", "--unit", "nowhere"), "unit"),
        (("add", "li", "--role", "operator", "--phone", "12"), "phone"),
        (("add", "Not A Login", "--role", "operator"), "login"),
        (("add", "li", "--role", "admin", "--role", "auditor"), ""),
        (("add", "li", "--role", "system"), "system"),
        (("add", "li", "--role", "operator", "--colour", "red"), "--colour"),
        (("remove", "li"), "remove"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(
    flask: Run, session: Session, args: tuple[str, ...], word: str
) -> None:
    refused(flask("staff", *args), 2, word)
    assert not session.scalars(select(StaffRow)).all()


def test_a_weak_password_and_a_taken_login_are_refused(flask: Run, staff: Staff) -> None:
    weak = flask("staff", "add", "li", "--role", "operator", "--password-stdin", text="123\n")
    refused(weak, 2, "password")
    refused(flask("staff", "add", "operator", "--role", "operator"), 2, "login")


def test_a_token_is_printed_once_and_works(flask: Run, session: Session, staff: Staff) -> None:
    result = flask("token", "issue", "operator", "--days", "3")
    (token,) = result.stdout.split()
    found = queries.actor_by_token(session, token, utcnow())
    assert found is not None
    assert found.id == staff.operator.id
    later = utcnow() + dt.timedelta(days=4)
    assert queries.actor_by_token(session, token, later) is None
    refused(flask("token", "issue", "nobody"), 2)
    refused(flask("token", "issue", "operator", "--days", "0"), 2)


def test_settings_are_printed_without_a_secret(flask: Run, app: Flask) -> None:
    result = flask("settings")
    assert result.exit_code == 0
    assert "HOTLINE_NUMBER=+8647112351" in result.stdout
    assert "HOTLINE_QUIET_HOURS=21:00-08:30" in result.stdout
    settings = app.extensions["hotline"].settings
    secrets = [
        settings.secret_key.get_secret_value(),
        settings.data_keys.get_secret_value(),
        *settings.auth_tokens,
    ]
    assert not [secret for secret in secrets if secret in result.output]


def test_the_password_of_the_database_is_masked() -> None:
    address = written("postgresql+psycopg://hotline:geheim@db.example:5432/hotline")
    assert "geheim" not in address
    assert address.startswith("postgresql+psycopg://hotline:")
    assert written("sqlite:////srv/hotline.db") == "sqlite:////srv/hotline.db"


def test_a_calendar_is_imported(flask: Run, tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text("day,kind,name,source\n2027-02-08,holiday,春节,国务院办公厅通知\n", "utf-8")
    result = flask("calendar", "import", str(file))
    assert result.exit_code == 0, result.stderr
    assert int(result.stdout.split()[0]) > 0
    file.write_text("day,kind,name,source\n2027-02-30,holiday,x,y\n", "utf-8")
    refused(flask("calendar", "import", str(file)), 2)
    refused(flask("calendar", "import", str(tmp_path / "none.csv")), 2)
    file.write_bytes(b"\xff\xfe\x00")
    refused(flask("calendar", "import", str(file)), 2, "file")


def test_a_recount_mends_the_rollup(flask: Run, session: Session, staff: Staff) -> None:
    matters.resolved(staff)
    first = flask("rates", "recount")
    assert first.exit_code == 0, first.stderr
    assert " 0 numbers" not in first.stdout
    transaction(lambda session: session.execute(delete(DailyCount)))
    flask("rates", "recount", "--from", "2026-11-23", "--to", "2026-11-23")
    session.rollback()
    assert session.scalars(select(DailyCount)).first() is not None
    flask("rates", "recount")
    assert " 0 numbers" in flask("rates", "recount").stdout
    refused(flask("rates", "recount", "--from", "yesterday"), 2)


COMMANDS = pytest.mark.parametrize(
    "args",
    [
        ("db", "upgrade"),
        ("staff",),
        ("staff", "add"),
        ("token", "issue"),
        ("rates", "recount"),
        ("settings",),
        ("calendar", "import"),
        ("clock",),
    ],
)


@COMMANDS
def test_every_command_explains_itself(args: tuple[str, ...]) -> None:
    """Even where no setting is known yet."""
    result = create_help().test_cli_runner().invoke(args=[*args, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


def test_without_settings_a_command_helps_or_says_what_is_missing(tmp_path: Path) -> None:
    def run(*args: str) -> subprocess.CompletedProcess[bytes]:
        program = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), *args]
        bare = {"PATH": os.environ["PATH"]}
        return subprocess.run(program, env=bare, cwd=tmp_path, capture_output=True, check=False)

    assert run("staff", "add", "--help").returncode == 0
    refusal = run("staff", "add", "li")
    assert (refusal.returncode, refusal.stderr) == (1, b"hotline: SECRET_KEY is missing\n")


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)  # its file is put back whole
def test_a_broken_database_is_one_line(flask: Run, app: Flask) -> None:
    db.metadata.drop_all(db.engine)
    refused(flask("token", "issue", "operator"), 1)


def test_a_bar_appears_on_a_terminal_when_it_takes_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outer, inner = pty.openpty()
    monkeypatch.setattr(speaking, "SLOW", -1.0)
    with os.fdopen(inner, "w") as terminal:
        monkeypatch.setattr("sys.stderr", terminal)
        items: list[Any] = list(speaking.progress([1, 2, 3], "Counting"))
        terminal.flush()
        shown = os.read(outer, 10_000).decode()
    os.close(outer)
    assert items == [1, 2, 3]
    assert "Counting" in shown
