"""A closed period is frozen and signed; whatever changes afterwards is a restatement (R51)."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hotline.bulletins import changes, content, jobs, queries, service
from hotline.bulletins.models import Bulletin
from hotline.bulletins.periods import Period, PeriodKind, of
from hotline.bulletins.snapshot import snapshot
from hotline.core.audit import AuditEntry
from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.core.roles import Actor, Role
from hotline.rates import jobs as rates
from hotline.rates.questions import Question
from hotline.tickets.models import Outcome, Ticket
from hotline.tickets.states import State
from tests.rooms.counted_rows import (
    DAY,
    NOW,
    answer,
    boss,
    receive,
    ring,
    roll_up,
    score,
    settle,
    write,
)

OCTOBER = of(PeriodKind.MONTH, dt.date(2026, 10, 9))
THEN = dt.datetime(2026, 10, 20, 4, tzinfo=dt.UTC)
HANDLER = Actor(2, "handler", frozenset({Role.HANDLER}), 3, "/1/3/")
LEAD = Actor(3, "lead", frozenset({Role.SUPERVISOR}), 3, "/1/3/")


def some_october(session: Session) -> Ticket:
    """Let a call be answered, a ticket settled and another stay open, in October."""
    answer(session, received_at=THEN)
    ring(session, received_at=THEN)
    receive(session, received_at=THEN, due_at=THEN + DAY, due_original=THEN + DAY)
    ticket = receive(session, received_at=THEN, due_at=THEN + DAY, due_original=THEN + DAY)
    settle(session, ticket, at=THEN)
    roll_up(session)
    return ticket


def test_what_was_published_stays_and_what_changed_is_restated(session: Session) -> None:
    """R51: the numbers stay; a later answer is named as the cause, with a person's reason."""
    ticket = some_october(session)
    first = service.freeze(session, OCTOBER, actor=boss(), now=NOW)
    again = service.freeze(session, OCTOBER, actor=boss(), now=NOW + DAY)
    assert again is first
    with pytest.raises(GuardFailed):
        service.restate(session, OCTOBER, "评价晚到", actor=boss(), now=NOW)

    score(session, ticket, 2)
    write(session, ticket, at=NOW + DAY, action="survey_satisfied", detail={"score": 2})
    ticket.touched_at = NOW + DAY
    roll_up(session)
    assert queries.opened(first).rates["V4"].printed == "–"
    with pytest.raises(Invalid):
        service.restate(session, OCTOBER, " ", actor=boss(), now=NOW)
    second = service.restate(session, OCTOBER, "评价晚到", actor=boss(), now=NOW + 2 * DAY)

    assert (second.edition, second.reason, second.previous) == (2, "评价晚到", first.hash)
    told = queries.said(second)["restates"]
    assert {"code": "V4", "before": [0, 0, "–"], "after": [1, 1, "100%"]} in told["changes"]
    assert told["causes"] == [{"code": "answered_late", "n": 1}]
    assert queries.newest(session, OCTOBER) is second
    assert [one.edition for one in queries.editions(session, OCTOBER)] == [1, 2]
    assert [one.id for one in queries.page(session).items] == [second.id]
    acts = session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["bulletin.freeze", "bulletin.restate"]


def test_a_snapshot_comes_back_from_its_text_as_it_was(session: Session) -> None:
    some_october(session)
    asked = Question(OCTOBER.first, OCTOBER.last, soon=20)
    live = snapshot(session, boss(), asked, now=NOW)
    kept = content.read(json.loads(content.text(content.written(live))))
    assert content.written(kept) == content.written(live)
    assert changes.changes(kept, live) == []
    assert kept.rates["C1"].printed == live.rates["C1"].printed == "100%"
    assert kept.parts["unit"][0].rates[0].metric.code == "C1"
    assert kept.versions == live.versions
    assert kept.versions.confirmed_until == dt.date(2026, 12, 31)


