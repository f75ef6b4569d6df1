"""What the carrier's answer makes of a message that was handed over."""

import datetime as dt
from typing import Final

import structlog
from sqlalchemy import case, insert, literal, select, update
from sqlalchemy.orm import Session

from hotline.messages import health
from hotline.messages.models import Message
from hotline.messages.neighbours import REFUSED, opt_out, worker
from hotline.messages.outgoing import Claim, write
from hotline.messages.retry import TRIES, pause
from hotline.messages.states import RANKS, MessageState
from hotline.telephony.errors import OPTED_OUT, OURS_TO_MEND
from hotline.telephony.port import CarrierBusy, CarrierRefused, CarrierUncertain, Sent

log = structlog.get_logger()

DOUBT_AFTER: Final = dt.timedelta(seconds=120)  # by then a report would have come
LOST: Final = "lost"  # reasons of doubt
SERVER_ERROR: Final = "server_error"
NOT_YET: Final = (MessageState.SENDING, MessageState.UNCERTAIN)


def handed_over(session: Session, claim: Claim, sent: Sent) -> None:
    """Write that the carrier has it; a delivery report that came first stands."""
    write(
        session,
        Message,
        claim,
        provider_sid=sent.sid,
        segments=sent.segments or Message.segments,
        lease_until=None,
        reason=None,
        state=case(
            (Message.state.in_(NOT_YET), literal(MessageState.SENT, Message.state.type)),
            else_=Message.state,
        ),
        rank=case((Message.rank == 0, RANKS["accepted"]), else_=Message.rank),
    )
    health.answered(session)


def refused(
    session: Session, claim: Claim, error: CarrierRefused | CarrierBusy, now: dt.datetime
) -> None:
    """Write that the carrier certainly did not take it: for good, or to be asked again.

    While the carrier as a whole is down, no message loses one of its tries by it.
    """
    code = error.code if isinstance(error, CarrierRefused) else None
    if isinstance(error, CarrierRefused) and error.permanent:
        health.answered(session)
        _give_up(session, claim, "refused", code, now)
        return
    if isinstance(error, CarrierBusy) or code in OURS_TO_MEND:
        blameless = health.is_down(session)
        health.failed(session, now)
    else:
        blameless = False
    _ask_later(session, claim, error, now, blameless=blameless)


def lost(session: Session, claim: Claim, error: CarrierUncertain, now: dt.datetime) -> None:
    """Write that nobody knows whether the carrier took it; it is looked into later."""
    log.warning("sms.uncertain", message=claim.id)
    health.failed(session, now)
    write(
        session,
        Message,
        claim,
        state=case(
            (
                Message.state == MessageState.SENDING,
                literal(MessageState.UNCERTAIN, Message.state.type),
            ),
            else_=Message.state,
        ),
        lease_until=now + DOUBT_AFTER,
        reason=SERVER_ERROR if error.answered else LOST,
    )


def _ask_later(
    session: Session,
    claim: Claim,
    error: CarrierRefused | CarrierBusy,
    now: dt.datetime,
    *,
    blameless: bool,
) -> None:
    failures = session.scalar(select(Message.failures).where(Message.id == claim.id)) or 0
    failures += not blameless
    code = error.code if isinstance(error, CarrierRefused) else None
    if failures >= TRIES:
        _give_up(session, claim, "gave_up", code, now)
        return
    at_least = (error.retry_after or 0.0) if isinstance(error, CarrierBusy) else 0.0
    write(
        session,
        Message,
        claim,
        state=MessageState.WAITING,
        due_at=now + pause(failures, at_least=at_least),
        failures=failures,
        error_code=code,
        sent_at=None,
        lease_until=None,
    )


def _give_up(
    session: Session, claim: Claim, reason: str, code: int | None, now: dt.datetime
) -> None:
    log.warning("sms.failed", message=claim.id, reason=reason, code=code)
    write(
        session,
        Message,
        claim,
        state=MessageState.FAILED,
        reason=reason,
        error_code=code,
        sent_at=None,
        settled_at=now,
        lease_until=None,
    )
    if code == OPTED_OUT:
        key = select(Message.address_key).where(Message.id == claim.id).scalar_subquery()
        left = session.scalars(
            update(worker)
            .where(worker.c.phone_key == key, worker.c.opted_out_at.is_(None))
            .values(opted_out_at=now)
            .returning(worker.c.id)
        ).all()
        for one in left:
            line = {"worker_id": one, "source": REFUSED, "left_at": now}
            session.execute(insert(opt_out).values(line))
