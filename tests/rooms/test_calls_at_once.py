"""The same news told by several at the same moment has one effect."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback, CallbackCall
from hotline.calls import directory, inviting
from hotline.calls.events import Told
from hotline.calls.models import Call, CallLeg
from hotline.calls.states import EndState
from hotline.core.db import db, transaction
from hotline.core.errors import GuardFailed
from hotline.core.inbox import InboxEvent
from hotline.workers.models import Worker
from tests.people import Staff
from tests.rooms.telling import at, count, hung_up_in_queue, take, told

TELLERS = 6


def at_the_same_moment(app: Flask, act: Callable[[], object]) -> None:
    """Let several threads do the same and have all of them succeed."""
    start, failures = threading.Barrier(TELLERS), []

    def run() -> None:
        with app.app_context():
            start.wait()
            try:
                act()
            except Exception as error:  # noqa: BLE001 - the test shows whatever it was
                failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(TELLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_cap_is_not_passed_by_several_at_once(
    app: Flask, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "A_DAY", 2)
    people = [staff.operator, staff.second_operator, staff.supervisor]
    askers = iter([person.id for person in people for _twice in range(TELLERS // len(people))])
    calls = iter(range(TELLERS))
    for number in range(TELLERS):
        transaction(lambda session, n=number: take(session, told("voice", 0, CallSid=f"CA{n}")))
    refused: list[str] = []

    def ask() -> None:
        sid, asker = f"CA{next(calls)}", next(askers)

        def work(session: Session) -> None:
            call = session.scalars(select(Call).where(Call.provider_sid == sid)).one()
            party = directory.find(session, "helpline:12348")
            inviting.invite(session, call, party, asker, now=at(20))

        try:
            transaction(work)
        except GuardFailed as full:
            refused.append(full.guard)

    at_the_same_moment(app, ask)
    assert refused == ["lines-a-day"] * (TELLERS - 2)
    assert count(db.session(), CallLeg) == 2


def test_one_call_one_worker_one_debt(app: Flask) -> None:
    answers = set()

    def tell(event: Told) -> None:
        answers.add((event.key, transaction(lambda session: take(session, event))))

    for event in hung_up_in_queue(20):
        at_the_same_moment(app, lambda event=event: tell(event))
    session = db.session()
    session.rollback()
    assert session.scalars(select(Call)).one().end_state is EndState.ABANDONED_QUEUE
    for table in (Worker, Callback, CallbackCall):
        assert count(session, table) == 1
    assert count(session, InboxEvent) == 2  # the queue's end and the line's
    assert len(answers) == len(hung_up_in_queue(20))
