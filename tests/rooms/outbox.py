"""The outbox in a test: our client, the simulated carrier behind it, and reports that come back."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.db import db, transaction
from hotline.messages import service
from hotline.messages.doubt import reconcile_uncertain
from hotline.messages.jobs import send_waiting
from hotline.messages.models import Message
from hotline.messages.rules import Rules
from hotline.messages.states import MessageKind
from hotline.telephony.carrier import TwilioCarrier
from simulator import Answer, Carrier, Faults, VirtualClock, Webhook
from simulator.inprocess import InProcessHttp

ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "0123456789abcdef0123456789abcdef"


class Outbox:
    """Orders messages, lets the jobs run and the clock move, and looks at what arrived."""

    def __init__(self, rules: Rules, start: dt.datetime, faults: Faults) -> None:
        self.rules = rules
        self.faults = faults
        self.simulated = Carrier(
            VirtualClock(start), ACCOUNT, TOKEN, rules.public_url, self._report, faults=faults
        )
        self.client = TwilioCarrier(
            ACCOUNT, TOKEN, rules.own_number, http_client=InProcessHttp(self.simulated)
        )

    @property
    def now(self) -> dt.datetime:
        """The present moment of carrier and hotline."""
        return self.simulated.clock.now()

    def order(self, to: str, kind: MessageKind = MessageKind.RESULT, **given: object) -> int:
        """Commit an order and return its id."""
        words = {} if "template" in given else {"body": "演示内容"}

        def work(session: Session) -> int:
            row = service.order(to=to, kind=kind, **{"now": self.now, **words, **given})
            service.write(session, row)
            return int(row["id"])

        return transaction(work)

    def send(self) -> int:
        """Run the sending job once."""
        return send_waiting(transaction, self.client, self.rules, now_fn=lambda: self.now)

    def look(self) -> int:
        """Run the job that looks into doubts."""
        return reconcile_uncertain(transaction, self.client, now_fn=lambda: self.now)

    def wait(self, *, every: float = 30, **length: float) -> None:
        """Let time pass with both jobs running."""
        left = dt.timedelta(**length).total_seconds()
        while left > 0:
            self.simulated.advance(min(every, left))
            self.send()
            self.look()
            left -= every
        self.simulated.advance(0)

    def message(self, message_id: int) -> Message:
        """Return a message as it was committed."""
        session = db.session()
        session.rollback()
        return session.scalars(
            select(Message)
            .where(Message.id == message_id)
            .execution_options(populate_existing=True)
        ).one()

    @property
    def arrived(self) -> list[str]:
        """The texts that reached phones, in order."""
        return [sms.body for sms in self.simulated.ledger]

    def _report(self, webhook: Webhook) -> Answer:
        asked = parse_qs(urlsplit(webhook.url).query)
        form = {name: each[0] for name, each in parse_qs(webhook.body).items()}
        error = int(form["ErrorCode"]) if "ErrorCode" in form else None
        transaction(
            lambda session: service.settle_delivery(
                session,
                form["MessageSid"],
                form["MessageStatus"],
                error,
                self.now,
                message_id=int(asked["o"][0]),
            )
        )
        return Answer(204, {}, b"")


Make = Callable[..., Outbox]
