"""The eight invariants: what is broken is named, what is mended is closed, by clock and command."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from hotline.callbacks.models import CallbackCall
from hotline.calls.models import Call
from hotline.core.db import Base, db, transaction
from hotline.ledger import checking, differences, invariants
from hotline.ledger.invariants import INVARIANTS, KINDS
from hotline.ledger.models import LedgerCheck, LedgerException
from hotline.ledger.sealing import seal_new
from hotline.messages.models import Message
from hotline.tickets.models import DayCounter, Ticket
from hotline.tickets.records import Obligation, TicketEvent, TicketResult
from hotline.tickets.states import Action, State
from tests import matters
from tests.harness import Hotline
from tests.matters import MONDAY
from tests.people import Staff
from tests.rooms import tampering

NOW = MONDAY + dt.timedelta(minutes=20)
HOUR = dt.timedelta(hours=1)
Break = Callable[[Session, int], None]


def look(session: Session, now: dt.datetime = NOW) -> list[str]:
    """Let the clock seal and look, and return what is open: code, label, what."""
    seal_new(transaction, now=now)
    for turn in range(len(KINDS)):
        checking.keep_up(transaction, now=now + turn * checking.EVERY)
    return found(session)


def found(session: Session) -> list[str]:
    session.rollback()
    rows = [f"{row.code} {row.label} {row.what}" for row in checking.open_exceptions(session)]
    return [re.sub(r"(?<=^I7 )(\w+) \d+", r"\1 #", row) for row in rows]


def set_back(table: type, **values: Any) -> Break:
    """Change a row of *table* that belongs to the ticket."""

    def apply(session: Session, ticket_id: int) -> None:
        column = Ticket.id if table is Ticket else table.ticket_id  # type: ignore[attr-defined]
        session.execute(sa.update(table).where(column == ticket_id).values(**values))

    return apply


def lose(table: type, *where: Any) -> Break:
    """Remove what hangs on the ticket."""

    def apply(session: Session, ticket_id: int) -> None:
        if table is TicketEvent:
            tampering.get_past_the_triggers(session)
        session.execute(sa.delete(table).where(table.ticket_id == ticket_id, *where))  # type: ignore[attr-defined]

    return apply


def owe(session: Session, ticket_id: int) -> None:
    """Archive the ticket past the service while its receipt is owed."""
    session.add(Obligation(ticket_id=ticket_id, kind="receipt", what="演示", opened_at=NOW))
    session.execute(
        sa.update(Ticket)
        .where(Ticket.id == ticket_id)
        .values(state=State.ARCHIVED, archived_at=NOW)
    )


def dismiss(session: Session, ticket_id: int) -> None:
    """Let everybody who could hold the ticket's next step go."""
    session.execute(sa.text("UPDATE staff SET active = false"))


def count_more(session: Session, ticket_id: int) -> None:
    session.execute(sa.update(DayCounter).values(n=DayCounter.n + 1))


def count_less(session: Session, ticket_id: int) -> None:
    session.execute(sa.update(DayCounter).values(n=0))


SIGNED = TicketEvent.action == Action.SIGN
APPROVED = TicketEvent.action == Action.APPROVE
BEGUN = TicketEvent.action.is_(None)
LOST = "I7 ticket_event # row_deleted"  # whatever its id
BREAKS: dict[str, tuple[Break, list[str]]] = {
    "no_next_due": (set_back(Ticket, step_due_at=None), ["I2 {} no_next_due"]),
    "nobody": (dismiss, ["I2 {} nobody"]),
    "gap": (lose(TicketEvent, SIGNED), ["I3 {} gap", LOST]),
    "ends_elsewhere": (lose(TicketEvent, APPROVED), ["I3 {} ends_elsewhere", LOST]),
    "no_beginning": (lose(TicketEvent, BEGUN), ["I3 {} no_beginning", LOST]),
    "moved_in_secret": (set_back(Ticket, state=State.SURVEYED), ["I3 {} ends_elsewhere"]),
    "no_result": (lose(TicketResult), ["I4 {} no_outcome", "I7 ticket_result # row_deleted"]),
    "no_notice": (lose(Message), ["I4 {} no_notice", "I7 message # row_deleted"]),
    "owed": (owe, ["I3 {} ends_elsewhere", "I5 {} obligation_open"]),
    "number_missing": (count_more, ["I6 261123-0002 number_missing"]),
    "number_uncounted": (count_less, ["I6 {} number_uncounted"]),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_named_and_what_is_mended_is_closed(
    session: Session, staff: Staff, name: str
) -> None:
    ticket_id, number = matters.resolved(staff)
    assert look(session) == []
    wound, expected = BREAKS[name]
    wound(session, ticket_id)
    session.commit()
    assert look(session, NOW + HOUR) == [words.format(number) for words in expected]
    check = session.get_one(LedgerCheck, expected[0][:2])
    assert not check.holds
    assert NOW + HOUR <= check.since < NOW + 2 * HOUR


def test_clocks_side_by_side_share_the_rounds(session: Session, staff: Staff) -> None:
    matters.resolved(staff)
    assert checking.keep_up(transaction, now=NOW) > 0
    assert checking.keep_up(transaction, now=NOW + checking.EVERY / 2) == 0
    assert checking.keep_up(transaction, now=NOW + checking.EVERY) > 0


def test_every_row_has_its_turn(
    session: Session, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(invariants.TICKET), "at_once", 2)
    tickets = [matters.resolved(staff) for _ in range(5)]
    assert look(session) == []
    for ticket_id, _ in tickets:
        set_back(Ticket, step_due_at=None)(session, ticket_id)
    session.commit()
    named = [len(look(session, NOW + n * HOUR)) for n in range(1, 4)]
    assert named == [2, 3, 5]  # the round goes on where it stood


def test_an_exception_closes_when_its_cause_is_gone(session: Session, staff: Staff) -> None:
    ticket_id, number = matters.resolved(staff)
    due = session.get_one(Ticket, ticket_id).step_due_at
    set_back(Ticket, step_due_at=None)(session, ticket_id)
    session.commit()
    assert look(session) == [f"I2 {number} no_next_due"]
    set_back(Ticket, step_due_at=due)(session, ticket_id)
    session.commit()
    later = NOW + HOUR
    assert look(session, later) == []
    row = session.scalars(sa.select(LedgerException)).one()
    assert row.closed_at == later
    check = session.get_one(LedgerCheck, "I2")
    assert (check.holds, check.since) == (True, later)


def test_a_handler_who_left_leaves_the_ticket_without_an_owner(
    session: Session, staff: Staff
) -> None:
    _, number = matters.in_progress(staff)
    assert look(session) == []
    session.execute(sa.text("UPDATE staff SET active = false WHERE login = 'handler'"))
    session.commit()
    assert look(session, NOW + HOUR) == [f"I2 {number} handler_left"]


def change(session: Session, *statements: Any) -> None:
    """Commit what somebody does past the application."""
    for statement in statements:
        session.execute(statement)
    session.commit()


@pytest.fixture
def missed(hotline: Hotline) -> str:
    """Let a call be missed, and return its id; a callback is owed for it."""
    hotline.phone("+8613800000001").calls()
    hotline.forward(minutes=30, every=dt.timedelta(minutes=10))
    assert found(hotline.session) == []
    call = hotline.session.scalars(sa.select(Call)).one()
    assert call.disposition == "callback"
    return str(call.id)


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        (sa.update(Call).values(disposition=None), "no_disposition"),
        (sa.update(Call).values(disposition="urge"), "no_ticket_named"),
        (sa.delete(CallbackCall), "no_callback"),
    ],
)
def test_a_call_that_led_to_nothing_is_an_exception(
    hotline: Hotline, missed: str, broken: Any, what: str
) -> None:
    change(hotline.session, broken)
    altered = [] if what == "no_callback" else ["I7 call # row_altered"]
    assert look(hotline.session, hotline.now + HOUR) == [f"I1 {missed} {what}", *altered]


