"""A mass matter: proposed by the clock, decided by a supervisor, one row a claimant's ticket."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hotline.core.db import Base, BigInt, new_id
from hotline.core.privacy import Sealed


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
    """

    __tablename__ = "mass_group"
    __table_args__ = (
        CheckConstraint("(verdict = 'proposed') = (decided_at IS NULL)", name="decided_has_moment"),
        CheckConstraint("verdict <> 'declined' OR reason IS NOT NULL", name="declined_has_reason"),
        Index(None, "verdict", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    verdict: Mapped[Verdict] = mapped_column(default=Verdict.PROPOSED)
    because: Mapped[list[str]]
    lead_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    proposed_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[dt.datetime | None]
    reason: Mapped[str | None] = mapped_column(Sealed("mass_group.reason"))


class MassMember(Base):
    """A claimant's ticket in a mass matter; a ticket is in one at most."""

    __tablename__ = "mass_member"
    __table_args__ = (Index(None, "group_id", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id"), primary_key=True, autoincrement=False
    )
    group_id: Mapped[int] = mapped_column(ForeignKey("mass_group.id"))
    since: Mapped[dt.datetime]
