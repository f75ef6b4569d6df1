"""Before rules change: what is foretold is what counting again gives."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid, Stale
from hotline.core.roles import Actor, Role
from hotline.deadlines import queries, revising, service
from hotline.messages.models import DeskNotice
from hotline.sla import provisional, what_if
from hotline.staff import service as people
from hotline.tickets import clocks
from hotline.tickets.intake import CENTRE_ID
from hotline.tickets.models import Ticket
from hotline.tickets.states import Action
from tests import matters
from tests.matters import MONDAY, RESULT
from tests.people import ADMIN, Staff

DAY = dt.timedelta(days=1)
DECEMBER = dt.datetime(2026, 12, 15, 2, tzinfo=dt.UTC)  # a Tuesday, 10:00 in Hohhot
NOTICE = [
    {"day": "2027-01-01", "until": "2027-01-03", "kind": "holiday", "name": "元旦", "source": "文"},
    {"day": "2027-01-05", "until": "", "kind": "holiday", "name": "元旦", "source": "文"},
]
HARD = {"category_code": "C3"}
STRICTER = {
    "sign": "4wh", "first_contact": "1wd", "finish": "3wd", "review": "1wd", "reply": "5wd",
    "start": "next_day", "valid_from": "2026-11-24", "why": "试行",
}  # fmt: skip
SEEN = {"actor": ADMIN, "now": MONDAY, "today": MONDAY.date(), "seen": 1}


def ticket(session: Session, ticket_id: int) -> Ticket:
    """Return a ticket as it was committed."""
    session.rollback()
    return session.get_one(Ticket, ticket_id, populate_existing=True)


def waits(ticket_id: int, staff: Staff, since: dt.datetime, until: dt.datetime) -> None:
    """Let a matter wait for its caller."""
    matters.act(ticket_id, (Action.ASK_CALLER, staff.handler, {"missing": "合同"}), now=since)
    matters.act(ticket_id, (Action.CALLER_REPLIED, staff.handler, {}), now=until)


def test_what_a_calendar_would_move_is_what_it_moves(session: Session, staff: Staff) -> None:
    """R38: provisional, told to the administrator, counted again with a change list."""
    plain, _ = matters.in_progress(staff, now=DECEMBER, **HARD)
    paused, _ = matters.in_progress(staff, now=DECEMBER, **HARD)
    waits(paused, staff, DECEMBER + DAY, DECEMBER + 3 * DAY)
    matters.in_progress(staff, now=DECEMBER)  # five days: due in the year that is known
    before = {each: ticket(session, each).due_at for each in (plain, paused)}
    proposed = service.propose(session, "2027.csv", NOTICE, actor=ADMIN, now=DECEMBER)
    session.commit()
    policy = what_if.with_import(session, proposed)
    foretold = what_if.of_calendar(session, policy, None, 10)
    assert (foretold.concerned, foretold.earlier, foretold.later) == (2, 0, 2)
    assert {move.ticket_id: move.before for move in foretold.page.items} == before
    first = what_if.of_calendar(session, policy, None, 1).page
    rest = what_if.of_calendar(session, policy, first.next, 1).page
    assert (*first.items, *rest.items) == tuple(foretold.page.items)
    assert rest.next is None

    def save(session: Session) -> None:
        kept = queries.calendar_import(session, proposed.id)
        service.take_in(session, kept, actor=ADMIN, now=DECEMBER)

    transaction(save)
    assert provisional.count_again(transaction, now=DECEMBER) == 2
    after = {each: ticket(session, each).due_at for each in (plain, paused)}
    assert {move.ticket_id: move.after for move in foretold.page.items} == after
    changes = what_if.moved(session, proposed.id, None, 10).items
    assert {(move.ticket_id, move.before, move.after) for move in changes} == {
        (each, before[each], after[each]) for each in (plain, paused)
    }
    assert not ticket(session, plain).due_provisional
    with pytest.raises(GuardFailed):
        transaction(save)


def test_what_a_version_would_give_is_what_it_gives(session: Session, staff: Staff) -> None:
    """R43: a version begins tomorrow; who came before keeps the one they were born with."""
    old, _ = matters.in_progress(staff, category_code="B1")
    new, _ = matters.in_progress(staff, category_code="B1", now=MONDAY + DAY)
    for each in (old, new):
        waits(each, staff, MONDAY + DAY, MONDAY + 2 * DAY)
    was = ticket(session, old).due_at
    present = queries.versions(session, "complaint")[0]
    policy = what_if.with_class(session, revising.draft(present, STRICTER, today=MONDAY.date()))
    foretold = what_if.of_class(session, "complaint", policy, None, 10)
    moves = {move.ticket_id: move.after for move in foretold.page.items}
    assert (foretold.earlier, moves[old]) == (2, was - 4 * DAY)  # 2 wd, across a weekend
    transaction(lambda session: revising.save(session, "complaint", STRICTER, **SEEN))

    def recount(session: Session, ticket_id: int) -> tuple[Any, ...]:
        kept = session.get_one(Ticket, ticket_id)
        clocks.wind(session, kept)
        return kept.due_at, clocks.rules(session, kept).version

    assert transaction(lambda session: recount(session, old)) == (was, 1)
    assert transaction(lambda session: recount(session, new)) == (moves[new], 2)


def test_the_rate_of_a_span_is_counted_by_both_rules(session: Session, staff: Staff) -> None:
    for days in (2, 6):  # done within the five days of a complaint, and only within three
        ticket_id, _ = matters.in_progress(staff, category_code="B1")
        matters.act(
            ticket_id,
            (Action.SUBMIT_RESULT, staff.handler, RESULT),
            (Action.APPROVE, staff.reviewer, {}),
            now=MONDAY + days * DAY,
        )
    matters.in_progress(staff, category_code="B1")  # open and late by now
    now = MONDAY + 30 * DAY
    present = queries.versions(session, "complaint")[0]
    policy = what_if.with_class(session, revising.draft(present, STRICTER, today=MONDAY.date()))
    found = what_if.on_time(session, policy, what_if.last_days(now), code="complaint", now=now)
    assert (found.total, found.present, found.proposed) == (3, 2, 1)
    same = what_if.on_time(
        session, queries.policy(session), what_if.last_days(now), code=None, now=now
    )
    assert same.present == same.proposed == 2
    assert what_if.last_quarter(MONDAY) == (dt.date(2026, 7, 1), dt.date(2026, 10, 1))
    assert what_if.last_quarter(MONDAY + 60 * DAY) == (dt.date(2026, 10, 1), dt.date(2027, 1, 1))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"finish": "3 days"}, "finish"),
        ({"sign": ""}, "sign"),
        ({"start": "later"}, "start"),
        ({"valid_from": "2026-11-23"}, "valid_from"),  # today's matters have been promised
        ({"valid_from": "soon"}, "valid_from"),
        ({"finish": "5wd", "sign": "1wd"}, "finish"),  # nothing differs
        ({"why": " "}, "why"),
    ],
)
def test_a_version_that_cannot_be_is_refused(
    session: Session, given: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        revising.save(session, "complaint", STRICTER | given, **SEEN)
    assert list(refused.value.errors) == [field]


def test_versions_follow_each_other_and_nobody_overwrites_another(session: Session) -> None:
    revising.save(session, "complaint", STRICTER, **SEEN)
    with pytest.raises(Stale):
        revising.save(session, "complaint", STRICTER | {"finish": "2wd"}, **SEEN)
    lead = Actor(1, "lead", frozenset({Role.SUPERVISOR}))
    with pytest.raises(Forbidden):
        revising.save(session, "complaint", STRICTER, **(SEEN | {"actor": lead, "seen": 2}))
    older = queries.versions(session, "complaint")
    assert [(row.version, row.valid_to) for row in older] == [(2, None), (1, MONDAY.date())]
    assert revising.changes(older[1], older[0]) == {
        "sign": ("1wd", "4wh"),
        "finish": ("5wd", "3wd"),
    }


def test_a_library_doubts_a_slip_of_the_pen(session: Session) -> None:
    slip = {"day": "2026-02-14", "kind": "rest", "name": "", "source": "通知"}
    assert dt.date(2026, 2, 14) in [each.day for each in service.second_opinion([slip])]
    assert not service.second_opinion(NOTICE), "2027 is not in the library"
    known = [
        {"day": f"{row.day}", "kind": row.kind, "name": row.name or "", "source": row.source}
        for row in queries.days(session, dt.date(2025, 1, 1), dt.date(2026, 12, 31))
    ]
    assert service.second_opinion(known) == []


def test_administrators_hear_once_a_month_that_a_year_is_missing(
    session: Session, staff: Staff
) -> None:
    people.add(
        session, login="admin1", roles=[Role.ADMIN], unit_id=CENTRE_ID, actor=ADMIN, now=MONDAY
    )
    session.commit()
    assert provisional.alarm_unannounced(transaction, now=DECEMBER) == 0
    matters.in_progress(staff, now=DECEMBER, **HARD)
    for moment in (DECEMBER, DECEMBER + DAY, DECEMBER + 30 * DAY):
        provisional.alarm_unannounced(transaction, now=moment)
    session.rollback()
    kinds = session.scalars(select(DeskNotice.kind).where(DeskNotice.kind == "calendar")).all()
    assert len(kinds) == 2
