"""Situation reports of a mass matter: the first within an hour, one a day, and the last.

Domain reference, section 1.7. How many people claim gives a level; a higher one is told to the
leads and hastens the next report. What is missing in time alarms them, once each time.
"""

import datetime as dt
from bisect import bisect
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, Select, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core import audit
from hotline.core.db import Base, BigInt, Transact, new_id, reading
from hotline.core.errors import GuardFailed, Invalid
from hotline.core.language import written
from hotline.core.privacy import Sealed
from hotline.core.roles import Actor, Permission, require
from hotline.core.rounds import each_due
from hotline.core.words import N_
from hotline.masses.models import MassGroup, MassMember, Verdict
from hotline.sla import alarm, recipients
from hotline.tickets.models import Ticket
from hotline.tickets.sight import require_central

LEVELS: Final = (10, 30, 50, 100)  # so many people begin level 1, 2, 3 and 4
FIRST_WITHIN: Final = dt.timedelta(hours=1)
FURTHER_EVERY: Final = dt.timedelta(hours=24)
LONGEST: Final = 2000


class Report(StrEnum):
    """Which report it is."""

    FIRST = "first"
    FURTHER = "further"
    FINAL = "final"


class MassReport(Base):
    """What those above were told of a mass matter, and how many it was then."""

    __tablename__ = "mass_report"
    __table_args__ = (
        Index(None, "group_id", "id"),
        Index(
            "ix_mass_report_once", "group_id", "kind", unique=True,
            postgresql_where=text("kind <> 'further'"), sqlite_where=text("kind <> 'further'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, default=new_id)
    group_id: Mapped[int] = mapped_column(ForeignKey("mass_group.id"))
    kind: Mapped[Report]
    heads: Mapped[int]
    words: Mapped[str] = mapped_column(Sealed("mass_report.words"))
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[dt.datetime]


def level_of(heads: int) -> int:
    """Return the level of a mass matter of so many people: 0 to 4."""
    return bisect(LEVELS, heads)


def heads(session: Session, group_ids: Sequence[int]) -> dict[int, int]:
    """Return how many people claim in each group: its tickets, or the most that one states."""
    counted = (
        select(MassMember.group_id, func.count(), func.max(Ticket.head_count))
        .join(Ticket, Ticket.id == MassMember.ticket_id)
        .where(MassMember.group_id.in_(group_ids))
        .group_by(MassMember.group_id)
    )
    return {id_: max(tickets, most or 0) for id_, tickets, most in session.execute(counted)}


def of(session: Session, group_id: int) -> Sequence[MassReport]:
    """Return the reports of a group, the first one first."""
    made = select(MassReport).where(MassReport.group_id == group_id)
    return session.scalars(made.order_by(MassReport.id)).all()


def report(
    session: Session,
    group: MassGroup,
    words: str,
    *,
    final: bool,
    actor: Actor,
    now: dt.datetime,
) -> MassReport:
    """Keep what those above were told; after the *final* report nothing more is owed.

    Raises:
        Forbidden: *actor* does not write at the hotline.
        GuardFailed: The matter is not confirmed, or the final report was made.
        Invalid: There are no words, too many, or a final report comes first.
    """
    require(actor, Permission.TICKET_WRITE)
    require_central(actor)
    earlier = {each.kind for each in of(session, group.id)}
    if group.verdict is not Verdict.CONFIRMED or Report.FINAL in earlier:
        raise GuardFailed(N_("只有确认了的、还没有终报的群体事件才报情况。"), guard="reported")
    if final and not earlier:
        raise Invalid({"final": N_("先首报，再终报")})
    if not 0 < len(words.strip()) <= LONGEST:
        raise Invalid({"words": N_("请填写，不超过 2000 字")})
    kind = Report.FINAL if final else Report.FURTHER if earlier else Report.FIRST
    people = heads(session, [group.id])[group.id]
    row = MassReport(
        group_id=group.id, kind=kind, heads=people, words=words.strip(), made_by=actor.id,
        made_at=now,
    )  # fmt: skip
    session.add(row)
    group.report_due_at = None if final else now + FURTHER_EVERY
    group.report_alarmed_at = None
    audit.note(session, actor, "mass.report", f"mass:{group.id}", now=now, kind=kind.value)
    session.flush()
    return row


def follow(transact: Transact, *, now: dt.datetime) -> int:
    """Tell the leads of each group that has grown to a higher level, or whose report is missing."""
    with reading() as session:
        owed = {row.id: row for row in session.scalars(_owed())}
        people = heads(session, list(owed))
    grown = [id_ for id_, many in people.items() if level_of(many) > owed[id_].level]
    rise, miss = partial(_rise, people=people, now=now), partial(_miss, now=now)
    late = _owed(MassGroup.report_due_at <= now, MassGroup.report_alarmed_at.is_(None))
    risen = each_due(transact, _owed(MassGroup.id.in_(grown)), MassGroup.id, rise) if grown else 0
    return risen + each_due(transact, late, MassGroup.id, miss)


def _owed(*conditions: Any) -> Select[Any]:
    return select(MassGroup).where(MassGroup.report_due_at.is_not(None), *conditions)


def _rise(session: Session, group: MassGroup, *, people: dict[int, int], now: dt.datetime) -> None:
    many = people[group.id]
    group.level = level_of(many)
    group.report_due_at = min(group.report_due_at or now, now + FIRST_WITHIN)
    said = N_("群体事件 %(number)s 已有 %(count)s 人，列为 %(level)s 级，请在 %(due)s 前报情况。")
    _tell(session, group, said, f"mass-level:{group.level}", now, count=many, level=group.level)


def _miss(session: Session, group: MassGroup, *, now: dt.datetime) -> None:
    group.report_alarmed_at = now
    said = N_("群体事件 %(number)s 的情况报告 %(due)s 到期，还没有报。")
    _tell(session, group, said, f"mass-late:{group.report_due_at:%Y%m%d%H%M}", now)


def _tell(
    session: Session, group: MassGroup, said: str, purpose: str, now: dt.datetime, **values: int
) -> None:
    lead, due = session.get_one(Ticket, group.lead_id), group.report_due_at or now
    alarm.tell(
        session, recipients.centre_leads(session), lead, "mass_report", said,
        params={"number": lead.number, "due": written(due), **values},
        purpose=f"{purpose}:{group.id}", sms="staff_mass_report", now=now,
    )  # fmt: skip
