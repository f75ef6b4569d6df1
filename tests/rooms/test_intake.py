"""Taking in: few statements, one ticket however many at once, and forms that say what is wrong."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from hotline.core.db import db, transaction
from hotline.core.errors import Forbidden, Invalid, NotFound
from hotline.intake.form import IntakeForm
from hotline.intake.service import receive_sms, register
from hotline.messages.models import Message
from hotline.messages.states import Direction, MessageKind
from hotline.telephony.port import InboundSms, OptOut
from hotline.tickets.models import Ticket
from hotline.workers.models import Worker
from tests.matters import MONDAY
from tests.people import Staff

NUMBER = "+8613800000001"
OURS = "+8647112351"


def sms(sid: str, body: str = "三个月没发工资", phone: str = NUMBER, **more: object) -> InboundSms:
    """Return an SMS as the carrier brings it."""
    return InboundSms(sid=sid, from_=phone, to=OURS, body=body, raw_from=phone, **more)


def take(message: InboundSms, now: dt.datetime = MONDAY) -> None:
    """Take one in, as the door does."""
    transaction(lambda session: receive_sms(session, message, now))


def count(table: type, *where: object) -> int:
    """Return how many rows there are."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table).where(*where)) or 0


@contextmanager
def statements() -> Iterator[list[str]]:
    """Watch what is asked of the database."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_new_matter_costs_six_statements_at_most(session: Session) -> None:
    take(sms("SM00"))  # calendar and service classes are kept from here on
    with statements() as asked:
        take(sms("SM01", phone="+8613800000002"))
    assert len([each for each in asked if not each.startswith("BEGIN")]) <= 6, asked
    assert count(Ticket) == 2
    assert count(Message, Message.kind == MessageKind.ACK) == 2


def test_a_duplicate_costs_one_statement(session: Session) -> None:
    take(sms("SM00"))
    with statements() as asked:
        take(sms("SM00"))
    assert len([each for each in asked if not each.startswith("BEGIN")]) == 1, asked


def at_once(app: Flask, messages: list[InboundSms]) -> None:
    """Take all in at the same time, each in a thread of its own."""

    def one(message: InboundSms) -> None:
        with app.app_context():
            take(message)
            db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(len(messages)) as pool:
        list(pool.map(one, messages))


def test_the_same_sms_eight_times_at_once_is_one_ticket(app: Flask, session: Session) -> None:
    at_once(app, [sms("SM00")] * 8)
    assert count(Ticket) == 1
    assert count(Message, Message.direction == Direction.IN) == 1
    assert count(Message, Message.direction == Direction.OUT) == 1


@pytest.mark.parametrize("known", [False, True])
def test_eight_sms_of_one_number_at_once_are_one_ticket(
    app: Flask, session: Session, known: bool
) -> None:
    if known:
        take(sms("SMold", "谢谢"))
    at_once(app, [sms(f"SM{n:02}", f"第{n}条情况") for n in range(8)])
    assert count(Worker) == 1
    assert count(Ticket) == 1
    assert count(Message, Message.ticket_id.is_not(None), Message.direction == Direction.IN) == 8


def test_an_sms_of_somebody_whose_row_was_erased_is_still_known(session: Session) -> None:
    take(sms("SM00", "谢谢"))

    def erase(session: Session) -> None:
        message = session.scalars(select(Message)).one()
        message.worker_id = None
        session.flush()
        session.delete(session.scalars(select(Worker)).one())

    transaction(erase)
    take(sms("SM00", "谢谢"))
    assert count(Message) == 1


@pytest.mark.parametrize("said", list(OptOut))
def test_what_the_carrier_has_answered_we_do_not(session: Session, said: OptOut) -> None:
    take(sms("SM00", "TD", opt_out_type=said))
    assert count(Message, Message.direction == Direction.OUT) == 0
    assert count(Ticket) == 0
    assert count(Worker, Worker.opted_out_at.is_not(None)) == (said is OptOut.STOP)


def test_a_picture_without_words_is_a_matter() -> None:
    form = {"MessageSid": "SM1", "From": NUMBER, "To": OURS, "Body": "", "NumMedia": "2"}
    assert InboundSms.from_form(form).body == "[彩信附件 2 个]"


# ---------------------------------------------------------------- forms

FORM = {
    "channel": "visit",
    "caller": "138 0000 0001",
    "name": "演示职工甲",
    "narrative": "来访反映工地欠薪",
    "category": "A1",
    "demand_type": "complaint",
    "region": "150102",
    "confidential_level": 0,
    "employer": "演示建筑公司",
    "head_count": "20",
}


def enter(staff: Staff, **given: object) -> Ticket:
    """Register a form, as a door does."""
    form = IntakeForm.read({**FORM, **given})
    return transaction(lambda session: register(session, staff.operator, form, now=MONDAY))


def test_a_visit_becomes_a_ticket_and_its_number_is_texted(session: Session, staff: Staff) -> None:
    ticket = enter(staff)
    assert ticket.classified
    assert (ticket.channel, ticket.employer, ticket.head_count) == ("visit", "演示建筑公司", 20)
    worker = session.scalars(select(Worker)).one()
    assert (worker.phone, worker.name, ticket.worker_id) == (NUMBER, "演示职工甲", worker.id)
    ack = session.scalars(select(Message)).one()
    assert (ack.kind, ack.address, ack.ticket_id) == (MessageKind.ACK, NUMBER, ticket.id)


@pytest.mark.parametrize(
    "given",
    [
        {"anonymous": True},
        {"confidential_level": 3},
        {"caller": "anonymous"},
        {"caller": ""},
        {"caller": "0471-6920000"},
    ],
)
def test_whoever_must_not_or_cannot_be_texted_is_not(
    session: Session, staff: Staff, given: dict[str, object]
) -> None:
    enter(staff, **given)
    assert count(Message) == 0


def test_two_matters_of_one_number_have_one_worker(session: Session, staff: Staff) -> None:
    enter(staff)
    enter(staff, name="另一个名字")
    assert session.scalars(select(Worker.name)).all() == ["演示职工甲"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"narrative": "  "}, "narrative"),
        ({"narrative": "长" * 8001}, "narrative"),
        ({"channel": "telepathy"}, "channel"),
        ({"caller": "12351"}, "caller"),
        ({"confidential_level": 4}, "confidential_level"),
        ({"head_count": 0}, "head_count"),
        ({"category": "Z99"}, "category"),
        ({"region": "999999"}, "region"),
        ({"favourite_colour": "red"}, "favourite_colour"),
        ({"channel": None}, "channel"),
    ],
)
def test_a_form_says_which_field_is_wrong(
    session: Session, staff: Staff, given: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        enter(staff, **given)
    assert refused.value.errors.keys() == {field}
    assert count(Ticket) == 0


def test_an_unknown_call_makes_no_ticket(session: Session, staff: Staff) -> None:
    with pytest.raises(NotFound):
        enter(staff, call=12351, caller=None)
    assert count(Ticket) == 0


def test_an_auditor_takes_nothing_in(session: Session, staff: Staff) -> None:
    form = IntakeForm.read(FORM)
    with pytest.raises(Forbidden):
        register(session, staff.auditor, form, now=MONDAY)
