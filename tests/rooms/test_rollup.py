"""The rollup is the rows: after any history, in any order, on both engines."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.calls.models import Call, CallEvent
from hotline.calls.states import CallState, EndState
from hotline.core import journal
from hotline.core.db import transaction
from hotline.rates import evidence, jobs
from hotline.rates.facts import FACTS
from hotline.rates.models import DailyCount
from hotline.rates.questions import Question
from hotline.tickets.models import Channel, Outcome, Ticket
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import SETTLED, State
from hotline.units import queries as units
from tests.proofs import count
from tests.rooms import plain_facts
from tests.rooms.counted_rows import (
    DAY,
    HOUR,
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
    score,
    settle,
    spare,
    write,
)


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
    session.add(
        DailyCount(fact="received", day=TODAY - 40 * DAY, unit_id=1, region_code="",
                   category_code="", channel="sms", n=3)
    )  # fmt: skip
    session.flush()
    found = jobs.recount(session, now=NOW, mend=False)
    assert {(one.key.fact, one.stored, one.counted) for one in found} == {
        ("settled", 41, 1),
        ("received", 3, 0),
    }
    assert jobs.recount(session, TODAY, TODAY, now=NOW, mend=False) == [
        one for one in found if one.day == TODAY
    ]
    jobs.recount(session, now=NOW)
    assert jobs.recount(session, now=NOW) == []
    assert counted(session) == plainly(session)


HOURS = st.integers(-80, 80).map(lambda hours: NOW + hours * HOUR)
UNITS = st.sampled_from(["hotline", "15", "1501", "150102", "150202"])
ANYWHERE = {
    "region_code": st.sampled_from([None, "150102", "150202"]),
    "category_code": st.sampled_from([None, "A1", "B1"]),
}
STATES = st.sampled_from(
    [
        State.RECEIVED,
        State.DISPATCHED,
        State.RETURN_REVIEW,
        State.VOIDED,
        State.MERGED,
        State.RESOLVED,
        State.APPRAISAL_REVIEW,
        State.SURVEYED,
        State.ARCHIVED,
    ]
)
STEPS = ("receive", "move", "score", "place", "deadline", "ring", "end")


@pytest.mark.proof
@settings(
    max_examples=count(30, 300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_after_any_history_the_rollup_is_the_rows(session: Session, data: st.DataObject) -> None:
    try:
        for step in data.draw(st.lists(st.sampled_from(STEPS), min_size=4, max_size=25)):
            HISTORY[step](session, data)
            if data.draw(st.booleans()):
                _rolls_up(session, data)
        roll_up(session)
        expected = plainly(session)
        assert counted(session) == expected
        assert jobs.recount(session, now=NOW) == []
        _check_rows(session, data, expected)
    finally:
        session.rollback()


def _check_rows(session: Session, data: st.DataObject, expected: plain_facts.Counts) -> None:
    """Hold one fact's list of rows against the plain count."""
    name = data.draw(st.sampled_from(sorted(FACTS)))
    span = Question(TODAY - 90 * DAY, TODAY + 90 * DAY)
    rows = evidence.rows(session, boss(), FACTS[name], span, limit=500).items
    assert len(rows) == sum(n for key, n in expected.items() if key[0] == name)


def _some(session: Session, data: st.DataObject, model: type[Any]) -> Any:
    rows = session.scalars(select(model).order_by(model.id)).all()
    return data.draw(st.sampled_from(rows)) if rows else None


def _receives(session: Session, data: st.DataObject) -> None:
    given = {name: data.draw(values) for name, values in ANYWHERE.items()}
    moments = {name: data.draw(HOURS) for name in ("received_at", "due_at", "due_original")}
    receive(
        session,
        unit=data.draw(UNITS),
        channel=data.draw(st.sampled_from(Channel)),
        anonymous=data.draw(st.booleans()),
        confidential_level=data.draw(st.sampled_from([None, 0, 3])),
        **given,
        **moments,
    )


def _moves(session: Session, data: st.DataObject) -> None:
    ticket = _some(session, data, Ticket)
    if ticket is None:
        return
    state, at = data.draw(STATES), data.draw(HOURS)
    settled = state in SETTLED
    if ticket.state in SETTLED and not settled:
        ticket.cycle += 1
        ticket.survey_outcome = None
    ticket.state = state
    ticket.outcome = Outcome.SOLVED if settled else None
    ticket.resolved_at = (ticket.resolved_at or at) if settled else None
    ticket.archived_at = at if state is State.ARCHIVED else None
    ticket.merged_into_id = ticket.id if state is State.MERGED else None
    write(session, ticket)


def _scores(session: Session, data: st.DataObject) -> None:
    ticket = _some(session, data, Ticket)
    if ticket is None or ticket.survey_outcome or ticket.state not in SETTLED:
        return
    points = data.draw(st.integers(0, 5))
    if points:
        score(session, ticket, points)
    else:
        spare(session, ticket, data.draw(st.sampled_from(["crisis", "opted_out", "level_3"])))


def _places(session: Session, data: st.DataObject) -> None:
    ticket = _some(session, data, Ticket)
    if ticket is not None:
        ticket.unit_id = units.unit(session, data.draw(UNITS)).id
        for name, values in ANYWHERE.items():
            setattr(ticket, name, data.draw(values))
        write(session, ticket)


def _moves_deadline(session: Session, data: st.DataObject) -> None:
    ticket = _some(session, data, Ticket)
    if ticket is not None:
        ticket.due_at = data.draw(HOURS)
        if data.draw(st.booleans()):  # classified at last
            ticket.due_original = ticket.due_at
        write(session, ticket)


def _rings(session: Session, data: st.DataObject) -> None:
    at = data.draw(HOURS)
    ring(session, received_at=at, queued_at=data.draw(st.sampled_from([None, at])))


def _ends(session: Session, data: st.DataObject) -> None:
    call = _some(session, data, Call)
    if call is None or call.end_state:
        return
    end = data.draw(st.sampled_from(EndState))
    call.state, call.end_state, call.ended_at = CallState.ENDED, end, NOW
    call.answered_at = NOW if end is EndState.ANSWERED else None
    call.waited_ms = data.draw(st.integers(0, 30_000))
    session.add(CallEvent(call_id=call.id, at=NOW, kind="ended"))
    session.flush()


def _rolls_up(session: Session, _data: st.DataObject) -> None:
    jobs.roll_up(session, now=NOW)
    session.flush()


HISTORY = dict(
    zip(
        STEPS,
        (_receives, _moves, _scores, _places, _moves_deadline, _rings, _ends),
        strict=True,
    )
)
