"""What somebody is still writing: kept sealed on the server until it is sent or a month old."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ForeignKey, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core import upsert
from hotline.core.db import Base
from hotline.core.errors import Invalid
from hotline.core.privacy import Sealed
from hotline.core.words import N_

KEPT: Final = dt.timedelta(days=30)  # domain, section 6.1
LONGEST: Final = 64_000
KEY_LENGTH: Final = 60


class Draft(Base):
    """The unsent words of one form of one member of staff; only they read it."""

    __tablename__ = "draft"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    fields: Mapped[str] = mapped_column(Sealed("draft.fields"))  # JSON
    saved_at: Mapped[dt.datetime] = mapped_column(index=True)


def save(
    session: Session, staff_id: int, key: str, fields: Mapping[str, Any], *, now: dt.datetime
) -> None:
    """Keep what stands in the form now in place of what stood there before.

    Raises:
        Invalid: It is longer than any form of ours.
    """
    text = json.dumps(dict(fields), ensure_ascii=False)
    if len(text) > LONGEST:
        raise Invalid({"fields": N_("太长了")})
    row = {"staff_id": staff_id, "key": key, "fields": text, "saved_at": now}
    session.execute(
        upsert.into(session, Draft)
        .values(row)
        .on_conflict_do_update(
            index_elements=["staff_id", "key"], set_={"fields": text, "saved_at": now}
        )
    )


def find(session: Session, staff_id: int, key: str) -> tuple[dict[str, Any], dt.datetime] | None:
    """Return what was kept and when, or None."""
    row = session.get(Draft, (staff_id, key))
    return (json.loads(row.fields), row.saved_at) if row else None


def drop(session: Session, staff_id: int, key: str) -> None:
    """Forget a draft: it was sent, or thrown away by its writer."""
    session.execute(delete(Draft).where(Draft.staff_id == staff_id, Draft.key == key))


def forget_old(session: Session, *, now: dt.datetime) -> None:
    """Delete what was last touched a month ago."""
    session.execute(delete(Draft).where(Draft.saved_at <= now - KEPT))
