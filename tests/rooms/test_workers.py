"""Workers: known again by number, their wishes kept, their numbers revealed for a reason."""

import datetime as dt
import threading

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from hotline.core.audit import AuditEntry
from hotline.core.db import transaction
from hotline.core.errors import Forbidden, GuardFailed, Invalid, NotFound
from hotline.core.roles import Actor, Role
from hotline.workers import queries, service
from hotline.workers.models import Worker

NOW = dt.datetime(2026, 11, 22, 6, tzinfo=dt.UTC)
PHONE, OTHER = "+8613800000001", "+8613800000002"
OPERATOR = Actor(7, "operator1", frozenset({Role.OPERATOR}))
AUDITOR = Actor(8, "auditor1", frozenset({Role.AUDITOR}))


def test_a_number_is_one_worker(session: Session) -> None:
    first = service.identify(session, PHONE, NOW)
    again = service.identify(session, PHONE, NOW + dt.timedelta(days=1))
    assert first is again
    assert (first.phone, first.language, first.created_at) == (PHONE, "zh", NOW)
    assert queries.find(session, PHONE) is first
    assert queries.find(session, OTHER) is None
    assert queries.phone_of(session, first.id) == PHONE


def test_a_withheld_number_is_nobody_twice(session: Session) -> None:
    one, two = (service.identify(session, None, NOW) for _ in range(2))
    assert one.id != two.id
    assert queries.phone_of(session, one.id) is None


def test_first_contacts_at_once_end_in_one_worker(app: Flask) -> None:
    start = threading.Barrier(6)
    found: list[int] = []

    def call() -> None:
        with app.app_context():
            start.wait()
            found.append(transaction(lambda session: service.identify(session, PHONE, NOW).id))

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


def test_numbers_rest_encrypted(session: Session) -> None:
    worker = service.identify(session, PHONE, NOW)
    worker.name = "演示职工甲"
    session.flush()
    rows = session.execute(text("SELECT phone, phone_key, name FROM worker")).all()
    kept = b"".join(bytes(value) for row in rows for value in row)
    assert PHONE.encode() not in kept
    assert PHONE[3:].encode() not in kept
    assert "演示".encode() not in kept


def test_opting_out_keeps_its_first_moment(session: Session) -> None:
    worker = service.identify(session, PHONE, NOW)
    service.opt_out(session, worker.id, NOW)
    service.opt_out(session, worker.id, NOW + dt.timedelta(days=1))
    session.refresh(worker)
    assert worker.opted_out_at == NOW
    service.opt_in(session, worker.id, NOW)
    session.refresh(worker)
    assert worker.opted_out_at is None


def test_a_correction_is_kept_without_its_content(session: Session) -> None:
    worker = service.identify(session, None, NOW)
    service.correct(session, OPERATOR, worker.id, {"name": "演示职工甲", "phone": OTHER}, now=NOW)
    session.flush()
    assert queries.find(session, OTHER) is worker
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.detail == {"fields": ["name", "phone"]}
    service.correct(session, OPERATOR, worker.id, {"phone": None}, now=NOW)
    session.flush()
    assert queries.find(session, OTHER) is None


def test_a_correction_that_cannot_be_is_refused(session: Session) -> None:
    service.identify(session, PHONE, NOW)
    worker = service.identify(session, OTHER, NOW)
    with pytest.raises(GuardFailed) as refused:
        service.correct(session, OPERATOR, worker.id, {"phone": PHONE}, now=NOW)
    assert refused.value.guard == "number-taken"
    with pytest.raises(Invalid):
        service.correct(session, OPERATOR, worker.id, {"created_at": "2020"}, now=NOW)
    with pytest.raises(Forbidden):
        service.correct(session, AUDITOR, worker.id, {"name": "x"}, now=NOW)
    assert worker.phone == OTHER


def test_a_number_is_revealed_for_a_reason_that_stays(session: Session) -> None:
    worker = service.identify(session, PHONE, NOW)
    shown = service.reveal(session, OPERATOR, worker.id, "回拨职工", NOW)
    session.flush()
    assert shown.phone == PHONE
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.actor_id) == ("worker.reveal", 7)
    assert entry.subject == f"worker:{worker.id}"
    assert entry.detail == {"reason": "回拨职工"}


@pytest.mark.parametrize(
    ("actor", "reason", "refusal"), [(AUDITOR, "好奇", Forbidden), (OPERATOR, "  ", Invalid)]
)
def test_without_right_or_reason_nothing_is_revealed(
    session: Session, actor: Actor, reason: str, refusal: type[Exception]
) -> None:
    worker = service.identify(session, PHONE, NOW)
    with pytest.raises(refusal):
        service.reveal(session, actor, worker.id, reason, NOW)
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_workers_are_read_together(session: Session) -> None:
    one, two = (service.identify(session, number, NOW) for number in (PHONE, OTHER))
    assert queries.by_ids(session, [one.id, two.id]) == {one.id: one, two.id: two}
    assert queries.by_ids(session, []) == {}
    with pytest.raises(NotFound):
        queries.by_id(session, 5)


def test_a_number_that_cannot_be_found_is_refused(session: Session) -> None:
    session.add(Worker(id=1, phone=PHONE, phone_key=None, language="zh", created_at=NOW))
    with pytest.raises(Exception, match="number_can_be_found"):
        session.flush()
