"""What somebody saw or did, kept beside the deed in the same transaction."""

import datetime as dt
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core.db import Base, BigInt
from hotline.core.roles import Actor


class AuditEntry(Base):
    """One line of the audit record. Rows are only ever added."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject", "id"), Index(None, "actor_id", "id"))

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    at: Mapped[dt.datetime]
    actor_id: Mapped[int | None] = mapped_column(BigInt)
    actor_name: Mapped[str] = mapped_column(String(120))
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


def note(
    session: Session, actor: Actor, act: str, subject: str, *, now: dt.datetime, **detail: Any
) -> None:
    """Add one line: who did *act* to *subject* (`ticket:261122-0007`), with *detail*.

    Detail holds codes and reasons, never numbers or names of callers.
    """
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor.id,
            actor_name=actor.name,
            act=act,
            subject=subject,
            detail=detail,
        )
    )
