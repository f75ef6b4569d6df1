"""Surveys: one for each cycle of a ticket."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt, new_id
from hotline.core.privacy import Sealed
from hotline.surveys.states import CheckOutcome, Exempt, SurveyChannel, SurveyState


class Survey(Base):
    """The question put to the worker of one ticket in one cycle, and the answer.

    Attributes:
        tries: How often the question was sent.
        next_at: When the clock looks at it again; None once it is over.
        asked_at: When the first question left, or may leave at the earliest.
        score: 1 非常满意 … 5 非常不满意; 1 to 3 count as satisfied.
        first_score: The first answer, should a person later correct it.
        late: The answer came after the hotline had given up.
        reason: Why it was not possible to ask.
    """

    __tablename__ = "survey"
    __table_args__ = (
        UniqueConstraint("ticket_id", "cycle"),
        CheckConstraint("(state = 'answered') = (score IS NOT NULL)", name="answered_has_score"),
        CheckConstraint("(score IS NULL) = (answered_at IS NULL)", name="score_has_moment"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score_on_scale"),
        CheckConstraint(
            "(state IN ('due', 'asked', 'unclear')) = (next_at IS NOT NULL)", name="open_has_timer"
        ),
        Index(  # the clock's question: who is to be asked again?
            "ix_survey_open",
            "next_at",
            postgresql_where=text("next_at IS NOT NULL"),
            sqlite_where=text("next_at IS NOT NULL"),
        ),
        Index(None, "worker_id", "asked_at"),  # an answer's question: which was asked last?
        Index(None, "answered_at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    cycle: Mapped[int]
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"))
    state: Mapped[SurveyState]
    channel: Mapped[SurveyChannel] = mapped_column(default=SurveyChannel.SMS)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]
    next_at: Mapped[dt.datetime | None]
    asked_at: Mapped[dt.datetime | None]
    answered_at: Mapped[dt.datetime | None]
    score: Mapped[int | None]
    first_score: Mapped[int | None]
    comment: Mapped[str | None] = mapped_column(Sealed("survey.comment"))
    reason: Mapped[str | None] = mapped_column(String(40))
    late: Mapped[bool] = mapped_column(default=False)


class SurveyCall(Base):
    """A call that was placed to put the question of a survey: one try."""

    __tablename__ = "survey_call"

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)


class SurveyTry(Base):
    """A surveyor rang in vain: when, and who."""

    __tablename__ = "survey_try"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    at: Mapped[dt.datetime]
    staff_id: Mapped[int | None] = mapped_column(BigInt)


class SurveyCheck(Base):
    """What a person took down that another person asks about again: an answer, or none.

    Attributes:
        taken_by: Who took the answer, or rang in vain.
        outcome: What the second call came to; None while it waits.
        score: What the worker said the second time; it never replaces the answer.
    """

    __tablename__ = "survey_check"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (checked_at IS NULL)", name="outcome_has_moment"),
        Index(
            "ix_survey_check_waiting",
            "drawn_at",
            postgresql_where=text("outcome IS NULL"),
            sqlite_where=text("outcome IS NULL"),
        ),
    )

    survey_id: Mapped[int] = mapped_column(
        ForeignKey("survey.id"), primary_key=True, autoincrement=False
    )
    drawn_at: Mapped[dt.datetime]
    taken_by: Mapped[int | None] = mapped_column(BigInt)
    outcome: Mapped[CheckOutcome | None]
    score: Mapped[int | None]
    checked_by: Mapped[int | None] = mapped_column(BigInt)
    checked_at: Mapped[dt.datetime | None]


class SurveyExemption(Base):
    """A number nobody asks, from when it was put on the list until it was taken off."""

    __tablename__ = "survey_exemption"
    __table_args__ = (
        Index(
            "uq_survey_exemption_open",
            "worker_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id"))
    reason: Mapped[Exempt]
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[int | None] = mapped_column(BigInt)
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[int | None] = mapped_column(BigInt)
