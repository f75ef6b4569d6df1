"""Messages of which nobody knows whether the carrier took them: ask it, then decide.

A report with our own id in its address settles most before this job looks. What the
carrier's list shows is adopted. What is listed nowhere was not taken and is sent again,
except a survey whose answer was lost: it may be hidden, and nobody is asked twice. A
carrier that has no list can tell less: what it answered with an error is sent again, what
it did not answer is given up after a while, for a person to see.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.core.db import Transact
from hotline.messages.models import Message
from hotline.messages.outgoing import Claim, write
from hotline.messages.retry import TRIES
from hotline.messages.settling import DOUBT_AFTER, NOT_YET, SERVER_ERROR
from hotline.messages.states import OVER, RANKS, TAKEN, MessageState, Policy, reported
from hotline.telephony.port import Carrier, CarrierError, CarrierMessage, CarrierRefused

log = structlog.get_logger()

BATCH: Final = 20
HELD_FOR: Final = dt.timedelta(minutes=15)  # how long a survey may still turn up
CLOCKS_DIFFER: Final = dt.timedelta(seconds=60)


@dataclass(frozen=True)
class Doubt:
    """A message in doubt: what was handed over, to whom and when."""

    claim: Claim
    to: str
    body: str
    since: dt.datetime


def reconcile_uncertain(
    transact: Transact, carrier: Carrier, *, now_fn: Callable[[], dt.datetime]
) -> int:
    """Look into every message in doubt for two minutes; return how many became clear."""
    doubts = transact(lambda session: _claim_doubts(session, secrets.token_hex(8), now_fn()))
    clear = 0
    for doubt in doubts:
        try:
            listed = _listed(carrier, doubt)
        except CarrierError:
            continue  # the lease ends, and the next run asks again
        clear += transact(partial(_decide, doubt=doubt, listed=listed, now=now_fn()))
    return clear


def _listed(carrier: Carrier, doubt: Doubt) -> Sequence[CarrierMessage] | None:
    """Return what the carrier lists; None where it has no such list at all."""
    try:
        return carrier.list_sms(doubt.since - CLOCKS_DIFFER, to=doubt.to)
    except CarrierRefused as refusal:
        if refusal.permanent:
            return None
        raise


def _claim_doubts(session: Session, owner: str, now: dt.datetime) -> list[Doubt]:
    chosen = (
        select(Message.id)
        .where(Message.state.in_(NOT_YET), Message.lease_until <= now)
        .order_by(Message.lease_until)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = session.execute(
        update(Message)
        .where(Message.id.in_(chosen.scalar_subquery()))
        .values(
            state=MessageState.UNCERTAIN,
            owner=owner,
            attempts=Message.attempts + 1,
            lease_until=now + DOUBT_AFTER,
        )
        .returning(Message.id, Message.attempts, Message.address, Message.body, Message.sent_at)
        .execution_options(synchronize_session=False)
    ).all()
    return [
        Doubt(Claim(row.id, owner, row.attempts), row.address, row.body, row.sent_at or now)
        for row in rows
    ]


def _decide(
    session: Session, doubt: Doubt, listed: Sequence[CarrierMessage] | None, now: dt.datetime
) -> bool:
    found = _ours(session, doubt, listed or ())
    if found is not None:
        return _adopt(session, doubt.claim, found, now)
    message = session.get(Message, doubt.claim.id, populate_existing=True)
    if message is None or message.state is not MessageState.UNCERTAIN:
        return True  # a report came while we asked
    holds = message.policy is Policy.HOLD or listed is None
    again = not holds or message.reason == SERVER_ERROR
    if again and message.failures + 1 < TRIES:
        log.info("sms.not_taken", message=message.id)
        return write(
            session,
            Message,
            doubt.claim,
            state=MessageState.WAITING,
            due_at=now,
            failures=message.failures + 1,
            reason=None,
            sent_at=None,
            lease_until=None,
        )
    if holds and now < doubt.since + HELD_FOR:
        return False
    log.warning("sms.never_known", message=message.id)
    return write(
        session,
        Message,
        doubt.claim,
        state=MessageState.FAILED,
        reason="uncertain",
        settled_at=now,
        lease_until=None,
    )


def _ours(
    session: Session, doubt: Doubt, listed: Sequence[CarrierMessage]
) -> CarrierMessage | None:
    """Return the listed message with our words that no other row has, the earliest first."""
    same = [message for message in listed if message.body == doubt.body]
    known = set(
        session.scalars(
            select(Message.provider_sid).where(Message.provider_sid.in_([m.sid for m in same]))
        )
    )
    free = [message for message in same if message.sid not in known]
    return min(free, key=lambda message: message.sent_at or doubt.since, default=None)


def _adopt(session: Session, claim: Claim, found: CarrierMessage, now: dt.datetime) -> bool:
    rank = RANKS.get(found.status, TAKEN)
    log.info("sms.adopted", message=claim.id, status=found.status)
    return write(
        session,
        Message,
        claim,
        provider_sid=found.sid,
        rank=rank,
        state=reported(rank),
        reason="undelivered" if reported(rank) is MessageState.FAILED else None,
        settled_at=now if rank >= OVER else None,
        lease_until=None,
    )
