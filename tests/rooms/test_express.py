"""The express lane writes what the long way writes, once, and lets pass what is not plain."""

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.core import convoy as convoys
from hotline.core.convoy import Convoy
from hotline.core.db import db, transaction
from hotline.core.language import zone
from hotline.deadlines import queries as deadlines
from hotline.intake import first
from hotline.intake.sms import receive_sms
from hotline.messages.models import Message
from hotline.telephony.port import InboundSms
from hotline.telephony.signature import sign
from hotline.tickets.models import DayCounter, Ticket
from hotline.tickets.records import TicketEvent
from hotline.workers.models import Worker
from tests.matters import MONDAY

BODY = "演示工地三个月没发工资，十几个人都没有，请工会帮帮我们，谢谢，我们在工地等着"
TABLES = (Worker, Message, TicketEvent, Ticket)
OWN = {"id", "number", "provider_sid", "worker_id", "ticket_id", "purpose"}
OF_THE_NUMBER = {"phone", "phone_key", "address", "address_key"}
TOKEN = "0123456789abcdef0123456789abcdef"
ACCOUNT = "AC00000000000000000000000000000001"


def sms(ordinal: int, body: str = BODY, number: str | None = None) -> InboundSms:
    """Return an SMS of somebody of their own."""
    number = number or f"+8613800001{ordinal:03d}"
    return InboundSms(f"SM{ordinal:032x}", number, "+8647112351", body, raw_from=number)


def count(session: Session, table: Any) -> int:
    """Return how many rows there are."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def lane(session: Session) -> Iterator[Convoy]:
    """A lane in a process that has read its deadlines."""
    deadlines.forget(session)
    deadlines.policy(session)
    session.rollback()
    yield Convoy(first.MATTER, db.engine)
    deadlines.forget(session)


def content(session: Session, since: dict[Any, set[int]]) -> list[dict[str, Any]]:
    """Return what the newest rows hold, but for what is each row's own."""
    session.rollback()
    found = []
    for table in TABLES:
        rows = [row for row in session.scalars(select(table)) if row.id not in since[table]]
        names = [column.name for column in table.__table__.columns]
        found += [
            {"table": table.__name__} | {n: getattr(row, n) for n in names if n not in OWN}
            for row in sorted(rows, key=lambda row: (row.id, str(getattr(row, "kind", ""))))
        ]
    return found


def known(session: Session) -> dict[Any, set[int]]:
    """Return the ids that are there."""
    return {table: set(session.scalars(select(table.id))) for table in TABLES}


@pytest.mark.parametrize(
    "now",
    [MONDAY, MONDAY + dt.timedelta(hours=6, minutes=29, seconds=7.5), MONDAY.replace(hour=17)],
)
def test_it_writes_what_the_long_way_writes(
    session: Session, lane: Convoy, now: dt.datetime
) -> None:
    before = known(session)
    assert first.receive(lane, sms(1), now)
    short = content(session, before)
    before = known(session)
    transaction(lambda s: receive_sms(s, sms(2), now))
    long = content(session, before)
    assert [set(row) for row in short] == [set(row) for row in long]
    for one, other in zip(short, long, strict=True):
        assert {n: v for n, v in one.items() if n not in OF_THE_NUMBER} == {
            n: v for n, v in other.items() if n not in OF_THE_NUMBER
        }
    assert len(short) == 5


def test_the_rows_belong_to_each_other(session: Session, lane: Convoy) -> None:
    assert first.receive(lane, sms(1), MONDAY)
    session.rollback()
    ticket, worker = session.scalars(select(Ticket)).one(), session.scalars(select(Worker)).one()
    assert (ticket.number, ticket.worker_id) == ("261123-0001", worker.id)
    assert worker.phone == "+8613800001001"
    for message in session.scalars(select(Message)):
        assert (message.ticket_id, message.worker_id) == (ticket.id, worker.id)
        assert message.address == worker.phone
    acknowledged = session.scalars(select(Message.purpose).where(Message.kind == "ack")).one()
    assert acknowledged == f"ack:{ticket.id}"


