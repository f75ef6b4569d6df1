"""The rollup is the rows: after any history, in any order, on both engines."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.callbacks import service as callbacks
from hotline.calls.models import Call, CallEvent
from hotline.calls.states import EndState
from hotline.core import journal
from hotline.core.db import transaction
from hotline.rates import evidence, jobs
from hotline.rates.fact import LIMITS
from hotline.rates.facts import FACTS, LIMITED
from hotline.rates.groups import total
from hotline.rates.models import DailyCount, DailyCut
from hotline.rates.questions import Question
from hotline.tickets.models import Outcome, Ticket
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import State
from hotline.workers.models import Worker
from tests.proofs import WHOLE, count
from tests.rooms import plain_calls, plain_facts
from tests.rooms.counted_rows import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    TODAY,
    answer,
    ask,
    boss,
    counted,
    numbers_of,
    plainly,
    receive,
    ring,
    roll_up,
    settle,
    write,
)
from tests.rooms.histories import HISTORY, STEPS


def test_a_ticket_that_moves_leaves_its_old_days(session: Session) -> None:
    ticket = settle(session, receive(session), at=NOW - 2 * DAY)
    roll_up(session)
    ticket.due_at = ticket.due_original = NOW + 9 * DAY
    ticket.state, ticket.outcome, ticket.resolved_at = State.RECEIVED, None, None
    write(session, ticket)
    roll_up(session)
    assert counted(session) == plainly(session)


def test_a_merge_moves_the_deadline_of_the_other_ticket_too(session: Session) -> None:
    ticket, target = receive(session), receive(session, due_at=NOW + 5 * DAY)
    roll_up(session)
    ticket.state, ticket.merged_into_id = State.MERGED, target.id
    target.due_at = ticket.due_at
    write(session, ticket)  # the other ticket has no entry of its own
    roll_up(session)
    assert counted(session) == plainly(session)
    ticket.state, ticket.merged_into_id = State.RECEIVED, None
    target.due_at = NOW + 5 * DAY
    write(session, ticket)
    roll_up(session)
    assert counted(session) == plainly(session)


def test_a_debt_is_taken_back_where_it_stood_when_its_call_ended_the_day_before_after_all(
    session: Session,
) -> None:
    midnight = NOW.replace(hour=16)  # in Hohhot
    hidden = Worker(language="zh", created_at=NOW)
    session.add(hidden)
    session.flush()
    given = {"received_at": midnight - HOUR, "queued_at": midnight - HOUR, "worker_id": hidden.id}
    call = ring(session, EndState.ABANDONED_QUEUE, ended_at=midnight + MINUTE, **given)
    callbacks.heed(session, call, now=midnight + MINUTE)
    roll_up(session)
    assert [key[1] for key in counted(session) if key[0] == "callbacks_owed"] == [TODAY + DAY]
    call.ended_at, call.answered_at, call.end_state = (
        midnight - MINUTE, midnight - 2 * MINUTE, EndState.ANSWERED,
    )  # fmt: skip
    callbacks.heed(session, call, now=midnight + 2 * MINUTE)
    session.add(CallEvent(call_id=call.id, at=NOW, kind="answered"))
    session.flush()
    roll_up(session)
    assert counted(session) == plainly(session)


def test_a_rollup_begun_afresh_goes_on_from_there(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "LOOK_BACK", 3)
    tickets = [receive(session) for _ in range(5)]
    jobs.start_afresh(session, now=NOW)
    jobs.recount(session, now=NOW)
    assert jobs.roll_up(session, now=NOW) == 0
    tickets[0].due_at = NOW + 9 * DAY
    write(session, tickets[0])
    roll_up(session)
    assert counted(session) == plainly(session)


def test_the_clock_keeps_up_with_a_backlog_in_one_go(session: Session) -> None:
    def receive_many(session: Session) -> None:
        for ticket in [receive(session) for _ in range(3)]:
            for _ in range(80):
                write(session, ticket)

    transaction(receive_many)
    assert jobs.keep_up(transaction, lambda: NOW) == 243
    assert jobs.keep_up(transaction, lambda: NOW) == 0
    assert counted(session) == plainly(session)


def test_an_entry_that_commits_late_is_still_read(session: Session) -> None:
    ticket, other = receive(session), receive(session)
    roll_up(session)
    first = write(session, ticket)
    gap = first.id + 1
    late = TicketEvent(
        id=first.id + 2, ticket_id=other.id, at=NOW, kind=EventKind.NOTE, actor_name="test@1"
    )
    session.add(late)
    session.flush()
    roll_up(session)
    settle_quietly(session, ticket)
    session.add(
        TicketEvent(id=gap, ticket_id=ticket.id, at=NOW, kind=EventKind.NOTE, actor_name="test@1")
    )
    session.flush()
    assert numbers_of(ask(session, "T2")) == (1, 2)


def settle_quietly(session: Session, ticket: Ticket) -> None:
    session.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id)
        .values(state=State.RESOLVED, outcome=Outcome.SOLVED, resolved_at=NOW)
    )


def test_a_long_backlog_is_read_in_turns_and_then_never_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 4)
    monkeypatch.setattr(journal, "LOOK_BACK", 6)
    for _ in range(15):
        receive(session)
    turns = []
    while read := jobs.roll_up(session, now=NOW):
        session.flush()
        turns.append(read)
    assert turns == [4, 4, 4, 3]
    assert counted(session) == plainly(session)
    assert jobs.roll_up(session, now=NOW) == 0


def test_a_recount_finds_what_is_wrong_and_mends_it(session: Session) -> None:
    settle(session, receive(session))
    answer(session)
    roll_up(session)
    assert jobs.recount(session, now=NOW) == []
    session.execute(update(DailyCount).where(DailyCount.fact == "settled").values(n=41))
    cut = DailyCut.fact == "calls_queued", DailyCut.way == "hour"
    session.execute(update(DailyCut).where(*cut).values(n=7))
    session.add(
        DailyCount(fact="received", day=TODAY - 40 * DAY, unit_id=1, region_code="",
                   category_code="", channel="sms", n=3)
    )  # fmt: skip
    session.flush()
    found = jobs.recount(session, now=NOW, mend=False)
    assert {(one.key.fact, one.stored, one.counted) for one in found} == {
        ("settled", 41, 1),
        ("received", 3, 0),
        ("calls_queued", 7, 1),
    }
    assert jobs.recount(session, TODAY, TODAY, now=NOW, mend=False) == [
        one for one in found if one.day == TODAY
    ]
    jobs.recount(session, now=NOW)
    assert jobs.recount(session, now=NOW) == []
    assert counted(session) == plainly(session)


@pytest.mark.proof
@settings(
    max_examples=count(30, 300),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_after_any_history_the_rollup_is_the_rows(
    session: Session, staff: object, data: st.DataObject
) -> None:
    try:
        for step in data.draw(st.lists(st.sampled_from(STEPS), min_size=4, max_size=25)):
            HISTORY[step](session, data)
            if data.draw(st.booleans()):
                roll_up(session)
                if WHOLE:
                    _agree(session)
        roll_up(session)
        expected = _agree(session)
        _check_rows(session, data, expected)
    finally:
        session.rollback()


def _agree(session: Session) -> plain_facts.Counts:
    """Hold the rollup against the plain count of all rows there are now, and against a recount."""
    expected = plainly(session)
    assert counted(session) == expected
    assert jobs.recount(session, now=NOW) == []
    return expected


def _check_rows(session: Session, data: st.DataObject, expected: plain_facts.Counts) -> None:
    """Hold one fact's list of rows against the plain count, and one with any limit."""
    name = data.draw(st.sampled_from([n for n, fact in FACTS.items() if fact.measure is None]))
    span = Question(TODAY - 90 * DAY, TODAY + 90 * DAY)
    rows = evidence.rows(session, boss(), FACTS[name], span, limit=500).items
    assert len(rows) == sum(n for key, n in expected.items() if key[0] == name)
    limit = data.draw(st.sampled_from(LIMITS))
    name, test = data.draw(st.sampled_from(sorted(plain_calls.LIMITED.items())))
    asked = replace(span, soon=limit, short=limit)
    rows = evidence.rows(session, boss(), LIMITED[name], asked, limit=500).items
    counts = total(session, boss(), asked, LIMITED[name].needs)
    calls = session.scalars(select(Call).where(Call.direction == "inbound"))
    same = {len(rows), LIMITED[name].made(counts, limit), sum(test(call, limit) for call in calls)}
    assert len(same) == 1, (name, limit, same)
