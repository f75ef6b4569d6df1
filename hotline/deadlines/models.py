"""The calendar and the service classes: rules as rows, each with its days of validity."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt, new_id
from hotline.deadlines.arithmetic import Start


class DayKind(StrEnum):
    """What a day is for those who work by the calendar."""

    WORKDAY = "workday"
    REST = "rest"  # a weekend
    HOLIDAY = "holiday"
    MAKEUP = "makeup"  # a weekend that is worked for a holiday


class CalendarDay(Base):
    """One day, for everybody (scope empty) or for one region that differs."""

    __tablename__ = "calendar_day"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(6), primary_key=True, default="")
    kind: Mapped[DayKind]
    name: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(120))
    provisional: Mapped[bool]


class ServiceClass(Base):
    """The limits of one class of matters, as texts such as `1wd`; a change is a new version."""

    __tablename__ = "service_class"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    sign: Mapped[str] = mapped_column(String(12))
    first_contact: Mapped[str | None] = mapped_column(String(12))
    review: Mapped[str] = mapped_column(String(12))
    reply: Mapped[str] = mapped_column(String(12))  # how long a caller is waited for
    finish: Mapped[str] = mapped_column(String(12))
    start: Mapped[Start]
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    made_at: Mapped[dt.datetime | None]
    made_by: Mapped[str | None] = mapped_column(String(120))
    why: Mapped[str | None] = mapped_column(String(300))


class CalendarImport(Base):
    """A calendar file as it was handed in: first proposed, then perhaps taken in.

    Attributes:
        rows: The lines of the file.
        saved_at: When it was taken in; None while it is a proposal.
        changed: How many days it changed.
    """

    __tablename__ = "calendar_import"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    at: Mapped[dt.datetime]
    by_name: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    rows: Mapped[list[Any]]
    saved_at: Mapped[dt.datetime | None]
    saved_by: Mapped[str | None] = mapped_column(String(120))
    changed: Mapped[int | None]
