"""Kill -9 of any process while SMS come in: each that was acknowledged is there, and once."""

import http.client
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from hotline.core.db import db
from hotline.messages.models import Message
from hotline.messages.states import Direction, MessageKind
from hotline.telephony.signature import sign
from hotline.tickets.models import DayCounter, Ticket
from hotline.tickets.records import TicketEvent
from hotline.workers.models import Worker
from tests.faults.processes import Hotline

SMS = 2_000 if os.environ.get("PROOFS") else 150
SEED = int(os.environ.get("SEED", "9"))
CLIENTS = 8
PATIENCE = 20  # seconds that a client waits for one answer
AGAIN = 0.1  # of the acknowledged SMS the carrier delivers once more
WORDS_OF_THREE = 3  # each third sender writes a second time, on the ticket they have

Act = Callable[[Hotline], None]


@pytest.fixture
def running(app: Flask) -> Iterator[Hotline]:
    """A hotline of processes on the test's database."""
    db.session.remove()
    found = Hotline(app)
    try:
        found.wait()
        yield found
    finally:
        found.kill()


class Carrier:
    """Posts each SMS until it is taken, as the carrier's retries and its users do."""

    def __init__(self, app: Flask, port: int) -> None:
        self._settings = app.extensions["hotline"].settings
        self._port = port
        self.acknowledged: set[str] = set()

    def deliver(self, ordinal: int) -> None:
        """Post the SMS of one sender, and perhaps a second one, until each has its 2xx."""
        chance = random.Random(SEED * 100_000 + ordinal)
        sids = [f"SM{ordinal:032x}"]
        if ordinal % WORDS_OF_THREE == 0:
            sids.append(f"SM{ordinal:016x}{1:016x}")
        for sid in sids:
            self._until_taken(sid, ordinal)
            if chance.random() < AGAIN:
                self._until_taken(sid, ordinal)

    def _until_taken(self, sid: str, ordinal: int) -> None:
        end = time.monotonic() + 300
        while time.monotonic() < end:
            if self._taken(sid, ordinal):
                self.acknowledged.add(sid)
                return
            time.sleep(0.05)
        raise AssertionError(f"{sid} was never taken")

    def _taken(self, sid: str, ordinal: int) -> bool:
        form = {
            "AccountSid": self._settings.twilio_account_sid,
            "MessageSid": sid,
            "From": f"+86138{ordinal:08d}",
            "To": self._settings.hotline_number,
            "Body": f"演示工地没有发工资，第 {ordinal} 人，编号尾数 {sid[-3:]}",
        }
        url = f"{self._settings.public_url}/phone/sms"
        headers = {
            "X-Twilio-Signature": sign(self._settings.auth_tokens[0], url, form.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            line.request("POST", "/phone/sms", urlencode(form), headers)
            return line.getresponse().status // 100 == 2
        except (OSError, http.client.HTTPException):
            return False  # killed in the middle: whether it was taken, nobody knows
        finally:
            line.close()


VICTIMS: tuple[Act, ...] = (
    lambda hotline: hotline.web.kill_children(),
    lambda hotline: hotline.web.crash(),
    lambda hotline: hotline.clock.crash(),
)


def kill_at_random(hotline: Hotline, done: threading.Event) -> int:
    """Kill one after the other, each at least once, until *done*; return how many."""
    chance = random.Random(SEED)
    kills = 0
    while not done.wait(chance.uniform(0.2, 0.8)) or kills < len(VICTIMS):
        VICTIMS[kills % len(VICTIMS)](hotline)
        kills += 1
        hotline.wait()  # nobody restarts faster than it can start
    return kills


@pytest.mark.proof
def test_no_acknowledged_sms_is_lost_and_none_is_doubled(
    app: Flask, session: Session, running: Hotline
) -> None:
    carrier, done = Carrier(app, running.port), threading.Event()
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        killer = pool.submit(kill_at_random, running, done)
        try:
            list(pool.map(carrier.deliver, range(1, SMS + 1)))
        finally:
            done.set()
    kills = killer.result()
    print(f"seed {SEED}: {len(carrier.acknowledged)} acknowledged, {kills} kills")  # noqa: T201
    assert kills >= len(VICTIMS)
    running.kill()
    running.web.start()
    running.clock.start()  # what a killed process left behind is taken up again
    running.wait()
    session.rollback()
    _each_once(session, carrier.acknowledged)
    _numbers_have_no_gaps(session)
    if session.get_bind().dialect.name == "sqlite":
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"


def _each_once(session: Session, acknowledged: set[str]) -> None:
    taken = session.execute(
        select(Message.provider_sid, Message.ticket_id).where(Message.direction == Direction.IN)
    ).all()
    assert len(taken) == len(acknowledged)
    assert {row.provider_sid for row in taken} == acknowledged
    assert all(row.ticket_id for row in taken)
    assert len({row.ticket_id for row in taken}) == SMS
    for table in (Ticket, Worker):
        assert session.scalar(select(func.count()).select_from(table)) == SMS
    acks = select(func.count()).where(Message.kind == MessageKind.ACK)
    assert session.scalar(acks) == SMS
    words = select(func.count()).select_from(TicketEvent)
    assert session.scalar(words) == len(acknowledged)


def _numbers_have_no_gaps(session: Session) -> None:
    numbers = sorted(session.scalars(select(Ticket.number)))
    expected = [
        f"{row.day:%y%m%d}-{n:04d}"
        for row in session.scalars(select(DayCounter).order_by(DayCounter.day))
        for n in range(1, row.n + 1)
    ]
    assert numbers == sorted(expected)
