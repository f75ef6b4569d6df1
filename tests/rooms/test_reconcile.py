"""Reconciliation: what lost webhooks left out is taken in from the carrier's own lists, once."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import delete, func, select

from hotline.callbacks.models import CallbackCall
from hotline.calls import queries
from hotline.calls.models import Call
from hotline.calls.states import CallState, EndState
from hotline.core.db import Base, db, transaction
from hotline.intake import lists, reconcile
from hotline.intake.models import Difference, Gap, Kind, Reconciliation
from hotline.messages.models import Message
from hotline.messages.states import Direction, MessageState
from hotline.tickets.models import Ticket
from tests.harness import Hotline
from tests.people import Staff

CALLER, OTHER = "+8613800000001", "+8613800000002"
Run = Callable[..., Result]


@pytest.fixture
def flask(app: Flask, hotline: Hotline) -> Run:
    """Run `flask reconcile` beside the hotline."""

    def run(*args: str) -> Result:
        db.session.rollback()
        return CliRunner().invoke(app.cli, ("reconcile", *args))

    return run


@pytest.fixture
def begun(hotline: Hotline) -> Hotline:
    """A hotline that has compared its first quarter of an hour."""
    hotline.tick()
    return hotline


def calls(hotline: Hotline) -> list[Call]:
    return list(hotline.session.scalars(select(Call).order_by(Call.received_at)))


def differences(hotline: Hotline) -> list[tuple[Kind, Gap, bool]]:
    rows = hotline.session.scalars(select(Difference).order_by(Difference.id))
    return [(row.kind, row.gap, row.mended_at is not None) for row in rows]


def everything(hotline: Hotline) -> dict[str, list[Any]]:
    """Return every row, but for when a clock was heard and when a quarter was compared."""
    passing = {"heartbeat", "reconciliation", "rollup_mark"}
    session = hotline.session
    return {
        table.name: sorted(map(repr, session.execute(select(table))))
        for table in Base.metadata.sorted_tables
        if table.name not in passing
    }


def again(hotline: Hotline) -> int:
    """Compare what was compared already, and return how many differences there are."""
    transaction(lambda session: session.execute(delete(Reconciliation)))
    stretch = (hotline.now - dt.timedelta(minutes=90), hotline.now)
    return _compare(hotline, stretch).found.total()


def _compare(hotline: Hotline, stretch: tuple[dt.datetime, dt.datetime]) -> reconcile.Outcome:
    quarter = reconcile.quarters.floor
    carrier = hotline.app.extensions["hotline"].carrier
    number = hotline.settings.hotline_number
    whole = quarter(stretch[0]), quarter(stretch[1]) + reconcile.quarters.QUARTER
    return reconcile.compare(transaction, carrier, number, whole, clock=lambda: hotline.now)


def test_a_call_nobody_told_us_of_gets_a_row_an_end_and_a_debt(begun: Hotline) -> None:
    hotline = begun
    with hotline.stopped():
        rang_at = hotline.carrier.clock.now()
        call = hotline.phone(CALLER).calls()
        hotline.forward(minutes=10)
    assert call.state == "ended"
    assert calls(hotline) == []
    hotline.settle()
    (row,) = calls(hotline)
    assert (row.provider_sid, row.state) == (call.sid, CallState.ENDED)
    assert (row.end_state, row.answered_at) == (EndState.FAILED, None)
    assert row.received_at == rang_at
    debt = hotline.session.scalars(select(CallbackCall)).one()
    assert debt.call_id == row.id
    assert differences(hotline) == [(Kind.CALL_IN, Gap.UNKNOWN, True)]


def test_the_end_of_a_conversation_that_was_lost_is_found(begun: Hotline, staff: Staff) -> None:
    hotline = begun
    hotline.api(staff.operator).put("/presence", {"state": "ready", "line": "desk"})
    call = hotline.phone(CALLER).calls()
    hotline.forward(seconds=10)
    assert call.state in {"bridged", "conference"}
    with hotline.stopped():
        hotline.forward(seconds=30)
        call.hang_up()
        ended_at = hotline.carrier.clock.now()
        hotline.forward(minutes=2)
    hotline.forward(minutes=5)
    (row,) = calls(hotline)
    assert (row.ended_at, row.end_state) == (ended_at, EndState.ANSWERED)
    assert differences(hotline) == [
        (Kind.CALL_IN, Gap.UNENDED, True),
        (Kind.RECORDING, Gap.UNKNOWN, True),
    ]


def test_what_is_told_late_began_when_the_carrier_says(begun: Hotline) -> None:
    hotline = begun
    rang_at = hotline.carrier.clock.now()
    with hotline.stopped():
        hotline.phone(CALLER).calls()
    hotline.forward(seconds=30)  # the carrier tried long enough, and told us only of the end
    assert calls(hotline)[0].received_at > rang_at
    hotline.forward(minutes=5)
    assert calls(hotline)[0].received_at == rang_at
    assert differences(hotline) == [(Kind.CALL_IN, Gap.UNHEARD, True)]


def test_a_message_that_was_spoken_while_nobody_listened_is_kept(begun: Hotline) -> None:
    hotline = begun
    call = hotline.phone(CALLER).calls(patience=None)
    call.press("1")
    assert call.state == "recording"
    with hotline.stopped():
        hotline.forward(seconds=5)
        call.speak("老板拖欠我三个月工资")
        hotline.forward(seconds=4)
        call.hang_up()
        hotline.forward(minutes=2)
    hotline.forward(minutes=6)
    (row,) = calls(hotline)
    assert row.end_state is EndState.VOICEMAIL
    assert (Kind.RECORDING, Gap.UNKNOWN, True) in differences(hotline)
    assert again(hotline) == 0


def test_an_sms_that_never_reached_us_is_taken_in_like_any_other(begun: Hotline) -> None:
    hotline = begun
    with hotline.stopped():
        sms = hotline.phone(CALLER).texts("工地三个月没发工资")
        hotline.forward(minutes=3)
    hotline.forward(minutes=3)
    ticket = hotline.ticket()
    taken = hotline.session.scalars(select(Message).where(Message.direction == Direction.IN)).one()
    assert (taken.provider_sid, taken.ticket_id) == (sms.sid, ticket.id)
    hotline.forward(minutes=1)
    hotline.phone(CALLER).hears(ticket.number)
    assert differences(hotline) == [(Kind.SMS_IN, Gap.UNKNOWN, True)]


def test_the_last_report_on_an_sms_that_was_lost_is_found(begun: Hotline) -> None:
    hotline = begun
    hotline.carrier.faults.drop = 1.0
    hotline.phone(CALLER).texts("工地三个月没发工资")
    hotline.carrier.faults.drop = 0.0
    hotline.forward(seconds=70)
    with hotline.stopped():
        hotline.forward(minutes=2)
    hotline.forward(minutes=6)
    sent = select(Message.state).where(Message.direction == Direction.OUT)
    assert set(hotline.session.scalars(sent)) == {MessageState.DELIVERED}


def test_comparing_again_changes_nothing(begun: Hotline) -> None:
    hotline = begun
    with hotline.stopped():
        hotline.phone(CALLER).calls()
        hotline.phone(OTHER).texts("工地三个月没发工资")
        hotline.forward(minutes=10)
    hotline.forward(minutes=10)
    before = everything(hotline)
    assert again(hotline) == 0
    assert everything(hotline) == before


def test_what_belongs_to_another_number_is_left_alone(begun: Hotline) -> None:
    hotline = begun
    with hotline.stopped():
        call = hotline.phone(CALLER).calls()
        sms = hotline.phone(CALLER).texts("工地三个月没发工资")
        hotline.forward(minutes=3)
    exchange = hotline.carrier.exchange
    exchange.legs[call.sid].to = exchange.messages[sms.sid].to = "+8647100000000"
    hotline.forward(minutes=20)
    assert (calls(hotline), differences(hotline)) == ([], [])


def test_a_webhook_on_its_way_is_not_lost(begun: Hotline) -> None:
    hotline = begun
    with hotline.stopped():
        hotline.phone(CALLER).texts("工地三个月没发工资")
        hotline.forward(seconds=50)
    hotline.settle()
    assert differences(hotline) == []


def test_one_that_cannot_be_taken_in_stops_no_other_and_is_tried_again(
    begun: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    hotline = begun
    with hotline.stopped():
        bad = hotline.phone(CALLER).texts("工地三个月没发工资")
        hotline.phone(OTHER).texts("老板不签合同")
        hotline.forward(minutes=3)
    real = lists.receive_sms

    def fails(session: Any, sms: Any, now: dt.datetime) -> None:
        real(session, sms, now)
        if sms.sid == bad.sid:
            raise ZeroDivisionError

    monkeypatch.setattr(lists, "receive_sms", fails)
    hotline.forward(minutes=3)
    assert [row[2] for row in differences(hotline)] == [False, True]
    assert hotline.session.scalar(select(func.count()).select_from(Ticket)) == 1
    monkeypatch.undo()
    hotline.forward(minutes=6)
    assert [row[2] for row in differences(hotline)] == [True, True]
    assert hotline.session.scalar(select(func.count()).select_from(Ticket)) == 2


def test_a_carrier_that_is_busy_is_asked_again_and_nothing_is_skipped(begun: Hotline) -> None:
    hotline = begun
    with hotline.stopped():
        hotline.phone(CALLER).calls()
        hotline.forward(hours=7)
    hotline.carrier.faults.too_many = 1.0
    hotline.tick()
    compared = select(func.count()).select_from(Reconciliation)
    assert hotline.session.scalar(compared) == 1
    hotline.carrier.faults.too_many = 0.0
    hotline.tick()
    assert hotline.session.scalar(compared) >= 28
    assert len(calls(hotline)) == 1


def test_a_call_from_our_number_that_nobody_ordered_stays_open(begun: Hotline, flask: Run) -> None:
    hotline = begun
    carrier = hotline.app.extensions["hotline"].carrier
    carrier.place_call(OTHER, url="https://elsewhere", status_callback="", timeout=5)
    hotline.forward(minutes=10)
    assert differences(hotline) == [(Kind.CALL_OUT, Gap.UNKNOWN, False)]
    result = flask()
    assert result.exit_code == 1
    assert "call_out unknown" in result.stdout
    assert len(result.stderr.strip().splitlines()) == 1


def test_the_identity_holds_and_agrees_with_the_carrier(begun: Hotline) -> None:
    hotline = begun
    with hotline.stopped():
        hotline.phone(CALLER).calls()
        hotline.forward(minutes=5)
    hotline.phone(OTHER).calls(patience=None)
    hotline.forward(minutes=5)
    row = hotline.session.scalars(select(Reconciliation).order_by(Reconciliation.since)).all()[-1]
    counted = queries.identity(hotline.session, row.since, row.since + dt.timedelta(minutes=15))
    assert counted.holds
    assert (counted.inbound, counted.in_progress) == (2, 1)
    assert counted.ends == {EndState.FAILED: 1}
    assert row.listed[Kind.CALL_IN] == 2


# ------------------------------------------------------------------ the command


def test_the_command_prints_what_it_stored(begun: Hotline, flask: Run) -> None:
    with begun.stopped():
        begun.phone(CALLER).calls()
        begun.forward(minutes=5)
    result = flask("--from", "2026-11-23 09:00")
    assert result.exit_code == 0, result.stderr
    assert "call_in       1 listed     1 differed     1 mended" in result.stdout
    again = flask("--from", "2026-11-23T09:00", "--to", "2026-11-24")
    assert "call_in       1 listed     0 differed     0 mended" in again.stdout


@pytest.mark.parametrize(
    "args",
    [
        ("--from", "yesterday"),
        ("--from", "2026-11-23", "--to", "2026-11-22"),
        ("--from", "2030-01-01"),
        ("--since", "2026-11-23"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(flask: Run, args: tuple[str, ...]) -> None:
    result = flask(*args)
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_carrier_that_does_not_answer_is_told_in_one_line(
    begun: Hotline, flask: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    begun.carrier.faults.too_many = {0, 1}
    assert flask().exit_code == 0
    begun.carrier.faults.too_many = 1.0
    result = flask()
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.stderr