def test_numbers_go_on_from_one_way_to_the_other(session: Session, lane: Convoy) -> None:
    assert first.receive(lane, sms(1), MONDAY)
    transaction(lambda s: receive_sms(s, sms(2), MONDAY))
    assert first.receive(lane, sms(3), MONDAY)
    session.rollback()
    numbers = session.scalars(select(Ticket.number).order_by(Ticket.number)).all()
    assert numbers == ["261123-0001", "261123-0002", "261123-0003"]


def test_a_day_may_have_more_than_four_digits(session: Session, lane: Convoy) -> None:
    session.add(DayCounter(day=MONDAY.astimezone(zone()).date(), n=9998))
    session.commit()
    assert first.receive(lane, sms(1), MONDAY)
    assert first.receive(lane, sms(2), MONDAY)
    session.rollback()
    numbers = set(session.scalars(select(Ticket.number)))
    assert numbers == {"261123-9999", "261123-10000"}


@pytest.mark.parametrize(
    "given",
    [
        sms(1, "退订"),
        sms(1, "谢谢"),
        sms(1, ""),
        sms(1, "1"),
        sms(1, number="+8647112351"),
        sms(1, number="+864715551234"),
        InboundSms("SM1", None, "+8647112351", BODY, raw_from="10086"),
    ],
    ids=["leaves", "thanks", "says nothing", "scores", "is us", "no mobile", "is nobody"],
)
def test_what_is_no_plain_matter_is_left_alone(
    session: Session, lane: Convoy, given: InboundSms
) -> None:
    assert not first.receive(lane, given, MONDAY)
    assert {count(session, table) for table in TABLES} == {0}


def test_somebody_known_is_left_to_the_long_way(session: Session, lane: Convoy) -> None:
    assert first.receive(lane, sms(1), MONDAY)
    assert not first.receive(lane, sms(1), MONDAY)
    assert not first.receive(lane, sms(2, number="+8613800001001"), MONDAY)
    assert (count(session, Ticket), count(session, Message)) == (1, 2)
    assert session.scalars(select(DayCounter.n)).one() == 1


def test_an_id_that_was_used_by_another_number_writes_nothing(
    session: Session, lane: Convoy
) -> None:
    assert first.receive(lane, sms(1), MONDAY)
    assert not first.receive(lane, sms(1, number="+8613800001999"), MONDAY)
    assert (count(session, Worker), count(session, Ticket)) == (1, 1)
    assert first.receive(lane, sms(2), MONDAY)


def test_without_deadlines_at_hand_it_waits_for_the_long_way(
    session: Session, lane: Convoy
) -> None:
    deadlines.forget(session)
    assert not first.receive(lane, sms(1), MONDAY)
    transaction(lambda s: receive_sms(s, sms(2), MONDAY))
    assert first.receive(lane, sms(3), MONDAY)


def test_many_at_once_are_each_written_once(app: Flask, session: Session, lane: Convoy) -> None:
    given = [sms(n % 40) for n in range(80)]
    barrier = threading.Barrier(8)

    def send(share: list[InboundSms]) -> int:
        barrier.wait()
        return sum(first.receive(lane, one, MONDAY) for one in share)

    with ThreadPoolExecutor(8) as pool:
        done = sum(pool.map(send, [given[n::8] for n in range(8)]))
    numbers = set(session.scalars(select(Ticket.number)))
    assert done == len(numbers) == 40
    assert numbers == {f"261123-{n:04d}" for n in range(1, 41)}


def test_those_who_wait_go_together(
    session: Session, lane: Convoy, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing, parties = threading.Event(), list[int]()
    write = lane._write
    others = threading.Event()

    class Slow:
        prepared = write.prepared

        def __call__(self, several: Any) -> list[bool]:
            parties.append(len(several))
            writing.set()
            others.wait(5)
            return write(several)

    monkeypatch.setattr(lane, "_write", Slow())
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(first.receive, lane, sms(1), MONDAY)]
        writing.wait(5)
        found += [pool.submit(first.receive, lane, sms(n), MONDAY) for n in (1, 2, 3)]
        while len(lane._waiting) < 3:
            pass
        others.set()
        assert [each.result() for each in found] == [True, False, True, True]
    assert parties == [1, 3]
    assert count(session, Ticket) == 3


