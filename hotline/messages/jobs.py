"""What the clock does with messages: hand over what is due, and find out what is in doubt.

Three steps, three commits: claim, mark as being sent, settle. The carrier is asked
between them and never inside a transaction. A crash leaves a row that says how far it
came; nothing is lost, and nothing is sent twice that the carrier would tell us about.
"""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from hotline.core.db import Transact
from hotline.core.pin import pin_of
from hotline.messages import caps, health, wording, wordings
from hotline.messages.failpoints import reach
from hotline.messages.models import Message
from hotline.messages.neighbours import ticket
from hotline.messages.outgoing import Claim, claim, write
from hotline.messages.rules import Rules
from hotline.messages.settling import DOUBT_AFTER, handed_over, lost, refused
from hotline.messages.states import MessageKind, MessageState
from hotline.telephony.port import Carrier, CarrierBusy, CarrierRefused, CarrierUncertain
from hotline.telephony.segments import measure

BATCH: Final = 20
PASSES: Final = 10
LONGEST_VALID: Final = 36_000  # seconds; the carrier takes no more
SHORTEST_VALID: Final = 6

LANES: Final = (
    (MessageKind.ALERT, Message.kind == MessageKind.ALERT),
    (MessageKind.ACK, Message.kind == MessageKind.ACK),
    (None, Message.kind.not_in((MessageKind.ALERT, MessageKind.ACK))),
)

NowFn = Callable[[], dt.datetime]


@dataclass(frozen=True)
class Ready:
    """A message that is marked as being sent."""

    claim: Claim
    to: str
    body: str
    valid_for: int


def send_waiting(transact: Transact, carrier: Carrier, rules: Rules, *, now_fn: NowFn) -> int:
    """Hand over every message that is due and within the caps; return how many left.

    Any number of clocks may run this at once. It stops early when the carrier fails
    five times in a row; then one message each 30 seconds tries whether it is back.
    """
    owner, left = secrets.token_hex(8), 0
    for _ in range(PASSES):
        reach("W1")
        claims = transact(lambda session: _claim(session, rules, owner, now_fn()))
        reach("W2")
        left += sum(_send(transact, carrier, rules, one, now_fn) for one in claims)
        if not claims:
            break
    return left


def _claim(session: Session, rules: Rules, owner: str, now: dt.datetime) -> list[Claim]:
    """Claim what the caps leave room for: alerts, acknowledgements, then all the rest."""
    wanted = health.allowed(session, now, wanted=BATCH)
    if not wanted:
        return []
    space, claims = caps.room(session, rules, now), list[Claim]()
    for lane, kinds in LANES:
        limit = min(wanted - len(claims), space.of(lane))
        if limit > 0:
            claims += claim(session, Message, now=now, owner=owner, limit=limit, only=kinds)
    return claims


def _send(transact: Transact, carrier: Carrier, rules: Rules, one: Claim, now_fn: NowFn) -> bool:
    ready = transact(lambda session: _prepare(session, rules, one, now_fn()))
    if ready is None:
        return False
    reach("W3")
    try:
        sent = carrier.send_sms(
            ready.to,
            ready.body,
            status_callback=rules.report_to(one.id),
            valid_for=ready.valid_for,
        )
    except (CarrierRefused, CarrierBusy) as error:
        transact(partial(refused, claim=one, error=error, now=now_fn()))
        return False
    except CarrierUncertain as error:
        transact(partial(lost, claim=one, error=error, now=now_fn()))
        return False
    reach("W4")
    transact(lambda session: handed_over(session, one, sent))
    reach("W5")
    return True


def _prepare(session: Session, rules: Rules, one: Claim, now: dt.datetime) -> Ready | None:
    """Mark a claimed message as being sent, with its words; or say why it does not leave."""
    message = session.get(Message, one.id, populate_existing=True)
    if message is None or message.state is not MessageState.WAITING:
        return None
    if caps.room(session, rules, now).of(message.kind) < 1:  # another clock was faster
        write(session, Message, one, lease_until=None)
        return None
    halt = caps.stop(session, message, rules, now)
    if halt is not None and halt.until is None:
        write(
            session,
            Message,
            one,
            state=MessageState.CANCELLED,
            reason=halt.reason,
            settled_at=now,
            lease_until=None,
        )
        return None
    if halt is not None:
        write(session, Message, one, due_at=halt.until, reason=halt.reason, lease_until=None)
        return None
    body, wording_id = composed(session, message)
    mine = write(
        session,
        Message,
        one,
        state=MessageState.SENDING,
        body=body,
        wording_id=wording_id,
        segments=measure(body).count,
        reason=None,
        sent_at=now,
        lease_until=now + DOUBT_AFTER,
    )
    return Ready(one, message.address or "", body, _lifetime(message, now)) if mine else None


def composed(session: Session, message: Message) -> tuple[str, int | None]:
    """Return the words as of now, and the version they are; what was once written stays.

    As of now: a number that was taken last, a promise that may have moved.
    """
    if message.body is not None:
        return message.body, message.wording_id
    template, params = message.template or "", dict(message.params)
    if message.ticket_id is not None:
        of = session.execute(ticket.select().where(ticket.c.id == message.ticket_id)).one()
        due = wording.moment(of.due_at, message.language)
        params = {"number": of.number, "due": due, "pin": pin_of(of.id)} | params
        if template == "ack" and of.class_code != "triage":
            template = "ack_classified"
    ours = wordings.newest(session, template, message.language)
    body = wording.compose(template, params, message.language, ours.words if ours else None)
    return body, ours.id if ours else None


def _lifetime(message: Message, now: dt.datetime) -> int:
    if message.valid_until is None:
        return LONGEST_VALID
    left = int((message.valid_until - now).total_seconds())
    return min(LONGEST_VALID, max(SHORTEST_VALID, left))
