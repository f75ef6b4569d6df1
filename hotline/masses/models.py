"""A mass matter: proposed by the clock, decided by a supervisor, one row a claimant's ticket."""

import datetime as dt
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt, new_id
from hotline.core.privacy import Sealed

OWED: Final = text("report_due_at IS NOT NULL")


class Verdict(StrEnum):
    """What became of a proposal."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class MassGroup(Base):
    """Several workers with one claim; each keeps a ticket, and with it amount, consent, survey.

    Attributes:
        because: Why it was proposed: codes of `clusters.Because`.
        lead_id: The ticket that stands for all.
        reason: Why it was declined, or what was said when it was confirmed.
        level: How many claim, 0 to 4, as the leads were told last: see `reporting`.
        report_due_at: By when those above are to be told how it stands; None where nothing is owed.
        report_alarmed_at: When that report was missing.
    """

    __tablename__ = "mass_group"
    __table_args__ = (
        CheckConstraint("(verdict = 'proposed') = (decided_at IS NULL)", name="decided_has_moment"),
        CheckConstraint("verdict <> 'declined' OR reason IS NOT NULL", name="declined_has_reason"),
        Index(None, "verdict", "id"),
        Index(
            "ix_mass_group_report_due", "report_due_at", postgresql_where=OWED, sqlite_where=OWED
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    verdict: Mapped[Verdict] = mapped_column(default=Verdict.PROPOSED)
    because: Mapped[list[str]]
    lead_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    proposed_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[dt.datetime | None]
    reason: Mapped[str | None] = mapped_column(Sealed("mass_group.reason"))
    level: Mapped[int] = mapped_column(default=0)
    report_due_at: Mapped[dt.datetime | None]
    report_alarmed_at: Mapped[dt.datetime | None]


class MassMember(Base):
    """A claimant's ticket in a mass matter; a ticket is in one at most."""

    __tablename__ = "mass_member"
    __table_args__ = (Index(None, "group_id", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id"), primary_key=True, autoincrement=False
    )
    group_id: Mapped[int] = mapped_column(ForeignKey("mass_group.id"))
    since: Mapped[dt.datetime]
