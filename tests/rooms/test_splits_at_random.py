"""A split is undone exactly by merging it back, whatever was said in either half meanwhile."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from hotline.core.roles import Actor
from hotline.tickets import casework, demands, queries, service, splitting
from hotline.tickets.intake import Intake
from hotline.tickets.models import Channel, Ticket
from hotline.tickets.records import EventKind
from hotline.tickets.states import Action
from hotline.workers import service as workers
from tests.matters import CLASSIFIED, MONDAY, WORKER
from tests.people import Staff
from tests.proofs import count

LINES = ("补发工资", "补缴社保", "开离职证明", "退还押金", "支付加班费")
some_demands = st.integers(2, len(LINES)).flatmap(
    lambda total: st.tuples(
        st.just(total), st.sets(st.integers(0, total - 1), min_size=1, max_size=total - 1)
    )
)


def begun(session: Session, staff: Staff, total: int, *, signed: bool) -> Ticket:
    """Take a matter of so many demands down; nothing is committed."""
    worker = workers.identify(session, WORKER, MONDAY)
    matter = Intake(
        channel=Channel.CALL, narrative="演示工地欠薪", worker_id=worker.id, **CLASSIFIED
    )
    receipt = service.receive(session, matter, actor=staff.operator, now=MONDAY)
    ticket = session.get_one(Ticket, receipt.id)
    for line in LINES[:total]:
        demands.add(session, ticket, line, actor=staff.operator, now=MONDAY)
    if signed:
        act(session, ticket, Action.DISPATCH, staff.dispatcher, MONDAY, unit="150102")
        act(session, ticket, Action.SIGN, staff.handler, MONDAY)
    session.flush()
    return ticket


def act(
    session: Session, ticket: Ticket, action: Action, by: Actor, now: dt.datetime, **fields: str
) -> None:
    service.perform(session, ticket, action, fields, actor=by, now=now)


def asked(session: Session, *tickets: Ticket) -> set[str]:
    """Return what these tickets ask for; nothing is asked for twice."""
    lines = [each.text for ticket in tickets for each in demands.of(session, ticket.id)]
    assert len(lines) == len(set(lines))
    return set(lines)


def notes(session: Session, staff: Staff, ticket: Ticket) -> set[str | None]:
    session.flush()
    story = queries.story(session, staff.supervisor, ticket)
    return {each.note for each in story.events if each.kind is EventKind.NOTE}


@pytest.mark.proof
@settings(max_examples=count(8, 1_000), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=some_demands,
    signed=st.booleans(),
    hours=st.integers(0, 400),
    said=st.tuples(st.booleans(), st.booleans()),
)
def test_a_split_is_undone_exactly_by_merging_it_back(
    session: Session,
    staff: Staff,
    chosen: tuple[int, set[int]],
    *,
    signed: bool,
    hours: int,
    said: tuple[bool, bool],
) -> None:
    session.rollback()
    total, going = chosen
    old = begun(session, staff, total, signed=signed)
    due, now = old.due_at, MONDAY + dt.timedelta(hours=hours)
    ids = [each.id for each in demands.of(session, old.id)]
    by = {"actor": staff.operator, "now": now}
    new = splitting.split(session, old, [ids[place] for place in going], **by)
    assert asked(session, new) == {LINES[place] for place in going}
    assert asked(session, old, new) == set(LINES[:total])
    assert old.due_at == due
    assert now > due or new.due_at <= due, "a split buys no time"
    own = new.due_at
    for half, speaks, words in zip((old, new), said, ("旧单备注", "新单备注"), strict=True):
        if speaks:
            casework.add_note(session, half, words, **by)
    act(session, new, Action.MERGE, staff.dispatcher, now, target=old.number)
    both = {words for words, speaks in zip(("旧单备注", "新单备注"), said, strict=True) if speaks}
    assert notes(session, staff, old) == both
    act(session, new, Action.UNMERGE, staff.dispatcher, now)
    assert (old.due_at, new.due_at) == (due, own)
    assert asked(session, old, new) == set(LINES[:total])
    assert notes(session, staff, new) == both - {"旧单备注"}
    session.rollback()
