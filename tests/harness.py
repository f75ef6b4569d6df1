"""A whole hotline in a test: telephones, a clock, and people who listen.

hotline.phone("+86…").texts("三个月没发工资")     posts a signed webhook
hotline.forward(hours=48)                        moves the clock and lets it work
hotline.phone(LEAD).hears("超过时限")              consumes one SMS
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import urlsplit

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.clock import schedule
from hotline.core.db import db, transaction
from hotline.core.roles import Actor
from hotline.core.time import utcnow
from hotline.staff import service as staff
from hotline.telephony import profile
from hotline.telephony.carrier import TwilioCarrier
from hotline.tickets import queries, service
from hotline.tickets.models import Ticket
from hotline.tickets.states import Action
from simulator import Answer, Carrier, Faults, SimCall, SimMessage, VirtualClock, Webhook
from simulator.inprocess import InProcessHttp

MONDAY = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)  # 10:00 in Hohhot, a working day
STEPS = 12  # into how many steps a long wait is cut
AT_ONCE = 10  # seconds; a job that runs so often is always due here
#: What only counts and seals what happened is right however seldom it runs: once a wait.
COUNTING = frozenset(
    {
        "roll-up",
        "read-words",
        "recount-nightly",
        "freeze-periods",
        "foresee-arrivals",
        "seal-record",
        "seal-figures",
        "checkpoint",
    }
)


class TestPhone:
    """Somebody's telephone."""

    def __init__(self, hotline: "Hotline", number: str) -> None:
        self._hotline = hotline
        self._number = number
        self._heard = 0

    def texts(self, body: str, sid: str | None = None) -> SimMessage:
        """Send an SMS to the hotline and let what follows happen."""
        sms = self._hotline.carrier.text(self._number, body, sid=sid)
        self._hotline.settle()
        return sms

    def calls(self, **script: Any) -> SimCall:
        """Call the hotline."""
        call = self._hotline.carrier.call(self._number, **script)
        self._hotline.forward(seconds=1)  # the greeting listens for a key so long
        return call

    @property
    def inbox(self) -> list[str]:
        """Every SMS that reached this phone."""
        return self._hotline.carrier.phone(self._number).inbox

    def hears(self, words: str) -> str:
        """Consume the next SMS, which holds *words*."""
        fresh = self.inbox[self._heard :]
        assert fresh, f"{self._number} heard nothing, {words!r} was expected"
        self._heard += 1
        assert words in fresh[0], f"{self._number} heard {fresh[0]!r}, not {words!r}"
        return fresh[0]

    def hears_nothing(self) -> None:
        """Have no SMS that was not consumed."""
        assert self.inbox[self._heard :] == []


