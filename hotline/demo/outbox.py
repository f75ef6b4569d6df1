"""The carrier's part in the history: every SMS that was due has left, and most arrived."""

import datetime as dt
from random import Random
from typing import Any, Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from hotline.messages.jobs import composed
from hotline.messages.models import DeskNotice, Message
from hotline.messages.service import MESSAGE
from hotline.messages.states import RANKS, Direction, MessageState
from hotline.telephony.segments import measure

NO_SUCH_PHONE: Final = 30005
LOST: Final = 0.015  # the share that did not arrive
LEAVES: Final = dt.timedelta(seconds=1)
ARRIVES: Final = dt.timedelta(seconds=4)
READ_WITHIN: Final = dt.timedelta(hours=4)
OWNER: Final = "demo"

_SETTLE: Final = (
    update(MESSAGE)
    .where(MESSAGE.c.id == bindparam("key"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "state", "body", "segments", "provider_sid", "rank", "error_code", "reason",
                "sent_at", "settled_at", "attempts", "owner",
            )
        }
    )
)  # fmt: skip


def settle(session: Session, chance: Random, now: dt.datetime) -> None:
    """Settle what was due by *now* as if the carrier had taken it when it was due."""
    session.flush()
    due = session.scalars(
        select(Message)
        .where(
            Message.direction == Direction.OUT,
            Message.state == MessageState.WAITING,
            Message.due_at <= now,
        )
        .order_by(Message.due_at, Message.id)
    ).all()
    if due:
        session.connection().execute(_SETTLE, [_settled(session, row, chance, now) for row in due])


def _settled(
    session: Session, message: Message, chance: Random, now: dt.datetime
) -> dict[str, Any]:
    body, _wording = composed(session, message)
    due_at = message.due_at or now
    arrived = chance.random() >= LOST
    return {
        "key": message.id,
        "new_state": MessageState.DELIVERED if arrived else MessageState.FAILED,
        "new_body": body,
        "new_segments": measure(body).count,
        "new_provider_sid": f"SM{chance.getrandbits(128):032x}",
        "new_rank": RANKS["delivered" if arrived else "undelivered"],
        "new_error_code": None if arrived else NO_SUCH_PHONE,
        "new_reason": None if arrived else "undelivered",
        "new_sent_at": min(due_at + LEAVES, now),
        "new_settled_at": min(due_at + ARRIVES, now),
        "new_attempts": 1,
        "new_owner": OWNER,
    }


def read_notices(session: Session, now: dt.datetime) -> None:
    """Let everybody have read what lay on their desks for some hours."""
    newest = select(func.max(DeskNotice.id)).where(DeskNotice.at <= now - READ_WITHIN)
    session.execute(
        update(DeskNotice)
        .where(DeskNotice.id <= newest.scalar_subquery(), DeskNotice.read_at.is_(None))
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
