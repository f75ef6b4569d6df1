"""The chain of seals: whoever puts a hand to the record is named by row."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from hotline.core import log, signing
from hotline.core.audit import AuditEntry, note
from hotline.core.db import transaction
from hotline.core.privacy import derive
from hotline.core.roles import system
from hotline.ledger import chain, record
from hotline.ledger.models import Seal
from hotline.ledger.sealing import seal_new
from hotline.ledger.verifying import AT_ONCE, length, pairs
from hotline.messages.models import Message
from hotline.tickets.models import Ticket
from hotline.tickets.records import TicketEvent
from tests import matters, proofs
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms import tampering

LATER = MONDAY + dt.timedelta(minutes=10)
PER_SEAL = 4
GAP = 50
Mutation = Callable[[Session, int, int], str]


def names(session: Session, now: dt.datetime = LATER) -> list[str]:
    """Return what `flask audit verify` would name, in order."""
    session.expire_all()
    found = [
        flaw
        for start in range(1, length(session) + 1, AT_ONCE)
        for before, seal in pairs(session, start)
        for flaw in chain.flaws(session, seal, before, now=now)
    ]
    return [f"{flaw.label} {flaw.what}" for flaw in [*found, *chain.loose_ends(session, now=now)]]


@pytest.fixture
def sealed(session: Session, staff: Staff, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A record of two tables under several seals."""
    monkeypatch.setattr(chain, "BATCH", PER_SEAL)
    for _ in range(3):
        matters.resolved(staff)

    def look(session: Session) -> None:
        for n in range(9):
            note(session, system("test"), "worker.reveal", f"ticket:{n}", now=MONDAY, reason="演示")

    transaction(look)
    last = _ids(session, TicketEvent)[-1]
    tampering.insert_like(session, "ticket_event", last, last + GAP)  # ids between were never used
    session.commit()
    assert seal_new(transaction, now=MONDAY, origins=record.WHOLE) == 9 + 3 * 5 + 1
    assert names(session) == []
    return session


def test_what_happens_is_sealed_by_the_clock_and_holds(hotline: Hotline) -> None:
    hotline.phone("+8613800000001").texts("演示工地拖欠三个月工资")
    hotline.forward(minutes=2)  # what figures rest on is sealed once a minute
    seals = hotline.session.scalars(sa.select(Seal)).all()
    events = hotline.session.scalars(sa.select(TicketEvent.id)).all()
    sealed = {id_ for seal in seals for id_ in record.parted(seal.leaves)}
    assert seals
    messages = hotline.session.scalars(sa.select(Message.id)).all()
    assert {*events, *messages} <= sealed
    assert names(hotline.session) == []
    assert seal_new(transaction, now=hotline.now) == 0


def test_seals_follow_one_another_without_a_gap(sealed: Session) -> None:
    seals = sealed.scalars(sa.select(Seal).order_by(Seal.number)).all()
    assert [seal.number for seal in seals] == list(range(1, 8))
    assert [seal.previous for seal in seals] == [chain.START, *(seal.hash for seal in seals[:-1])]
    assert {seal.origin for seal in seals} == {"audit_entry", "ticket_event"}
    assert sum(seal.count for seal in seals) == 25