def test_one_bad_sms_spoils_its_party_only_for_the_short_way(
    session: Session, lane: Convoy
) -> None:
    assert first.receive(lane, sms(1), MONDAY)
    several = [convoys.Passenger(_prepared(lane, each)) for each in (sms(2), _twin(), sms(3))]
    lane._set_out(several)
    assert [each.done for each in several] == [False, False, False]
    assert count(session, Ticket) == 1
    assert first.receive(lane, sms(2), MONDAY)


@pytest.mark.parametrize("failure", [KeyError, KeyboardInterrupt])
def test_who_leads_and_fails_leaves_nobody_waiting(
    session: Session, lane: Convoy, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException]
) -> None:
    write, writing, others = lane._write, threading.Event(), threading.Event()

    class Failing:
        prepared = write.prepared

        def __call__(self, several: Any) -> list[bool]:
            monkeypatch.setattr(lane, "_write", write)
            writing.set()
            others.wait(5)
            raise failure

    monkeypatch.setattr(lane, "_write", Failing())
    with ThreadPoolExecutor(3) as pool:
        leads = pool.submit(first.receive, lane, sms(1), MONDAY)
        writing.wait(5)
        follow = [pool.submit(first.receive, lane, sms(n), MONDAY) for n in (2, 3)]
        while len(lane._waiting) < 2:
            pass
        others.set()
        assert [each.result() for each in follow] == [True, True]
        with pytest.raises(failure):
            leads.result()
    assert first.receive(lane, sms(1), MONDAY)
    assert count(session, Ticket) == 3


def _twin() -> InboundSms:
    return sms(1, number="+8613800001999")


def _prepared(lane: Convoy, given: InboundSms) -> Any:
    limits = first.clocks.promise(lane.engine, MONDAY)
    assert limits is not None
    return lane._write.prepared(first._values(given, limits, MONDAY))


def form(**given: str) -> dict[str, str]:
    """Return a carrier's form."""
    return {
        "AccountSid": ACCOUNT,
        "MessageSid": "SM1",
        "From": "+8613800001001",
        "To": "+8647112351",
        "Body": BODY,
        **given,
    }


def post(app: Flask, fields: dict[str, str], *, signed_as: dict[str, str] | None = None) -> Any:
    """Post *fields* signed."""
    url = "https://hotline.example/phone/sms"
    signature = sign(TOKEN, url, (signed_as or fields).items())
    return app.test_client().post(
        "/phone/sms",
        base_url="https://hotline.example",
        data=fields,
        headers={"X-Twilio-Signature": signature},
    )


@pytest.fixture
def passed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what the lane let pass to the door."""
    found: list[str] = []
    lane: Any = app.wsgi_app
    beyond = lane._beyond

    def note(environ: Any, start_response: Any) -> Any:
        found.append(environ["PATH_INFO"])
        return beyond(environ, start_response)

    monkeypatch.setattr(lane, "_beyond", note)
    return found


def test_the_lane_answers_as_the_door_does(
    app: Flask, session: Session, lane: Convoy, passed: list[str]
) -> None:
    short = post(app, form())
    long = post(app, form(MessageSid="SM2", Body="谢谢"))
    assert passed == ["/phone/sms"]
    assert (short.status_code, short.data) == (long.status_code, long.data)
    assert short.headers["Content-Type"] == long.headers["Content-Type"]
    assert count(session, Ticket) == 1


@pytest.mark.parametrize(
    ("given", "signed_as", "status"),
    [
        (form(AccountSid="AC9"), None, 403),
        (form(), form(Body="another"), 403),
        (form(MessageSid="S M"), None, 422),
        (form(Body="谢谢"), None, 200),
    ],
    ids=["another account", "not signed", "no id", "no matter"],
)
def test_what_is_not_plain_reaches_the_door_unread(
    app: Flask,
    session: Session,
    lane: Convoy,
    passed: list[str],
    given: dict[str, str],
    signed_as: dict[str, str] | None,
    status: int,
) -> None:
    answer = post(app, given, signed_as=signed_as)
    assert (answer.status_code, passed) == (status, ["/phone/sms"])
    assert count(session, Ticket) == 0


def test_a_form_sent_twice_has_one_effect(
    app: Flask, session: Session, lane: Convoy, passed: list[str]
) -> None:
    assert [post(app, form()).status_code for _ in range(3)] == [200, 200, 200]
    assert len(passed) == 2
    assert (count(session, Ticket), count(session, Message)) == (1, 2)
