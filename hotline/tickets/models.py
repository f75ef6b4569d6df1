"""Tickets: what was asked, where the matter stands, and what must never be false about it."""

import datetime as dt
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    bindparam,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt
from hotline.core.privacy import Sealed
from hotline.tickets.states import ENDED, OPEN, PAUSED, SETTLED, State


class Channel(StrEnum):
    """How a matter came in."""

    CALL = "call"
    SMS = "sms"
    WEB = "web"
    APP = "app"
    LETTER = "letter"
    VISIT = "visit"
    TRANSFER = "transfer"


class DemandType(StrEnum):
    """What is wanted: Inner Mongolia's five kinds and two more (domain, section 3.1)."""

    INQUIRY = "inquiry"
    COMPLAINT = "complaint"
    LEGAL = "legal"
    SUGGESTION = "suggestion"
    HELP = "help"
    PRAISE = "praise"
    OTHER = "other"


class Urgency(StrEnum):
    """How fast the clock runs."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"


class Outcome(StrEnum):
    """How a matter ended for now."""

    ANSWERED_DIRECT = "answered_direct"
    SOLVED = "solved"
    PARTLY_SOLVED = "partly_solved"
    EXPLAINED = "explained_not_solved"
    CHANNELLED = "channelled"
    TRANSFERRED = "transferred_out"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class SurveyOutcome(StrEnum):
    """What the survey of the present cycle came to; None while it runs."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    UNREACHABLE = "unreachable"
    NOT_POSSIBLE = "not_possible"


IMPORTED = text("import_id IS NOT NULL")


def _states(states: AbstractSet[State]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


#: Told by what it is not: an index of states can do nothing with that, so no engine prefers one.
WHILE_OPEN: Final = f"state NOT IN ({_states(SETTLED | ENDED)})"


def _exactly_when(states: AbstractSet[State], holds: str, name: str) -> CheckConstraint:
    return CheckConstraint(f"(state IN ({_states(states)})) = ({holds})", name=name)


def _while_open(name: str, *columns: str) -> Index:
    where = text(WHILE_OPEN)
    return Index(name, *columns, postgresql_where=where, sqlite_where=where)


def _open_where_given(column: str, *more: str) -> Index:
    """Index what an open ticket has once somebody took it down: an SMS pays nothing."""
    where = text(f"{WHILE_OPEN} AND {column} IS NOT NULL")
    return Index(
        f"ix_ticket_open_{column}", column, *more, postgresql_where=where, sqlite_where=where
    )


def _held(name: str, *columns: str) -> Index:
    """Index what the units hold: what comes in lies with the centre and pays nothing."""
    where = text(f"state IN ({_states(OPEN - {State.RECEIVED})})")
    return Index(name, *columns, postgresql_where=where, sqlite_where=where)


def _where_given(column: str, *more: str) -> Index:
    """Index what most tickets lack when they come in: those cost the way in nothing."""
    where = text(f"{column} IS NOT NULL")
    return Index(None, column, *more, postgresql_where=where, sqlite_where=where)


class Category(Base):
    """A leaf of the subject tree: 20 groups, 81 leaves at first. Tickets keep theirs for good.

    Attributes:
        valid_from: The first day it may be chosen; None for ever since.
        valid_to: The last day; None while nobody retired it.
        successor_code: What is chosen in its place afterwards.
    """

    __tablename__ = "category"
    __table_args__ = (
        CheckConstraint(
            "(valid_to IS NULL) = (successor_code IS NULL)", name="retired_has_successor"
        ),
    )

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120))
    group_code: Mapped[str] = mapped_column(String(4))
    group_name: Mapped[str] = mapped_column(String(80))
    group_name_en: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    successor_code: Mapped[str | None] = mapped_column(ForeignKey("category.code"))


class Reason(Base):
    """One entry of a list of reasons: returns, suspensions, contacts without a ticket."""

    __tablename__ = "reason"

    list: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(160))


class DayCounter(Base):
    """How many tickets a day has had; its row is taken last before COMMIT."""

    __tablename__ = "day_counter"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    n: Mapped[int]