def test_each_later_event_names_its_cause(session: Session) -> None:
    ticket = some_october(session)
    since = NOW
    for action in ("reopen", "dispatch", "sign", "approve"):
        write(session, ticket, at=NOW + DAY, action=action)
    write(session, ticket, at=NOW + DAY, kind="deadline")
    write(session, ticket, at=NOW - DAY, kind="edit")
    ring(session, received_at=THEN, heard_at=NOW + DAY)
    ticket.touched_at = NOW + DAY
    session.flush()
    found = {one.code: one.n for one in changes.causes(session, OCTOBER, since)}
    assert found == {
        "reopened": 1, "ordered": 2, "settled_late": 1, "deadline": 1, "calls_found": 1,
    }  # fmt: skip


def test_only_who_leads_the_whole_publishes_and_only_what_is_over(session: Session) -> None:
    some_october(session)
    for actor in (HANDLER, LEAD):
        with pytest.raises(Forbidden):
            service.freeze(session, OCTOBER, actor=actor, now=NOW)
    november = of(PeriodKind.MONTH, NOW.date())
    with pytest.raises(GuardFailed) as caught:
        service.freeze(session, november, actor=boss(), now=NOW)
    assert caught.value.guard == "over"
    with pytest.raises(GuardFailed) as caught:
        service.restate(session, OCTOBER, "评价晚到", actor=boss(), now=NOW)
    assert caught.value.guard == "published"


def test_the_clock_freezes_each_closed_period_once(session: Session) -> None:
    def begin(session: Session) -> None:
        receive(session, received_at=NOW - 3 * DAY)
        rates.roll_up(session, now=NOW - 2 * DAY)

    transaction(begin)
    assert jobs.freeze_closed(transaction, now=NOW) == 1  # the 20th alone is counted to its end
    transaction(lambda session: rates.roll_up(session, now=NOW))
    assert jobs.freeze_closed(transaction, now=NOW) == 2
    while jobs.freeze_closed(transaction, now=NOW):
        pass
    made = session.execute(sa.select(Bulletin.kind, Bulletin.first, Bulletin.by)).all()
    days = [dt.date(2026, 11, 20 + n) for n in range(3)]
    assert sorted(made) == [
        *((PeriodKind.DAY, day, "clock:freeze@1") for day in days),
    ]


@pytest.mark.parametrize("change", ["UPDATE bulletin SET content = '{}'", "DELETE FROM bulletin"])
def test_the_database_refuses_to_change_what_was_published(session: Session, change: str) -> None:
    some_october(session)
    service.freeze(session, OCTOBER, actor=boss(), now=NOW)
    with pytest.raises(sa.exc.DBAPIError, match="only ever added"):
        session.execute(sa.text(change))
    session.rollback()


def test_a_settled_ticket_does_not_change_last_months_page(session: Session) -> None:
    some_october(session)
    frozen = service.freeze(session, OCTOBER, actor=boss(), now=NOW)
    opened = session.scalars(sa.select(Ticket).where(Ticket.state == State.RECEIVED)).one()
    settle(session, opened, at=NOW + DAY, outcome=Outcome.SOLVED)
    roll_up(session)
    live = snapshot(session, boss(), Question(OCTOBER.first, OCTOBER.last), now=NOW)
    assert (queries.opened(frozen).rates["T2"].printed, live.rates["T2"].printed) == (
        "50.00%", "100%",
    )  # fmt: skip


def test_periods_follow_the_calendar() -> None:
    assert of(PeriodKind.WEEK, dt.date(2026, 11, 22)) == Period(
        PeriodKind.WEEK, dt.date(2026, 11, 16), dt.date(2026, 11, 22)
    )
    assert OCTOBER.before.last == dt.date(2026, 9, 30)
    assert OCTOBER.year_before.first == dt.date(2025, 10, 1)
    assert of(PeriodKind.WEEK, dt.date(2026, 11, 22)).year_before.first.weekday() == 0
    assert of(PeriodKind.YEAR, dt.date(2028, 2, 29)).year_before.last == dt.date(2027, 12, 31)
