"""What is done with messages: kept when they come, ordered, cancelled, settled by reports."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final, cast

import structlog
from sqlalchemy import CursorResult, Table, and_, case, insert, literal, or_, update
from sqlalchemy.orm import Session

from hotline.core import upsert
from hotline.core.db import new_id
from hotline.core.privacy import blind_index
from hotline.messages import wording
from hotline.messages.models import Message
from hotline.messages.retry import try_again
from hotline.messages.states import (
    OVER,
    PRIORITY,
    RANKS,
    VALID_FOR,
    Direction,
    MessageKind,
    MessageState,
    policy,
    reported,
)
from hotline.telephony.port import InboundSms

log = structlog.get_logger()

Row = dict[str, Any]
MESSAGE: Final = cast(Table, Message.__table__)
BLOCK: Final = 2  # digits at the end that differ inside one block of numbers


def received(
    sms: InboundSms,
    *,
    worker_id: int | None,
    ticket_id: int | None,
    now: dt.datetime,
    reason: str | None = None,
) -> Row:
    """Return the row of an SMS that came in; *reason* says why it belongs to no ticket."""
    address = sms.from_ or sms.raw_from
    return _row(
        direction=Direction.IN,
        kind=MessageKind.INBOUND,
        state=MessageState.RECEIVED,
        provider_sid=sms.sid,
        worker_id=worker_id,
        ticket_id=ticket_id,
        address=address,
        address_key=blind_index(address),
        body=sms.body,
        reason=reason,
        created_at=now,
    )


def order(
    *,
    to: str,
    kind: MessageKind,
    now: dt.datetime,
    template: str | None = None,
    params: Mapping[str, Any] | None = None,
    body: str | None = None,
    purpose: str | None = None,
    ticket_id: int | None = None,
    worker_id: int | None = None,
    staff_id: int | None = None,
    language: str = "zh",
    due_at: dt.datetime | None = None,
    valid_for: int | None = None,
) -> Row:
    """Return the row of an SMS to send: a *template* of `wording.py` or a *body*.

    *to* is E.164. It leaves at *due_at*, by default now, and dies *valid_for* seconds
    later, by default what its *kind* allows.
    """
    due_at = due_at or now
    lives = VALID_FOR[kind] if valid_for is None else valid_for
    return _row(
        direction=Direction.OUT,
        kind=kind,
        policy=policy(kind),
        state=MessageState.WAITING,
        priority=PRIORITY[kind],
        purpose=purpose,
        ticket_id=ticket_id,
        worker_id=worker_id,
        staff_id=staff_id,
        address=to,
        address_key=blind_index(to),
        block_key=blind_index(to[:-BLOCK]),
        body=None if body is None else wording.signed(body),
        template=template,
        params=dict(params or {}),
        language=language,
        due_at=due_at,
        valid_until=due_at + dt.timedelta(seconds=lives),
        created_at=now,
    )


def write(session: Session, *rows: Row) -> None:
    """Insert *rows* in one round trip. A second row with the same provider id fails."""
    session.execute(insert(MESSAGE), list(rows))


def record(
    session: Session,
    sms: InboundSms,
    *,
    worker_id: int | None,
    ticket_id: int | None,
    now: dt.datetime,
    reason: str | None = None,
) -> int:
    """Keep an SMS that came in and return its id."""
    row = received(sms, worker_id=worker_id, ticket_id=ticket_id, now=now, reason=reason)
    write(session, row)
    return int(row["id"])


def queue(session: Session, **given: Any) -> bool:
    """Order an SMS, see `order`; it leaves only if the transaction commits.

    Returns:
        False if a message with the same `purpose` was ordered before; then nothing happens.
    """
    once = upsert.into(session, MESSAGE).on_conflict_do_nothing().returning(MESSAGE.c.id)
    return session.execute(once, order(**given)).first() is not None


def cancel(
    session: Session,
    *,
    reason: str,
    now: dt.datetime,
    ticket_id: int | None = None,
    purpose: str | None = None,
    kinds: Collection[MessageKind] = (),
    since: dt.datetime | None = None,
) -> int:
    """Cancel what waits for a ticket or a purpose, ordered *since* then; return how many.

    What is on its way to the carrier cannot be called back.
    """
    if ticket_id is None and purpose is None:
        raise ValueError("Name a ticket or a purpose.")
    chosen = [
        *([Message.ticket_id == ticket_id] if ticket_id is not None else []),
        *([Message.purpose == purpose] if purpose is not None else []),
        *([Message.kind.in_(kinds)] if kinds else []),
        *([Message.created_at >= since] if since is not None else []),
    ]
    done = session.execute(
        update(Message)
        .where(Message.state == MessageState.WAITING, *chosen)
        .values(state=MessageState.CANCELLED, reason=reason, settled_at=now)
        .execution_options(synchronize_session=False)
    )
    return _count(done)


def settle_delivery(
    session: Session,
    sid: str,
    status: str,
    error: int | None,
    now: dt.datetime,
    *,
    message_id: int | None = None,
) -> bool:
    """Take a delivery report; return whether it said something new.

    Reports come in any order and more than once: only a higher rank counts.
    *message_id* names the order when the carrier's first answer was lost: the report
    then also tells us the carrier's id. A line that was only crowded or a phone that
    was off is tried once more.
    """
    rank = RANKS.get(status, 0)
    state = reported(rank)
    over = rank >= OVER
    done = session.execute(
        update(Message)
        .where(
            Message.direction == Direction.OUT,
            Message.rank < rank,
            or_(
                Message.provider_sid == sid,
                and_(Message.id == message_id, Message.provider_sid.is_(None)),
            ),
        )
        .values(
            rank=rank,
            state=state,
            provider_sid=sid,
            error_code=error,
            reason="undelivered" if state is MessageState.FAILED else None,
            settled_at=now if over else None,
            lease_until=None,
            sent_at=case((Message.sent_at.is_(None), literal(now)), else_=Message.sent_at),
        )
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if done is not None and state is MessageState.FAILED:
        log.warning("sms.undelivered", message=done, code=error)
        try_again(session, done, error, now)
    return done is not None


def _row(**given: Any) -> Row:
    """Return a whole row, so that rows of both directions go into one statement."""
    return {**EMPTY, "id": new_id(), **given}


EMPTY: Final[Row] = {
    **{column.name: None for column in MESSAGE.columns if column.nullable},
    "policy": policy(MessageKind.INBOUND),
    "priority": 0,
    "attempts": 0,
    "failures": 0,
    "rank": 0,
    "params": {},
    "language": "zh",
}


def _count(result: Any) -> int:
    assert isinstance(result, CursorResult)  # noqa: S101 - writing always gives one
    return result.rowcount
