"""Employers: public facts, so they rest in clear; who complained of one stays with the ticket."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt


class Ownership(StrEnum):
    """Whose an employer is (domain, section 3.2)."""

    STATE = "state"
    PRIVATE = "private"
    FOREIGN = "foreign"
    INDIVIDUAL = "individual"
    PUBLIC_BODY = "public_body"
    PLATFORM = "platform"


class Employer(Base):
    """One employer of the register."""

    __tablename__ = "employer"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(120), index=True)
    code: Mapped[str | None] = mapped_column(String(18), unique=True)
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    address: Mapped[str | None] = mapped_column(String(200))
    ownership: Mapped[Ownership | None]
    has_union: Mapped[bool | None]  # None: not known
    added_by: Mapped[int | None] = mapped_column(BigInt)
    added_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's form; two cannot both win


class EmployerName(Base):
    """A name somebody calls an employer by, without place and legal form; its own is one too."""

    __tablename__ = "employer_name"
    __table_args__ = (Index(None, "heart"),)

    employer_id: Mapped[int] = mapped_column(
        ForeignKey("employer.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    heart: Mapped[str] = mapped_column(String(120))


class EmployerKey(Base):
    """A key under which an employer is found while its name is typed."""

    __tablename__ = "employer_key"

    key: Mapped[str] = mapped_column(String(8), primary_key=True)
    employer_id: Mapped[int] = mapped_column(
        ForeignKey("employer.id", ondelete="CASCADE"), primary_key=True, index=True
    )
