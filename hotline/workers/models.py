"""The people who call and write."""

import datetime as dt

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt
from hotline.core.privacy import INDEX_BYTES, Sealed


class Worker(Base):
    """One caller, known by number; a caller who withholds it is a new row each time."""

    __tablename__ = "worker"
    __table_args__ = (
        CheckConstraint("(phone IS NULL) = (phone_key IS NULL)", name="number_can_be_found"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    phone: Mapped[str | None] = mapped_column(Sealed("worker.phone"))
    phone_key: Mapped[bytes | None] = mapped_column(LargeBinary(INDEX_BYTES), unique=True)
    name: Mapped[str | None] = mapped_column(Sealed("worker.name"))
    language: Mapped[str] = mapped_column(String(8), default="zh")
    note: Mapped[str | None] = mapped_column(Sealed("worker.note"))
    opted_out_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
