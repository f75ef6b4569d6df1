"""A sender that dies at each window of the hand-over: nothing is lost, nothing sent twice."""

import datetime as dt
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import db, transaction
from hotline.core.time import utcnow
from hotline.messages import service
from hotline.messages.doubt import reconcile_uncertain
from hotline.messages.failpoints import KILLED
from hotline.messages.jobs import send_waiting
from hotline.messages.models import Message
from hotline.messages.rules import Rules
from hotline.messages.states import MessageKind, MessageState
from hotline.telephony.carrier import TwilioCarrier
from simulator import Answer, Carrier, Faults, RealClock, Webhook
from simulator.server import Station
from tests.faults.processes import ROOT, environment

S = MessageState
OPEN = {S.WAITING, S.SENDING, S.UNCERTAIN}
WINDOWS = ("W1", "W2", "W3", "W4", "W5")
RESULTS = 3
#: What a dying clock does: one round of the sending job, in a process of its own.
SENDER = """
from hotline.app import create_app
from hotline.clock import schedule
app = create_app()
with app.app_context():
    each = schedule.Round.of(app)
    next(job for job in schedule.JOBS if job.name == "send-messages").run(each)
"""


def unheard(_webhook: Webhook) -> Answer:
    """Lose every report: only the carrier's own list is left to ask."""
    raise ConnectionError


@pytest.fixture
def carrier(app: Flask) -> Iterator[tuple[Carrier, str]]:
    """A carrier on a socket, and the address of its API."""
    same = app.extensions["hotline"].settings
    found = Carrier(
        RealClock(),
        same.twilio_account_sid,
        same.auth_tokens[0],
        same.public_url,
        unheard,
        number=same.hotline_number,
        faults=Faults(seed=1),
    )
    station = Station(found, 0)
    station.start()
    yield found, f"http://127.0.0.1:{station.port}"
    station.stop()


def order() -> dict[str, MessageKind]:
    """Commit some results and one survey; return each number with its kind."""
    kinds = {f"+861380000001{n}": MessageKind.RESULT for n in range(RESULTS)}
    kinds["+8613800000019"] = MessageKind.SURVEY

    def work(session: Session) -> None:
        for to, kind in kinds.items():
            service.queue(session, to=to, kind=kind, body="演示内容", now=utcnow())

    transaction(work)
    db.session.remove()
    return kinds


def die(app: Flask, api: str, window: str) -> None:
    """Let a child process send, and die at *window*."""
    env = environment(app, HOTLINE_FAILPOINT=window, TWILIO_API_URL=api, HOTLINE_QUIET_HOURS="off")
    ended = subprocess.run(
        [sys.executable, "-c", SENDER], cwd=ROOT, env=env, check=False, timeout=60
    )
    assert ended.returncode == KILLED


def recover(app: Flask, api: str) -> None:
    """Let another clock find what was left, minute after minute."""
    same = app.extensions["hotline"].settings
    client = TwilioCarrier(
        same.twilio_account_sid, same.auth_tokens[0], same.hotline_number, api_url=api
    )
    rules = Rules(public_url=same.public_url, own_number=same.hotline_number)
    for minute in range(25):
        later = utcnow() + dt.timedelta(minutes=minute)
        send_waiting(transaction, client, rules, now_fn=lambda now=later: now)
        reconcile_uncertain(transaction, client, now_fn=lambda now=later: now)


@pytest.mark.parametrize("hidden", [False, True], ids=["listed", "hidden from the list"])
@pytest.mark.parametrize("window", WINDOWS)
def test_what_a_dead_sender_left_is_sent_once(
    app: Flask, session: Session, carrier: tuple[Carrier, str], window: str, *, hidden: bool
) -> None:
    simulated, api = carrier
    kinds = order()
    if hidden:
        simulated.exchange.faults.hide_from_list = 1.0
    die(app, api, window)
    recover(app, api)
    reached = Counter(sms.to for sms in simulated.ledger)
    surveys = {to for to, kind in kinds.items() if kind is MessageKind.SURVEY}
    assert set(kinds) - set(reached) <= surveys
    assert not reached.keys() - kinds.keys()
    if not hidden:
        assert set(reached.values()) == {1}
        assert set(reached) == set(kinds)
    else:  # then a result may go twice, and a survey may not
        assert sum(reached.values()) <= len(kinds) + 1
        assert all(reached[to] <= 1 for to in surveys)
    session.rollback()
    left = session.scalars(select(Message.state)).all()
    assert not OPEN & set(left)
    if not hidden:
        assert S.FAILED not in left


@pytest.mark.parametrize("window", ["W3", "W4"])
def test_a_survey_in_doubt_is_never_sent_twice(
    app: Flask, session: Session, carrier: tuple[Carrier, str], window: str
) -> None:
    simulated, api = carrier
    simulated.exchange.faults.hide_from_list = 1.0

    def work(session: Session) -> None:
        service.queue(
            session, to="+8613800000019", kind=MessageKind.SURVEY, body="请评价", now=utcnow()
        )

    transaction(work)
    db.session.remove()
    die(app, api, window)
    recover(app, api)
    assert len(simulated.ledger) == (0 if window == "W3" else 1)
    session.rollback()
    assert session.scalars(select(Message.reason)).one() == "uncertain"