class Hotline:
    """The application, the carrier beside it, and a clock that stands still."""

    def __init__(self, app: Flask, faults: Faults | None = None) -> None:
        self.app = app
        self.settings = app.extensions["hotline"].settings
        self.client: FlaskClient = app.test_client()
        self.carrier = Carrier(
            VirtualClock(MONDAY),
            self.settings.twilio_account_sid,
            self.settings.auth_tokens[0],
            self.settings.public_url,
            self._deliver,
            number=self.settings.hotline_number,
            faults=faults,
            basic=profile.current() is profile.BASIC,
        )
        app.extensions["hotline"].carrier = TwilioCarrier(
            self.settings.twilio_account_sid,
            self.settings.auth_tokens[0],
            self.settings.hotline_number,
            http_client=InProcessHttp(self.carrier),
        )
        self._phones: dict[str, TestPhone] = {}
        self._runs = True
        self._ran: dict[str, dt.datetime] = {}

    def __enter__(self) -> Self:
        self._travel = time_machine.travel(MONDAY, tick=False)
        self._time = self._travel.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._travel.stop()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let the application not run: the carrier reaches nobody, and no job works."""
        self._runs = False
        yield
        self._runs = True

    @property
    def now(self) -> dt.datetime:
        """The hotline's present moment."""
        return utcnow()

    def phone(self, number: str) -> TestPhone:
        """Return somebody's telephone."""
        return self._phones.setdefault(number, TestPhone(self, number))

    def forward(self, every: dt.timedelta | None = None, **length: float) -> None:
        """Move the clock, letting the carrier and the clock's jobs work on the way."""
        left = dt.timedelta(**length)
        step = every or max(left / STEPS, dt.timedelta(seconds=1))
        while left > dt.timedelta():
            here = min(step, left)
            self.carrier.advance(here.total_seconds())
            self.move()
            left -= here
            self._work([job for job in self._due() if not left or job.name not in COUNTING])

    def move(self) -> None:
        """Let it be as late here as it is at the carrier."""
        self._time.move_to(self.carrier.clock.now())

    def tick(self) -> None:
        """Let every job of the clock run once."""
        self._run(schedule.JOBS)
        db.session.rollback()

    def settle(self) -> None:
        """Let the jobs run that are due, and what they sent arrive."""
        self._work(self._due())

    def _work(self, jobs: Sequence[schedule.Job]) -> None:
        self._run(jobs)
        self.carrier.advance(0)
        db.session.rollback()

    def _run(self, jobs: Sequence[schedule.Job]) -> None:
        if not self._runs:
            return
        each = schedule.Round.of(self.app)
        for job in jobs:
            job.run(each)
            self._ran[job.name] = self.now

    def _due(self) -> list[schedule.Job]:
        """Return the jobs that the clock, or somebody's nudge, would run by now."""
        return [job for job in schedule.JOBS if self._rested(job) >= _period(job)]

    def _rested(self, job: schedule.Job) -> dt.timedelta:
        return self.now - self._ran.get(job.name, MONDAY)

    @property
    def session(self) -> Session:
        """A session that sees what was committed."""
        found = db.session()
        found.rollback()
        return found

    def ticket(self) -> Ticket:
        """Return the only ticket there is."""
        return self.session.scalars(select(Ticket)).one()

    def newest(self) -> Ticket:
        """Return the newest ticket."""
        return self.session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()

    def act(self, actor: Actor, action: Action, ticket: Ticket, **fields: object) -> None:
        """Let somebody take one action on a ticket, as a door would."""

        def work(session: Session) -> None:
            found = queries.by_number(session, actor, ticket.number, lock=True)
            service.perform(session, found, action, fields, actor=actor, now=self.now)

        transaction(work)
        self.settle()

    def api(self, actor: Actor) -> "Api":
        """Return the API as *actor* uses it."""

        def work(session: Session) -> str:
            return staff.issue_token(session, actor.id or 0, actor=actor, now=self.now)

        return Api(self, transaction(work))

    def _deliver(self, webhook: Webhook) -> Answer:
        if not self._runs:
            raise ConnectionRefusedError
        self.move()
        parts = urlsplit(webhook.url)
        response = self.client.open(
            f"{parts.path}?{parts.query}" if parts.query else parts.path,
            base_url=f"{parts.scheme}://{parts.netloc}",
            method=webhook.method,
            headers=dict(webhook.headers),
            data=webhook.body,
        )
        return Answer(response.status_code, dict(response.headers), response.get_data())


def _period(job: schedule.Job) -> dt.timedelta:
    return dt.timedelta(seconds=0 if job.soon or job.every <= AT_ONCE else job.every)


class Api:
    """The API in one person's hands."""

    def __init__(self, hotline: Hotline, token: str) -> None:
        self._hotline = hotline
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: Any) -> Any:
        """Ask and return the body of a 200."""
        return self._send("GET", path, query_string=query)

    def post(self, path: str, body: Any = None, *, expect: int | None = None, **more: Any) -> Any:
        """Send a body and return the answer's."""
        return self._send("POST", path, json={} if body is None else body, expect=expect, **more)

    def put(self, path: str, body: Any, *, expect: int | None = None) -> Any:
        """Put a body and return the answer's."""
        return self._send("PUT", path, json=body, expect=expect)

    def patch(self, path: str, body: Any, *, expect: int | None = None) -> Any:
        """Patch with a body and return the answer's."""
        return self._send("PATCH", path, json=body, expect=expect)

    def _send(
        self,
        method: str,
        path: str,
        *,
        expect: int | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> Any:
        response = self._hotline.client.open(
            f"/api/v1{path}", method=method, headers={**self._headers, **(headers or {})}, **more
        )
        wanted = {expect} if expect else {200, 201, 202}
        assert response.status_code in wanted, response.get_data(as_text=True)
        self._hotline.settle()
        return response.get_json()