@pytest.mark.parametrize("table", tampering.STAYING)
@pytest.mark.parametrize("act", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove_the_record(
    sealed: Session, table: str, act: str
) -> None:
    with pytest.raises(DBAPIError, match="only ever added"):
        sealed.execute(sa.text(act.format(table)))


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", tampering.STAYING)
def test_postgresql_refuses_to_empty_the_record(sealed: Session, table: str) -> None:
    with pytest.raises(DBAPIError, match="only ever added"):
        sealed.execute(sa.text(f"TRUNCATE {table}"))


def flip(session: Session, at: int, other: int) -> str:
    if other % 4 == 3:  # of the other table of the record
        entries = _ids(session, AuditEntry)
        key = entries[at % len(entries)]
        column = ("actor_name", "act", "subject")[other % 3]
        tampering.alter(session, "audit_entry", key, **{column: "x"})
        return f"audit_entry {key} row_altered"
    events = _ids(session, TicketEvent)
    key = events[at % len(events)]
    column = ("actor_name", "detail", "at", "note", "action", "ticket_id")[other % 6]
    ticket = sa.select(sa.func.max(Ticket.id)).scalar_subquery()
    forged = {
        "actor_name": "nobody", "detail": {"score": 1}, "at": MONDAY - dt.timedelta(days=1),
        "note": "x", "action": "void", "ticket_id": ticket + 1,
    }  # fmt: skip
    tampering.alter(session, "ticket_event", key, **{column: forged[column]})
    return f"ticket_event {key} row_altered"


def remove(session: Session, at: int, other: int) -> str:
    table, model = (("audit_entry", AuditEntry), ("ticket_event", TicketEvent))[other % 2]
    ids = _ids(session, model)
    key = ids[at % len(ids)]
    tampering.delete(session, table, key)
    return f"{table} {key} row_deleted"


def insert(session: Session, at: int, other: int) -> str:
    ids = _ids(session, TicketEvent)
    unused = (-at - 1, ids[-1] - 1 - at % (GAP - 1))
    new = unused[other // 2 % 2] if other % 2 else ids[at % len(ids)]
    if other % 2 == 0:  # in the place of a row that goes
        tampering.delete(session, "ticket_event", new)
        source = next(id_ for id_ in ids if id_ != new)
        tampering.insert_like(session, "ticket_event", source, new)
        return f"ticket_event {new} row_altered"
    tampering.insert_like(session, "ticket_event", ids[0], new)
    return f"ticket_event {new} row_inserted"


def swap(session: Session, at: int, other: int) -> str:
    ids = _ids(session, TicketEvent)[:-1]  # the last is the like of the one before
    one, two = ids[at % len(ids)], ids[(at + 1 + other % (len(ids) - 1)) % len(ids)]
    tampering.swap(session, "ticket_event", one, two)
    return f"ticket_event {min(one, two)} row_altered"


def truncate(session: Session, at: int, other: int) -> str:
    ids = _ids(session, TicketEvent)
    cut = ids[at % len(ids) :]
    tampering.delete(session, "ticket_event", *cut)
    return f"ticket_event {cut[0]} row_deleted"


def lose_seals(session: Session, at: int, other: int) -> str:
    number = at % length(session) + 1
    if other % 2:  # one from the middle, or from the end
        tampering.delete(session, "seal", number)
        if number <= length(session):
            return f"seal {number} seal_missing"
    else:
        tampering.delete(session, "seal", *range(number, 99))
    origin, first = _first_unsealed(session)
    return f"{origin} {first} row_unsealed"


def edit_seal(session: Session, at: int, other: int) -> str:
    number = at % length(session) + 1
    seal = session.get_one(Seal, number)
    forged = {
        "count": seal.count + 1, "late": 1, "at": LATER, "leaves": seal.leaves[::-1],
        "previous": bytes(31) + b"x", "hash": seal.hash[::-1],
    }  # fmt: skip
    name = sorted(forged)[other % len(forged)]
    tampering.alter(session, "seal", number, **{name: forged[name]})
    return f"seal {number} seal_altered"


def make_chain_anew(session: Session, at: int, other: int) -> str:
    """Alter a row and write all seals anew, with hashes that fit and a key of one's own."""
    flip(session, at, other)
    seals = [(seal.origin, seal.at) for seal in session.scalars(sa.select(Seal))]
    tampering.delete(session, "seal", *range(1, 99))
    ours = signing._signer[0]
    try:
        signing.use((derive(bytes(32), b"somebody else"),))
        for origin, moment in seals:
            chain.seal(session, origin, now=moment)
    finally:
        signing._signer[:] = [ours]
    return "seal 1 seal_forged"


def _ids(session: Session, model: type[AuditEntry | TicketEvent]) -> list[int]:
    return list(session.scalars(sa.select(model.id).order_by(model.id)))


def _first_unsealed(session: Session) -> tuple[str, int]:
    sealed = [(seal.origin, id_) for seal in session.scalars(sa.select(Seal))
              for id_ in record.parted(seal.leaves)]  # fmt: skip
    return next(
        (origin, id_)
        for origin, model in zip(record.WHOLE, (AuditEntry, TicketEvent), strict=True)
        for id_ in _ids(session, model)
        if (origin, id_) not in sealed
    )


MUTATIONS: dict[str, Mutation] = {
    each.__name__: each
    for each in (flip, remove, insert, swap, truncate, lose_seals, edit_seal, make_chain_anew)
}


@pytest.mark.proof
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_each_hand_put_to_the_record_is_named_by_row(sealed: Session, mutation: str) -> None:
    @settings(
        max_examples=proofs.count(6, 200),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(at=st.integers(0, 99), other=st.integers(0, 99))
    def tried(at: int, other: int) -> None:
        with taken_back(sealed):
            expected = MUTATIONS[mutation](sealed, at, other)
            assert names(sealed)[:1] == [expected]

    tried()
    assert names(sealed) == []


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """Let what is done inside leave no trace."""
    session.rollback()
    tampering.get_past_the_triggers(session)
    yield
    session.rollback()


def test_the_log_tells_each_seal_with_its_whole_hash(
    session: Session, staff: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    matters.received()
    log.configure("info")
    seal_new(transaction, now=MONDAY)
    log.configure("error")
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    hashes = [line["hash"] for line in told if line["event"] == "record.sealed"]
    assert hashes == [seal.hash.hex() for seal in session.scalars(sa.select(Seal))]
