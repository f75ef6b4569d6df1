"""The answer to a repeated request is the answer to the first: same key, one effect."""

import datetime as dt

from sqlalchemy import LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core.db import Base, BigInt
from hotline.core.errors import GuardFailed
from hotline.core.words import N_


class IdempotencyKey(Base):
    """A key somebody sent with a POST, the hash of what it asked, and the answer."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("actor_id", "key"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    actor_id: Mapped[int] = mapped_column(BigInt)
    key: Mapped[str] = mapped_column(String(120))
    asked: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    answer: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[dt.datetime]


def recall(session: Session, actor_id: int, key: str, asked: str) -> tuple[int, bytes] | None:
    """Return the status and answer kept under *key*, or None when it is new.

    Raises:
        GuardFailed: The key was sent before with another request.
    """
    row = session.scalar(
        select(IdempotencyKey).where(IdempotencyKey.actor_id == actor_id, IdempotencyKey.key == key)
    )
    if row is None:
        return None
    if row.asked != asked:
        raise GuardFailed(N_("同一个幂等键不能用于不同的请求。"), guard="idempotency-key")
    return row.status, row.answer


def keep(
    session: Session,
    actor_id: int,
    key: str,
    asked: str,
    *,
    status: int,
    answer: bytes,
    now: dt.datetime,
) -> None:
    """Keep the answer in the transaction of the effect."""
    session.add(
        IdempotencyKey(
            actor_id=actor_id, key=key, asked=asked, status=status, answer=answer, at=now
        )
    )
    session.flush()
