"""A row removed or altered past the application: seals, ledger or recount name it."""

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.bulletins import service
from hotline.bulletins.periods import PeriodKind, of
from hotline.callbacks.models import Callback, CallbackAttempt
from hotline.callbacks.states import Outcome
from hotline.calls.models import Call, CallEvent
from hotline.calls.states import Disposition
from hotline.core.audit import note
from hotline.core.db import Base, transaction
from hotline.core.roles import system
from hotline.ledger import chain, checking, readings, record
from hotline.ledger.invariants import KINDS
from hotline.ledger.models import Reading
from hotline.ledger.sealing import seal_new
from hotline.ledger.verifying import AT_ONCE, length, pairs
from hotline.money.models import Claim, Payment
from hotline.rates import jobs
from hotline.surveys.models import Survey, SurveyTry
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind
from tests import matters
from tests.people import Staff
from tests.rooms import tampering
from tests.rooms.counted_rows import COUNTED, DAY, HOUR, NOW, TODAY, boss, roll_up, write
from tests.rooms.test_wounds import AROUND, something_of_everything

LATER = NOW + dt.timedelta(minutes=10)
OCTOBER = of(PeriodKind.MONTH, dt.date(2026, 10, 9))
BY_SEALS = dict.fromkeys(record.RECORD, "{0} {id} row_deleted")
BY_LEDGER = {
    "seal": "seal {number} seal_missing",
    "ticket": "{number} number_missing",
    "day_counter": "261123-0001 number_uncounted",
    "callback": "{call_id} no_callback",
    "callback_call": "{call_id} no_callback",
}
BY_RECOUNT = dict.fromkeys(("daily_count", "daily_cut"), "{fact}")
NAMED = BY_SEALS | BY_LEDGER | BY_RECOUNT
ALTERED: dict[str, dict[str, Any]] = {
    "approval": {"decision": "denied", "action": "suspend"},
    "call": {
        "answered_at": NOW - HOUR, "disposition": "urge", "end_state": "voicemail",
        "ended_at": NOW - HOUR, "language": "mn", "queued_at": NOW - HOUR, "received_at": NOW - DAY,
        "talked_ms": 9, "waited_ms": 999, "wrap_up_done_at": NOW - HOUR,
    },
    "call_event": {"at": NOW - DAY, "detail": {"role": "police"}, "kind": "line_lost"},
    "callback": {"closed_at": NOW + HOUR, "opened_at": NOW - DAY, "state": "closed_unreachable"},
    "claim": {"agreed": 1, "claimed": 1, "verified": 1},
    "payment": {"amount": 2, "paid_on": TODAY - DAY, "proof": "unit"},
    "presence_change": {"at": NOW - DAY, "reason": "short", "to_state": "offline"},
    "survey": {"cycle": 2, "tries": 9},
    "ticket": {
        "anonymous": True, "category_code": "A2", "channel": "visit", "cycle": 2,
        "demand_type": "other", "due_at": NOW - HOUR, "due_original": NOW - HOUR,
        "outcome": "channelled", "received_at": NOW - DAY, "region_code": "150202",
        "resolved_at": NOW - DAY, "survey_outcome": "satisfied", "worker_id": None,
    },
    "ticket_event": {"at": NOW - DAY, "detail": {"score": 1}, "kind": "note"},
    "ticket_result": {"contact_way": "visit", "cycle": 2, "outcome": "explained_not_solved"},
}  # fmt: skip


@pytest.fixture
def whole(session: Session, staff: Staff) -> Session:
    """A row of each table that figures rest on, rolled up, published and sealed."""
    matters.resolved(staff)
    something_of_everything(session, staff)
    owed, asked = session.scalars(sa.select(Callback)).one(), sa.select(Survey.id).limit(1)
    session.get_one(Call, owed.call_id).disposition = Disposition.CALLBACK
    tried = {"at": NOW, "staff_id": staff.operator.id}
    reached = Outcome.REACHED
    session.add(CallbackAttempt(callback_id=owed.id, outcome=reached, **tried))
    session.add(SurveyTry(survey_id=session.scalars(asked).one(), **tried))
    note(session, system("test"), "worker.reveal", "ticket:1", now=NOW, reason="演示")
    roll_up(session)
    service.freeze(session, OCTOBER, actor=boss(), now=NOW)
    session.commit()
    seal_new(transaction, now=NOW)
    checking.keep_up(transaction, now=NOW)
    return session


