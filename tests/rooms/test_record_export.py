"""The record taken along: `flask audit`, and the verifier that trusts nothing but a key."""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from hotline.core import signing
from hotline.core.audit import AuditEntry, note
from hotline.core.db import db, transaction
from hotline.core.roles import system
from hotline.core.time import utcnow
from hotline.ledger import chain, record
from hotline.ledger.sealing import seal_new
from hotline.tickets.records import TicketEvent
from tests import matters
from tests.people import Staff
from tests.rooms import tampering

VERIFY = Path(__file__).parents[2] / "bin/verify"
Lines = list[bytes]


@pytest.fixture
def sealed(session: Session, staff: Staff, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A record under several seals."""
    monkeypatch.setattr(chain, "BATCH", 4)
    matters.resolved(staff)
    reveal()
    return session


def reveal() -> None:
    """Let something more happen, and be sealed."""

    def look(session: Session) -> None:
        for n in range(6):
            note(
                session, system("test"), "worker.reveal", f"ticket:{n}", now=utcnow(), reason="演示"
            )

    transaction(look)
    seal_new(transaction, now=utcnow(), origins=record.WHOLE)


def flask(app: Flask, *args: str | Path) -> Result:
    """Run a command as `flask …` does."""
    db.session.rollback()
    return CliRunner().invoke(app.cli, [str(arg) for arg in args])


def verify(*args: str | Path) -> tuple[int, str]:
    """Run the verifier in a process of its own; return its status and its one line."""
    command = [sys.executable, VERIFY, *args]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = (done.stdout + done.stderr).strip()
    assert len(told.splitlines()) == 1, told
    return done.returncode, told


@pytest.fixture
def exported(app: Flask, sealed: Session, tmp_path: Path) -> Path:
    """The record in a file."""
    file = tmp_path / "record.jsonl"
    result = flask(app, "audit", "export", file)
    assert result.exit_code == 0, result.stderr
    return file


def test_a_record_nobody_touched_verifies_here_and_elsewhere(app: Flask, exported: Path) -> None:
    result = flask(app, "audit", "verify")
    assert (result.exit_code, result.stdout) == (0, "4 seals, 11 rows: all as sealed\n")
    status, told = verify(exported, "--key", signing.public_key())
    assert status == 0
    assert told.startswith("4 seals, 11 rows: all as sealed")
    status, told = verify(exported)
    assert status == 0
    assert "the file's own" in told
    assert f"is {signing.public_key()}" in flask(app, "settings").stdout


def test_the_first_row_that_is_not_as_sealed_is_named(app: Flask, sealed: Session) -> None:
    fifth = list(sealed.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id)))[4]
    tampering.get_past_the_triggers(sealed)
    tampering.alter(sealed, "audit_entry", fifth, actor_name="nobody")
    tampering.delete(sealed, "ticket_event", *sealed.scalars(sa.select(TicketEvent.id)))
    sealed.commit()
    result = flask(app, "audit", "verify")
    assert (result.exit_code, result.stderr) == (1, f"Error: audit_entry {fifth}: row altered\n")


def first_row(lines: Lines) -> int:
    """Return the place of the first row of a ticket's timeline."""
    return next(at for at, line in enumerate(lines) if b'\\"ticket_event\\"' in line) + 1


def flip(lines: Lines) -> str:
    at = first_row(lines) + 1
    lines[at] = lines[at].replace(b'"action"', b'"note"')
    return f"ticket_event {json.loads(lines[at])[0]} was altered"


def delete(lines: Lines) -> str:
    return f"ticket_event {json.loads(lines.pop(first_row(lines)))[0]} was deleted"


def insert(lines: Lines) -> str:
    row = json.loads(lines[first_row(lines)])
    lines.insert(first_row(lines), json.dumps([0, *row[1:]]).encode())
    return "ticket_event 0 was inserted"


def append(lines: Lines) -> str:
    last = len(lines) - 1
    lines.insert(last, json.dumps([99, 1]).encode())
    return "row 99 behind seal 4 was inserted"


def swap(lines: Lines) -> str:
    at = first_row(lines)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return f"ticket_event {json.loads(lines[at + 1])[0]} was deleted"


def cut_off(lines: Lines) -> str:
    del lines[-1]
    return "the end is missing behind seal 4"


def cut_a_seal_out(lines: Lines) -> str:
    at = first_row(lines) - 1
    rows = json.loads(json.loads(lines[at])["seal"])["count"]
    del lines[at : at + rows + 1]
    return "seal 3 is missing"


def cut_before_the_end(lines: Lines) -> str:
    at = first_row(lines) - 1
    del lines[at:-1]
    return "seal 3 is missing: the export went further"


def edit_seal(lines: Lines) -> str:
    lines[1] = lines[1].replace(b'\\"late\\":0', b'\\"late\\":1')
    return "seal 1 was altered"


def edit_end(lines: Lines) -> str:
    lines[-1] = lines[-1].replace(b'"end":4', b'"end":3')
    return "the last line is not signed"


MUTATIONS: dict[str, Callable[[Lines], str]] = {
    each.__name__: each
    for each in (
        flip, delete, insert, append, swap, cut_off, cut_a_seal_out, cut_before_the_end,
        edit_seal, edit_end,
    )
}  # fmt: skip


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_tampered_export_is_refused_and_its_flaw_named(exported: Path) -> None:
    whole = exported.read_bytes().splitlines()
    for name, mutation in MUTATIONS.items():
        lines = [*whole]
        expected = mutation(lines)
        assert lines != whole, name
        exported.write_bytes(b"\n".join(lines) + b"\n")
        status, told = verify(exported, "--key", signing.public_key())
        assert (status, expected in told) == (1, True), (name, told)


def test_another_key_is_another_installation(exported: Path) -> None:
    other = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    assert verify(exported, "--key", other) == (1, "verify: seal 1 is not signed with this key")


def test_a_chain_made_anew_is_found_by_an_earlier_export(
    app: Flask, sealed: Session, exported: Path, tmp_path: Path
) -> None:
    reveal()
    later = tmp_path / "later.jsonl"
    assert flask(app, "audit", "export", later).exit_code == 0
    assert flask(app, "audit", "verify", "--against", exported).exit_code == 0
    assert verify(later, "--against", exported)[0] == 0
    assert verify(exported, "--against", later)[0] == 1
    tampering.get_past_the_triggers(sealed)
    tampering.delete(sealed, "seal", *range(1, 99))
    any_row = sealed.scalars(sa.select(AuditEntry.id)).first() or 0
    tampering.alter(sealed, "audit_entry", any_row, actor_name="nobody")
    sealed.commit()
    seal_new(transaction, now=utcnow() + dt.timedelta(seconds=1))
    assert flask(app, "audit", "verify").exit_code == 0  # the hotline itself has sealed it
    result = flask(app, "audit", "verify", "--against", exported)
    assert (result.exit_code, result.stderr) == (1, "Error: seal 4: not in chain\n")
    assert flask(app, "audit", "export", later).exit_code == 0
    assert verify(later, "--against", exported)[0] == 1


def test_what_is_no_export_is_no_proof(app: Flask, sealed: Session, tmp_path: Path) -> None:
    file = tmp_path / "other.jsonl"
    file.write_text('{"end": 1, "signature": "00"}\n')
    assert flask(app, "audit", "verify", "--against", file).exit_code == 2
    assert verify(file)[0] == 1
    assert verify(tmp_path / "nowhere")[0] == 2