class Ticket(Base):
    """One matter of one worker, from the first word to the archive.

    The checks are the hotline's promise in SQL: a settled matter has an outcome and
    its moment, an open one has a deadline, the first deadline never goes missing.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        _exactly_when(SETTLED, "outcome IS NOT NULL", "settled_has_outcome"),
        CheckConstraint("(outcome IS NULL) = (resolved_at IS NULL)", name="outcome_has_moment"),
        _exactly_when({State.MERGED}, "merged_into_id IS NOT NULL", "merged_has_target"),
        _exactly_when({State.ARCHIVED}, "archived_at IS NOT NULL", "archived_has_moment"),
        _exactly_when(PAUSED, "paused_since IS NOT NULL", "paused_has_moment"),
        CheckConstraint("confidential_level BETWEEN 0 AND 3", name="confidential_level"),
        CheckConstraint("reworks <= 2", name="at_most_two_reworks"),
        CheckConstraint(
            "state NOT IN ('in_progress', 'awaiting_caller', 'suspended', 'result_review')"
            " OR handler_id IS NOT NULL",
            name="work_has_handler",
        ),
        _while_open("ix_ticket_open", "id"),
        _while_open("ix_ticket_due", "due_at", "id"),
        _held("ix_ticket_held", "unit_id", "due_at"),
        *(_open_where_given(column, *more) for column, *more in (
            ("employer_id", "id"),
            ("employer_key", "id"),
            ("project_key", "id"),
            ("region_code", "category_code", "id"),
        )),
        Index(None, "state", "id"),
        Index(None, "unit_id", "id"),
        *(_where_given(column, *more) for column, *more in (
            ("handler_id", "id"),
            ("category_code", "id"),
            ("employer_key", "id"),
            ("employer_id", "id"),
            ("resolved_at",),
            ("merged_into_id",),
            ("import_id",),
        )),
        Index(None, "worker_id", "id"),
        Index(None, "received_at"),
        Index(None, "due_original"),
        Index("ix_ticket_due_any", "due_at"),
        Index(None, "touched_at"),
        Index(
            "ix_ticket_imported", "foreign_number", unique=True,
            postgresql_where=IMPORTED, sqlite_where=IMPORTED,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[State] = mapped_column(default=State.RECEIVED)
    cycle: Mapped[int] = mapped_column(default=1)
    channel: Mapped[Channel]

    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"))
    anonymous: Mapped[bool] = mapped_column(default=False)
    subject: Mapped[str] = mapped_column(Sealed("ticket.subject"))
    narrative: Mapped[str] = mapped_column(Sealed("ticket.narrative"))
    category_code: Mapped[str | None] = mapped_column(ForeignKey("category.code"))
    demand_type: Mapped[DemandType | None]
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    confidential_level: Mapped[int | None]
    employer: Mapped[str | None] = mapped_column(Sealed("ticket.employer"))
    employer_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    project: Mapped[str | None] = mapped_column(Sealed("ticket.project"))  # site, shop, station
    project_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    head_count: Mapped[int | None]
    unknown: Mapped[list[str] | None]  # what the caller was asked and did not know
    foreign_number: Mapped[str | None] = mapped_column(String(60))
    urgency: Mapped[Urgency] = mapped_column(default=Urgency.NORMAL)
    mass: Mapped[bool] = mapped_column(default=False)
    brief: Mapped[str | None] = mapped_column(Sealed("ticket.brief"))  # for who may not read more
    about_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # complained of

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    route_reason: Mapped[str | None] = mapped_column(String(300))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    class_code: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    due_original: Mapped[dt.datetime]
    due_explained: Mapped[list[Any]] = mapped_column(default=list)  # `deadlines.steps`
    due_provisional: Mapped[bool] = mapped_column(default=False)
    clock_from: Mapped[dt.datetime]  # where the present cycle's clock started
    step_due_at: Mapped[dt.datetime | None]
    paused_since: Mapped[dt.datetime | None]
    return_until: Mapped[dt.datetime | None]
    submitted_at: Mapped[dt.datetime | None]
    resolved_at: Mapped[dt.datetime | None]
    archived_at: Mapped[dt.datetime | None]
    touched_at: Mapped[dt.datetime]
    review_on: Mapped[dt.date | None]

    outcome: Mapped[Outcome | None]
    survey_outcome: Mapped[SurveyOutcome | None]
    escalation_level: Mapped[int] = mapped_column(default=0)
    supervision_level: Mapped[int] = mapped_column(default=0)
    urge_count: Mapped[int] = mapped_column(default=0)
    caller_reminders: Mapped[int] = mapped_column(default=0)
    returns_refused: Mapped[int] = mapped_column(default=0)
    reworks: Mapped[int] = mapped_column(default=0)
    reopens: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_file.id"))  # began elsewhere

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's form; two cannot both win

    @property
    def classified(self) -> bool:
        """Whether category, region, demand type and confidentiality are chosen."""
        chosen = (self.category_code, self.region_code, self.demand_type, self.confidential_level)
        return all(value is not None for value in chosen)


#: Whether a ticket is open, written out as in its partial indexes: only so does SQLite use them.
IS_OPEN: Final[ColumnElement[bool]] = Ticket.state.not_in(
    bindparam(None, sorted(SETTLED | ENDED), expanding=True, literal_execute=True)
)
