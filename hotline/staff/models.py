"""Accounts, sessions, tokens, presence, skills, shifts, and the count of failed logins."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt
from hotline.core.privacy import INDEX_BYTES, Sealed
from hotline.core.roles import Role
from hotline.staff.presence import Line, PresenceState
from hotline.staff.skills import Duty, Skill

_ONE_OF_THESE = text("role IN ('admin', 'auditor', 'security')")  # core.roles.APART
UNDECIDED = text("decided_at IS NULL")


class Staff(Base):
    """One member of staff."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(Sealed("staff.phone"))
    phone_key: Mapped[bytes | None] = mapped_column(LargeBinary(INDEX_BYTES), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(160))
    unit_id: Mapped[int] = mapped_column(BigInt, ForeignKey("unit.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(String(10), default="zh_CN")
    created_at: Mapped[dt.datetime]


class StaffRole(Base):
    """A role somebody holds; admin, security and auditor never meet in one person."""

    __tablename__ = "staff_role"
    __table_args__ = (
        Index(
            "uq_staff_role_kept_apart",
            "staff_id",
            unique=True,
            sqlite_where=_ONE_OF_THESE,
            postgresql_where=_ONE_OF_THESE,
        ),
        CheckConstraint("role <> 'system'", name="system_is_nobody"),
    )

    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class StaffSession(Base):
    """A login that lasts until it is closed here. The id is the hash of the cookie's token."""

    __tablename__ = "staff_session"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"), index=True)
    opened_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    closes_at: Mapped[dt.datetime] = mapped_column(index=True)
    closed_at: Mapped[dt.datetime | None]


class ApiToken(Base):
    """A token of the API, which acts as its member of staff. Only its hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"), index=True)
    issued_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]


class Presence(Base):
    """Whether somebody can take a call now, and since when.

    Attributes:
        reason: A code of `break_reason`, or of `presence.Why` where nobody chose it.
        until: When the state runs out: a wrap-up, or a break that has a cap.
        extensions: How often this wrap-up was lengthened.
        seen_at: The last sign of life of a page; None where there was none since they
            signed in, and so none can be lost.
        called_out: Whether they are there only because a call rang them on call.
    """

    __tablename__ = "presence"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('ringing', 'talking') OR call_id IS NOT NULL", name="rings_for_a_call"
        ),
        Index(None, "state", "since"),  # the question of each waiting call: who is free longest?
    )

    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"), primary_key=True)
    state: Mapped[PresenceState]
    line: Mapped[Line]
    since: Mapped[dt.datetime]
    call_id: Mapped[int | None] = mapped_column(BigInt)
    reason: Mapped[str | None] = mapped_column(String(40))
    until: Mapped[dt.datetime | None] = mapped_column(index=True)
    extensions: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[dt.datetime | None]
    called_out: Mapped[bool] = mapped_column(default=False)
    missed: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class PresenceChange(Base):
    """The record of presences. Rows are only ever added; `by_id` names who forced a change."""

    __tablename__ = "presence_change"
    __table_args__ = (Index(None, "staff_id", "at"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"))
    at: Mapped[dt.datetime] = mapped_column(index=True)
    act: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[PresenceState]
    line: Mapped[Line]
    call_id: Mapped[int | None] = mapped_column(BigInt)
    reason: Mapped[str | None] = mapped_column(String(40))
    by_id: Mapped[int | None] = mapped_column(BigInt)


class BreakReason(Base):
    """What somebody may step away for.

    Attributes:
        minutes: How long at most; None for as long as it takes.
        counted: Whether it counts towards how many may be on a break at once.
        place: Where it stands in the menu.
    """

    __tablename__ = "break_reason"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(80))
    minutes: Mapped[int | None]
    counted: Mapped[bool]
    place: Mapped[int]


class StaffSkill(Base):
    """What somebody can do for callers besides speaking Chinese."""

    __tablename__ = "staff_skill"

    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"), primary_key=True)
    skill: Mapped[Skill] = mapped_column(primary_key=True)


class Shift(Base):
    """A time somebody is rostered for: at the desk, or on call with their own telephone."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("begins_at < ends_at", name="begins_before_it_ends"),
        Index(None, "ends_at"),
        Index(None, "staff_id", "begins_at", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"))
    duty: Mapped[Duty]
    begins_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]


class ShiftSwap(Base):
    """Two people want to take each other's shift: one asks, the other agrees, a lead decides.

    Attributes:
        shift_id: Of whoever asks; `other_id` of the other one.
        approved: What the lead decided; None while nobody has.
    """

    __tablename__ = "shift_swap"
    __table_args__ = (
        CheckConstraint("shift_id <> other_id", name="two_shifts"),
        CheckConstraint("(approved IS NULL) = (decided_at IS NULL)", name="decided_has_moment"),
        Index(
            "uq_shift_swap_open",
            "shift_id",
            unique=True,
            postgresql_where=UNDECIDED,
            sqlite_where=UNDECIDED,
        ),
        Index(None, "other_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    shift_id: Mapped[int] = mapped_column(BigInt, ForeignKey("shift.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(BigInt, ForeignKey("shift.id", ondelete="CASCADE"))
    asked_at: Mapped[dt.datetime]
    agreed_at: Mapped[dt.datetime | None]
    approved: Mapped[bool | None]
    decided_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"))
    decided_at: Mapped[dt.datetime | None]
