"""The demo's history is what the services would have written, and leaves nothing to be done."""

import datetime as dt
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.callbacks.models import CallbackCall
from hotline.calls.models import Call
from hotline.calls.states import CallState, Disposition, owes_callback
from hotline.clock import schedule
from hotline.core.db import db, transaction
from hotline.core.errors import GuardFailed
from hotline.core.language import local
from hotline.core.roles import Role
from hotline.demo import history
from hotline.demo.history import Plan
from hotline.demo.people import DEMO_LOGINS, PASSWORD
from hotline.masses.models import MassGroup
from hotline.messages.models import DeskNotice, Message
from hotline.messages.rules import Rules
from hotline.messages.states import MessageState
from hotline.rates import jobs as rates
from hotline.sla.models import Escalation
from hotline.staff import queries as staff_queries
from hotline.staff import service as staff_service
from hotline.staff.models import Presence, PresenceChange, Shift, ShiftSwap
from hotline.staff.presence import PresenceState
from hotline.tickets.intake import Intake, receive
from hotline.tickets.models import Channel, Ticket
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import State, transition
from hotline.workers.models import Worker
from tests import people

NOW = dt.datetime(2026, 11, 26, 6, 20, tzinfo=dt.UTC)  # a Thursday afternoon in Hohhot
SECOND = dt.timedelta(seconds=1)
UNSETTLED = (MessageState.WAITING, MessageState.SENDING, MessageState.UNCERTAIN)


def planned(app: Flask, **given: Any) -> Plan:
    rules = Rules.of(app.extensions["hotline"].settings)
    return Plan(**{"now": NOW, "rules": rules, "days": 3, "calls_per_day": 12} | given)


def play(plan: Plan) -> history.Told:
    with history.playing(plan) as playing:
        for moment in playing.looks:
            playing.play(moment)
        return playing.finish()


@pytest.fixture
def played(app: Flask) -> Iterator[Session]:
    """Give a hotline with three days of history."""
    play(planned(app))
    yield db.session()
    db.session.rollback()


def the_history_holds_what_a_visitor_may_want_to_see(played: Session) -> None:
    assert set(played.scalars(select(Ticket.state))) == set(State)
    for wanted in (
        Ticket.mass,
        Ticket.confidential_level == 3,
        Ticket.due_at < NOW,
        Ticket.reworks > 0,
        Ticket.urgency == "critical",
        Ticket.anonymous.is_(False),
    ):
        assert played.scalar(select(func.count()).select_from(Ticket).where(wanted))
    assert played.scalar(select(func.count()).select_from(MassGroup))
    leagues = {code[:4] for code in played.scalars(select(Ticket.region_code)) if code}
    assert len(leagues) > 6


def what_happened_explains_where_each_matter_stands(played: Session) -> None:
    moved = played.execute(
        select(
            TicketEvent.ticket_id, TicketEvent.action, TicketEvent.from_state, TicketEvent.to_state
        )
        .where(TicketEvent.kind == EventKind.ACTION)
        .order_by(TicketEvent.id)
    )
    stands: dict[int, State] = defaultdict(lambda: State.RECEIVED)
    for event in moved:
        assert event.from_state is stands[event.ticket_id]
        assert transition(event.from_state, event.action).target is event.to_state
        stands[event.ticket_id] = event.to_state
    for ticket_id, state in played.execute(select(Ticket.id, Ticket.state)):
        assert stands[ticket_id] is state


def numbers_have_no_gaps_and_rise_with_time(played: Session) -> None:
    rows = played.execute(select(Ticket.number, Ticket.received_at).order_by(Ticket.id)).all()
    assert [row.received_at for row in rows] == sorted(row.received_at for row in rows)
    for day, of_day in itertools.groupby(rows, lambda row: local(row.received_at).date()):
        numbers = [row.number for row in of_day]
        assert numbers == [f"{day:%y%m%d}-{n:04d}" for n in range(1, len(numbers) + 1)]


def every_call_led_to_something(played: Session) -> None:
    for call in played.scalars(select(Call)):
        link = played.get(CallbackCall, call.id)
        assert call.state is CallState.ENDED
        assert call.end_state is not None
        assert call.disposition is not None
        assert (link is not None) == owes_callback(call.end_state)
        assert (call.disposition is Disposition.CALLBACK) == owes_callback(call.end_state)
        assert (call.disposition is Disposition.REGISTERED) <= (call.ticket_id is not None)


def nothing_lies_in_the_future_and_everybody_has_gone_home(played: Session) -> None:
    for column in (
        Call.ended_at, Call.wrap_up_done_at, TicketEvent.at, Ticket.received_at, Ticket.touched_at,
        Message.created_at, Message.sent_at, Message.settled_at, PresenceChange.at, DeskNotice.at,
    ):  # fmt: skip
        assert played.scalar(select(func.max(column))) <= NOW, column
    assert set(played.scalars(select(Presence.state))) == {PresenceState.OFFLINE}


