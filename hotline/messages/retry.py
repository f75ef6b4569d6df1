"""When to ask again: full jitter after a refusal, once more after a line was crowded."""

import datetime as dt
import random
from typing import Final

from sqlalchemy.orm import Session

from hotline.messages.models import Message
from hotline.messages.states import MessageKind, MessageState
from hotline.telephony.errors import PASSING

BASE: Final = 1.0  # seconds
LONGEST: Final = 300.0
TRIES: Final = 8

PHONE_OFF: Final = 30003
AFTER_PHONE_OFF: Final = dt.timedelta(hours=2)
AFTER_CROWD: Final = dt.timedelta(minutes=5)
AGAIN: Final = "again:"

COPIED: Final = (
    "direction",
    "kind",
    "policy",
    "priority",
    "ticket_id",
    "worker_id",
    "staff_id",
    "address",
    "address_key",
    "block_key",
    "template",
    "params",
    "body",
    "language",
    "valid_until",
)


def pause(failures: int, *, at_least: float = 0.0) -> dt.timedelta:
    """Return how long to wait after so many *failures*: anything up to a doubling limit."""
    limit = min(LONGEST, BASE * 2**failures)
    wait = random.uniform(0, limit)  # noqa: S311 - spreads the load, keeps no secret
    return dt.timedelta(seconds=max(wait, at_least))


def try_again(session: Session, message_id: int, error: int | None, now: dt.datetime) -> None:
    """Order the message *message_id* once more if its failure may pass in its lifetime.

    The failed row stays as it is. A survey is not repeated: its own plan asks again.
    """
    due_at = now + (AFTER_PHONE_OFF if error == PHONE_OFF else AFTER_CROWD)
    failed = session.get(Message, message_id, populate_existing=True)
    if (
        failed is None
        or error not in PASSING
        or failed.kind is MessageKind.SURVEY
        or (failed.purpose or "").startswith(AGAIN)
        or failed.valid_until is None
        or failed.valid_until <= due_at
    ):
        return
    session.add(
        Message(
            **{name: getattr(failed, name) for name in COPIED},
            purpose=f"{AGAIN}{failed.id}",
            state=MessageState.WAITING,
            due_at=due_at,
            created_at=now,
        )
    )