def test_an_sms_that_belongs_to_nothing_is_an_exception(hotline: Hotline) -> None:
    hotline.phone("+8613800000001").texts("演示工地拖欠三个月工资")
    sms = hotline.session.scalars(sa.select(Message.id).where(Message.direction == "in")).one()
    change(hotline.session, sa.update(Message).where(Message.id == sms).values(ticket_id=None))
    assert f"I1 {sms} no_home" in look(hotline.session, hotline.now + HOUR)


def test_a_difference_to_the_carrier_that_is_not_mended_is_an_exception(
    session: Session, staff: Staff
) -> None:
    row = {"kind": "call", "gap": "missing", "sid": "CA1", "at": MONDAY, "found_at": MONDAY}
    rows = Base.metadata.tables[differences.NAME]
    change(session, sa.insert(rows).values(**row))
    assert look(session) == ["I8 CA1 unmended"]
    change(session, sa.update(rows).values(mended_at=NOW))
    assert look(session, NOW + HOUR) == []


def test_an_altered_record_is_an_exception_of_the_ledger(hotline: Hotline) -> None:
    hotline.phone("+8613800000001").texts("演示工地拖欠三个月工资")
    session = hotline.session
    event = session.scalars(sa.select(TicketEvent.id)).first() or 0
    tampering.get_past_the_triggers(session)
    tampering.alter(session, "ticket_event", event, actor_name="nobody")
    session.commit()
    assert look(session, hotline.now + HOUR) == ["I7 ticket_event # row_altered"]


def test_a_day_at_the_hotline_leaves_all_eight_whole(hotline: Hotline, staff: Staff) -> None:
    hotline.phone("+8613800000001").texts("演示工地拖欠三个月工资")
    hotline.phone("+8613800000002").calls()
    matters.resolved(staff, now=hotline.now)
    hotline.forward(hours=24, every=HOUR * 4)
    checks = hotline.session.scalars(sa.select(LedgerCheck)).all()
    assert {check.code for check in checks} == {each.code for each in INVARIANTS}
    assert found(hotline.session) == []
    assert all(check.holds for check in checks)


def test_the_command_asks_of_everything_and_tells_each_exception(
    app: Flask, session: Session, staff: Staff
) -> None:
    ticket_id, number = matters.resolved(staff)
    seal_new(transaction, now=NOW)
    run = CliRunner()
    result = run.invoke(app.cli, ["ledger", "check"])
    assert (result.exit_code, result.stdout) == (0, "all eight hold\n"), result.stderr
    db.session.rollback()
    lose(TicketEvent, SIGNED)(session, ticket_id)
    count_more(session, ticket_id)
    session.commit()
    result = run.invoke(app.cli, ["ledger", "check"])
    assert result.exit_code == 1
    told = result.stdout.splitlines()
    assert told[:2] == [f"I3 ticket {number}: gap", f"I6 day {number[:-1]}2: number missing"]
    assert re.fullmatch(r"I7 seal ticket_event \d+: row deleted", told[2])
    session.rollback()
    assert session.get_one(LedgerCheck, "I1").whole_at is not None