def the_people_are_obviously_invented(played: Session) -> None:
    for worker in played.scalars(select(Worker)):
        assert worker.phone is None or re.fullmatch(r"\+861380000\d{4}", worker.phone)
        assert worker.name is None or worker.name.startswith("演示职工")


def the_rollup_equals_a_recount(played: Session) -> None:
    assert rates.recount(played, now=NOW, mend=False) == []
    assert rates.roll_up(played, now=NOW) == 0


def the_week_to_come_is_rostered(played: Session) -> None:
    days = {local(begins).date() for begins in played.scalars(select(Shift.begins_at))}
    assert days == {local(NOW).date() + dt.timedelta(days=n) for n in range(7)}
    assert played.scalars(select(ShiftSwap)).one().decided_at is None


PROMISES = (
    the_history_holds_what_a_visitor_may_want_to_see,
    what_happened_explains_where_each_matter_stands,
    numbers_have_no_gaps_and_rise_with_time,
    every_call_led_to_something,
    nothing_lies_in_the_future_and_everybody_has_gone_home,
    the_people_are_obviously_invented,
    the_rollup_equals_a_recount,
    the_week_to_come_is_rostered,
)


def test_the_history_keeps_its_promises(played: Session, app: Flask) -> None:
    for promise in PROMISES:
        promise(played)
    _the_clock_finds_nothing_to_make_up_for(played, app)
    _visitors_may_sign_in_and_nobody_else(db.session())


def _the_clock_finds_nothing_to_make_up_for(played: Session, app: Flask) -> None:
    assert not played.scalars(
        select(Message.id).where(Message.state.in_(UNSETTLED), Message.due_at <= NOW)
    ).all()
    before = _told(played)
    played.rollback()
    quiet = replace(schedule.Round.of(app), clock=lambda: NOW + SECOND)
    schedule.tick(quiet)  # a message that left would raise: no carrier answers in this test
    assert _told(db.session()) == before


def _told(session: Session) -> list[int | None]:
    tables: tuple[Any, ...] = (Escalation, Message, DeskNotice, CallbackCall, TicketEvent)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def _visitors_may_sign_in_and_nobody_else(played: Session) -> None:
    for login in DEMO_LOGINS:
        _token, actor = staff_service.sign_in(
            transaction, login.login, PASSWORD, ip="127.0.0.1", now=NOW
        )
        assert login.role in actor.roles
    colleague = staff_queries.by_login(played, "operator-3")
    assert colleague.password_hash is None


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)  # the people, not the engine
def test_the_same_seed_plays_the_same_people(app: Flask) -> None:
    found: list[list[tuple[object, ...]]] = []
    for _ in range(2):
        with pytest.raises(RuntimeError):
            _interrupted(planned(app, days=1), found)
        assert history.is_untouched(db.session())  # it failed: nothing is left of it
        assert staff_queries.find(db.session(), "operator") is None
    assert found[0] == found[1]
    assert len(found[0]) > 10


def _interrupted(plan: Plan, found: list[list[tuple[object, ...]]]) -> None:
    with history.playing(plan) as playing:
        for moment in playing.looks[: len(playing.looks) // 2]:
            playing.play(moment)
        found.append(_matters(db.session()))
        raise RuntimeError


def _matters(session: Session) -> list[tuple[object, ...]]:
    rows = session.execute(
        select(Ticket.number, Ticket.state, Ticket.subject, Ticket.due_at).order_by(Ticket.id)
    )
    return [tuple(row) for row in rows]


def test_a_hotline_that_has_begun_is_left_alone(session: Session, app: Flask) -> None:
    matter = Intake(channel=Channel.LETTER, narrative="三个月没发工资")
    receive(session, matter, actor=people.ADMIN, now=NOW)
    session.commit()
    with pytest.raises(GuardFailed), history.playing(planned(app)):
        pass


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)  # the people, not the engine
def test_in_production_nobody_can_sign_in(app: Flask) -> None:
    with history.playing(planned(app, sign_in=False)):
        pass
    assert staff_queries.by_login(db.session(), "operator").password_hash is None


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_command_tells_what_it_wrote_and_refuses_a_second_time(app: Flask) -> None:
    runner = app.test_cli_runner()
    asked = ["demo", "seed", "--days", "1", "--calls-per-day", "3"]
    first = runner.invoke(args=asked)
    assert first.exit_code == 0, first.output
    assert re.search(r"1 days: \d+ calls, \d+ SMS, \d+ tickets", first.output)
    second = runner.invoke(args=asked)
    assert second.exit_code == 1
    assert second.stderr.count("\n") == 1


def test_the_table_of_logins_names_each_role(app: Flask) -> None:
    named = {login.role for login in DEMO_LOGINS}
    assert named == set(Role) - {Role.SYSTEM}