def told(session: Session) -> set[str]:
    """Return what `audit verify`, `ledger check` and `rates recount` name."""
    session.expire_all()
    for part in checking.whole(session):
        checking.ask_slice(session, part, now=LATER)
    checking.finish(session, now=LATER)
    open_ = {f"{row.label} {row.what}" for row in checking.open_exceptions(session)}
    recounted = jobs.recount(session, *AROUND, now=LATER, mend=False)
    return sealed(session) | open_ | {one.key.fact for one in recounted}


def sealed(session: Session) -> set[str]:
    return {
        f"{flaw.label} {flaw.what}"
        for start in range(1, length(session) + 1, AT_ONCE)
        for before, seal in pairs(session, start)
        for flaw in chain.flaws(session, seal, before, now=LATER)
    }


def kept(session: Session) -> set[str]:
    return {
        f"{fault.label} {fault.what}"
        for kind in KINDS
        if kind.name in readings.READ
        for fault in readings.altered(session, kind.listed(session, 0, 500), LATER, kind=kind.name)
    }


def test_what_is_removed_is_named_wherever_it_stood(whole: Session) -> None:
    known = told(whole)
    whole.rollback()
    for table, named in NAMED.items():
        row = first(whole, table)
        tampering.get_past_the_triggers(whole)
        tampering.uproot(whole, table, row)
        found = told(whole) - known
        whole.rollback()
        assert named.format(table, **row) in found, table


def test_a_rollup_that_follows_hides_nothing(whole: Session) -> None:
    """What was removed from a day that is counted anew is still named, by the seals."""
    for table in record.FIXED:
        row = first(whole, table)
        tampering.get_past_the_triggers(whole)
        tampering.uproot(whole, table, row)
        jobs.recount(whole, *AROUND, now=LATER)
        found = sealed(whole)
        whole.rollback()
        assert f"{table} {row['id']} row_deleted" in found, table


def test_what_is_altered_is_named(whole: Session) -> None:
    assert not kept(whole) | sealed(whole)
    may_change = {table for own in readings.READ.values() for table in own}
    for table, changes in ALTERED.items():
        row, ask = first(whole, table), kept if table in may_change else sealed
        for column, value in changes.items():
            tampering.get_past_the_triggers(whole)
            tampering.alter(whole, table, row["id"], **{column: value})
            found = ask(whole)
            whole.rollback()
            assert f"{table} {row['id']} row_altered" in found, (table, column)


def test_a_rollup_that_follows_does_not_hide_what_was_altered(whole: Session) -> None:
    row = first(whole, "call")
    tampering.alter(whole, "call", row["id"], end_state="voicemail")
    jobs.recount(whole, *AROUND, now=LATER)
    assert jobs.recount(whole, *AROUND, now=LATER, mend=False) == []
    assert f"call {row['id']} row_altered" in told(whole)


def test_an_entry_that_tells_of_a_change_accounts_for_it(whole: Session) -> None:
    row = first(whole, "call")
    tampering.alter(whole, "call", row["id"], end_state="voicemail")
    whole.add(CallEvent(call_id=row["id"], at=LATER, kind="ended"))
    whole.commit()
    assert not kept(whole)
    checking.keep_up(transaction, now=LATER)
    assert not kept(whole)


def test_a_row_that_goes_on_record_is_not_kept_any_longer(whole: Session) -> None:
    row = first(whole, "claim")
    whole.execute(sa.delete(Payment))
    whole.execute(sa.delete(Claim).where(Claim.id == row["id"]))
    write(whole, whole.get_one(Ticket, row["ticket_id"]), kind=EventKind.MONEY)
    whole.commit()
    checking.keep_up(transaction, now=LATER)
    assert not whole.scalars(sa.select(Reading.row_id).where(Reading.origin == "claim")).all()


def first(session: Session, table: str) -> dict[str, Any]:
    """Return a row of *table*: of tickets, the one that was numbered by its day."""
    rows = Base.metadata.tables[table]
    kept = rows.c.number.like("261123-%") if table == "ticket" else sa.true()
    chosen = sa.select(rows).where(kept).order_by(*rows.primary_key)
    if table == "seal":
        chosen = chosen.where(rows.c.number > 1)
    return dict(session.execute(chosen.limit(1)).one()._mapping)


def test_every_table_that_is_counted_is_among_them() -> None:
    assert {model.__tablename__ for model in COUNTED} <= NAMED.keys()
    assert {model.__tablename__ for model in COUNTED} == ALTERED.keys()
