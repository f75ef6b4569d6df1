"""Messages: each committed order reaches its end, once, within the caps, whatever fails."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline.core.db import db, transaction
from hotline.messages import desk, service
from hotline.messages.models import Message
from hotline.messages.outgoing import claim, write
from hotline.messages.states import Direction, MessageKind, MessageState
from hotline.telephony.port import InboundSms
from hotline.workers import service as workers
from hotline.workers.models import Worker
from tests.matters import MONDAY, received
from tests.rooms.outbox import Make, Outbox

TO = "+8613800000001"
S, K = MessageState, MessageKind


# ---------------------------------------------------------------- ordered, sent, reported


def test_an_order_leaves_once_and_is_delivered(outbox: Outbox) -> None:
    message = outbox.order(TO, body="工资已补发")
    assert outbox.send() == 1
    assert outbox.message(message).state is S.SENT
    assert outbox.send() == 0
    outbox.simulated.advance(5)
    assert outbox.message(message).state is S.DELIVERED
    assert outbox.arrived == ["工资已补发【工会12351】"]


def test_an_order_waits_for_its_moment(outbox: Outbox) -> None:
    outbox.order(TO, due_at=MONDAY + dt.timedelta(hours=1))
    outbox.wait(minutes=59)
    assert outbox.arrived == []
    outbox.wait(minutes=2)
    assert len(outbox.arrived) == 1


def test_one_purpose_is_ordered_once(session: Session) -> None:
    given = {"to": TO, "kind": K.SURVEY, "body": "请评价", "purpose": "survey:1:1", "now": MONDAY}
    assert transaction(lambda session: service.queue(session, **given)) is True
    assert transaction(lambda session: service.queue(session, **given)) is False
    assert len(session.scalars(select(Message)).all()) == 1


def test_an_acknowledgement_learns_the_number_when_it_leaves(outbox: Outbox) -> None:
    ticket_id, number = received()
    outbox.order(TO, K.ACK, template="ack", ticket_id=ticket_id)
    outbox.send()
    assert f"编号{number}，" in outbox.arrived[0]


def test_the_urgent_leave_first_and_the_old_before_the_new(make: Make) -> None:
    outbox = make(per_minute=3)
    outbox.order(TO, K.SURVEY, body="回访")
    outbox.order("+8613800000102", K.RESULT, body="结果二", due_at=MONDAY - dt.timedelta(minutes=1))
    outbox.order("+8613800000203", K.RESULT, body="结果一", due_at=MONDAY - dt.timedelta(minutes=2))
    outbox.order("+8613900000004", K.ALERT, body="督办", staff_id=1)
    outbox.wait(minutes=3)
    assert [text[:3].rstrip("【") for text in outbox.arrived][:3] == ["督办", "结果一", "结果二"]


def test_an_expired_message_is_cancelled_not_sent_late(outbox: Outbox) -> None:
    message = outbox.order(TO, valid_for=600)
    outbox.simulated.advance(601)
    outbox.send()
    assert outbox.message(message).state is S.CANCELLED
    assert outbox.message(message).reason == "expired"
    assert outbox.arrived == []


def test_what_waits_can_be_cancelled_and_what_left_cannot(outbox: Outbox) -> None:
    outbox.order(TO, purpose="survey:7:1", kind=K.SURVEY)
    stop = {"purpose": "survey:7:1", "reason": "answered", "now": MONDAY}
    assert transaction(lambda session: service.cancel(session, **stop)) == 1
    outbox.send()
    assert outbox.arrived == []
    assert transaction(lambda session: service.cancel(session, **stop)) == 0


# ---------------------------------------------------------------- consent, quiet, caps


def opt_out(phone: str) -> None:
    """Let a worker leave."""

    def work(session: Session) -> None:
        worker = workers.identify(session, phone, MONDAY)
        workers.opt_out(session, worker.id, MONDAY)

    transaction(work)


def test_nothing_is_handed_over_after_the_worker_has_left(outbox: Outbox) -> None:
    message = outbox.order(TO)
    opt_out(TO)
    outbox.send()
    assert outbox.arrived == []
    assert outbox.message(message).reason == "opted_out"


def test_the_carriers_word_that_somebody_left_is_kept(outbox: Outbox, session: Session) -> None:
    transaction(lambda session: workers.identify(session, TO, MONDAY).id)
    outbox.simulated.phone(TO).opted_out = True
    message = outbox.order(TO)
    outbox.send()
    assert (outbox.message(message).state, outbox.message(message).error_code) == (S.FAILED, 21610)
    assert session.scalars(select(Worker.opted_out_at)).one() == MONDAY


def test_a_survey_sleeps_at_night_and_a_result_does_not(make: Make) -> None:
    outbox = make(start=MONDAY.replace(hour=14))  # 22:00 in Hohhot
    outbox.order(TO, K.SURVEY, body="回访")
    outbox.order("+8613800000102", body="结果")
    outbox.wait(hours=10, every=600)  # 08:00
    assert outbox.arrived == ["结果【工会12351】"]
    outbox.wait(minutes=40, every=600)
    assert len(outbox.arrived) == 2


def test_a_number_is_answered_once_in_ten_minutes_and_three_times_a_day(outbox: Outbox) -> None:
    for _ in range(5):
        outbox.order(TO, K.ANSWER, body="进度")
    outbox.wait(minutes=9)
    assert len(outbox.arrived) == 1
    outbox.wait(minutes=60)
    assert len(outbox.arrived) == 3
    outbox.wait(hours=12, every=600)
    assert len(outbox.arrived) == 3


def test_a_number_gets_five_a_day(outbox: Outbox) -> None:
    for _ in range(8):
        outbox.order(TO)
    outbox.wait(hours=2, every=300)
    assert len(outbox.arrived) == 5
    outbox.wait(hours=24, every=1800)
    assert len(outbox.arrived) == 8


@pytest.mark.parametrize("to", ["+8647112351", "+864716920000", "+97688112233", "+8617401234567"])
def test_only_mobiles_of_listed_countries_are_texted(outbox: Outbox, to: str) -> None:
    message = outbox.order(to)
    outbox.send()
    assert outbox.message(message).reason == "not_a_mobile"
    assert outbox.arrived == []


def test_a_minute_has_its_rate_and_no_burst_of_twice_that(make: Make) -> None:
    outbox = make(per_minute=30)
    for n in range(100):
        outbox.order(f"+86138000{n:02}001")
    outbox.send()
    assert len(outbox.arrived) == 10  # twice the rate of ten seconds
    outbox.wait(seconds=50, every=5)
    assert len(outbox.arrived) == 30
    outbox.wait(minutes=3, every=5)
    assert len(outbox.arrived) == 100


def test_a_full_day_leaves_room_for_alerts_and_acknowledgements(make: Make) -> None:
    outbox = make(per_day=3)
    for n in range(5):
        outbox.order(f"+86138000{n:02}001")
    outbox.wait(minutes=1)
    assert len(outbox.arrived) == 3
    outbox.order("+8613900000004", K.ALERT, body="督办", staff_id=1)
    outbox.order("+8613800099001", K.ACK, body="收到")
    outbox.wait(minutes=1)
    assert len(outbox.arrived) == 5


def test_a_block_of_numbers_is_held_but_may_be_acknowledged(outbox: Outbox) -> None:
    for n in range(15):
        outbox.order(f"+861380000{n:04}", K.NOTICE)
    outbox.wait(minutes=5)
    assert len(outbox.arrived) == 10
    for n in range(15, 30):
        outbox.order(f"+861380000{n:04}", K.ACK)
    outbox.wait(minutes=2)
    assert len(outbox.arrived) == 25


# ---------------------------------------------------------------- claims


def test_a_claim_is_one_owners_and_a_zombie_cannot_write(outbox: Outbox) -> None:
    outbox.order(TO)

    def take(owner: str, now: dt.datetime) -> list[object]:
        return list(
            transaction(lambda session: claim(session, Message, now=now, owner=owner, limit=9))
        )

    (old,) = take("first", MONDAY)
    assert take("second", MONDAY) == []
    (new,) = take("second", MONDAY + dt.timedelta(seconds=61))
    (newest,) = take("second", MONDAY + dt.timedelta(seconds=122))
    for late in (old, new):
        assert not transaction(partial(write, table=Message, claim=late, reason="zombie"))
    assert transaction(partial(write, table=Message, claim=newest, reason="mine"))


def test_clocks_that_claim_at_once_share_the_work(app: Flask, outbox: Outbox) -> None:
    ordered = {outbox.order(TO) for _ in range(40)}

    def take(owner: int) -> list[int]:
        with app.app_context():
            work = partial(claim, table=Message, now=MONDAY, owner=f"clock {owner}", limit=10)
            taken = [one.id for _ in range(4) for one in transaction(work)]
            db.session.remove()
            return taken

    db.session.remove()
    with ThreadPoolExecutor(4) as pool:
        claimed = [one for taken in pool.map(take, range(4)) for one in taken]
    assert sorted(claimed) == sorted(ordered)


# ---------------------------------------------------------------- what comes in, promises


def sms(**given: object) -> InboundSms:
    """Return an SMS as the carrier brings it."""
    words = {"sid": "SM1", "from_": TO, "to": "+8647112351", "body": "没发工资", "raw_from": TO}
    return InboundSms(**{**words, **given})


def test_an_inbound_sms_is_entered_once(session: Session) -> None:
    keep = {"worker_id": None, "ticket_id": None, "now": MONDAY}
    service.record(session, sms(), **keep)
    with pytest.raises(IntegrityError):
        service.record(session, sms(body="other"), **keep)


@pytest.mark.parametrize(
    "change",
    [
        {"state": S.RECEIVED},
        {"body": None, "template": None},
        {"state": S.DELIVERED, "settled_at": None},
        {"direction": Direction.IN},
    ],
)
def test_the_database_keeps_what_must_never_be_false(
    session: Session, outbox: Outbox, change: dict[str, object]
) -> None:
    message = outbox.order(TO)
    with pytest.raises(IntegrityError):
        session.execute(update(Message).where(Message.id == message).values(change))


def test_words_and_numbers_rest_sealed(session: Session, outbox: Outbox) -> None:
    outbox.order(TO, body="欠薪")
    row = session.execute(select(Message.__table__)).mappings().one()
    raw = session.connection().exec_driver_sql("SELECT address, body FROM message").one()
    assert (row["address"], row["body"]) == (TO, "欠薪【工会12351】")
    assert all(TO.encode() not in bytes(each) for each in raw)
    assert all("欠薪".encode() not in bytes(each) for each in raw)


def test_a_notice_lies_on_the_desk_until_it_is_read(session: Session, staff: object) -> None:
    person = staff.supervisor.id
    for _ in range(2):
        desk.notify(session, person, "overdue", "超期", purpose="overdue:1", now=MONDAY)
    desk.notify(session, person, "urged", "催办", now=MONDAY)
    lines = desk.unread(session, person)
    assert [line.kind for line in lines] == ["urged", "overdue"]
    desk.mark_read(session, person, lines[0].id, MONDAY)
    assert desk.unread(session, person) == []
