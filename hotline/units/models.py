"""Regions, units and routing rules. Two trees: the union's is not the region's."""

import datetime as dt
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt
from hotline.core.privacy import Sealed

# Paths are compared byte by byte on both engines, so that a subtree is one range of the index.
PATH: Final = String(120).with_variant(String(120, collation="C"), "postgresql")


class UnitKind(StrEnum):
    """What sort of body a unit is."""

    CENTRE = "centre"  # the hotline itself: serves the whole of the unit above it
    UNION = "union"
    BASIC = "basic"  # the union inside one enterprise: the employer's side
    ZONE = "zone"  # the union of a development zone, which is no division of its own
    PARTNER = "partner"  # court, procuratorate, labour bureau, justice


class Region(Base):
    """An administrative division by its GB/T 2260 code."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    level: Mapped[int]


class Unit(Base):
    """A body that can hold a matter. `path` is the ids from the root: `/1/5/`."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_it_begins"),
        CheckConstraint("(kind = 'basic') = (employer_key IS NOT NULL)", name="basic_has_employer"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120))
    kind: Mapped[UnitKind]
    parent_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(PATH, unique=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    duty_phone: Mapped[str | None] = mapped_column(Sealed("unit.duty_phone"))
    employer_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))  # whose enterprise union
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]


class RoutingRule(Base):
    """Which unit takes a region × category on; an empty side stands for all."""

    __tablename__ = "routing_rule"
    __table_args__ = (Index(None, "party", "region_code"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    party: Mapped[str] = mapped_column(String(20), default="union")
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    category_code: Mapped[str | None] = mapped_column(String(4))  # a leaf `A1` or a group `A`
    unit_id: Mapped[int] = mapped_column(BigInt, ForeignKey("unit.id"))
    note: Mapped[str | None] = mapped_column(String(200))
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
