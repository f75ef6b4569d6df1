"""After a crisis: the leader is briefed within 30 minutes, the caller rung again within 24 hours.

Domain, sections 1.7 and 8 (R16). Both are written down with words; what is missing in time alarms
the hotline's supervisors, once each, and goes on being missing until somebody does it.
"""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from hotline.calls.models import Call
from hotline.core.db import Base, Transact
from hotline.core.errors import GuardFailed, Invalid
from hotline.core.language import written
from hotline.core.privacy import Sealed
from hotline.core.roles import Actor, Permission, require
from hotline.core.rounds import each_due
from hotline.core.rows import one
from hotline.core.words import N_
from hotline.intake.alarming import alarm
from hotline.tickets.sight import require_central

BRIEF_WITHIN: Final = dt.timedelta(minutes=30)
FOLLOW_WITHIN: Final = dt.timedelta(hours=24)
LONGEST: Final = 2000


class Crisis(Base):
    """What is owed after a crisis in a call, and when it was done.

    Attributes:
        brief: What the leader was told; None while nobody told them.
        follow_up: What the second call found; None while nobody rang.
        brief_alarmed_at, follow_alarmed_at: When it was missing for too long.
    """

    __tablename__ = "crisis"
    __table_args__ = (
        CheckConstraint("(brief IS NULL) = (briefed_at IS NULL)", name="brief_has_moment"),
        CheckConstraint("(follow_up IS NULL) = (followed_at IS NULL)", name="call_has_moment"),
        *(
            Index(f"ix_crisis_{what}", "raised_at", postgresql_where=owed, sqlite_where=owed)
            for what, owed in {
                "unbriefed": text("briefed_at IS NULL AND brief_alarmed_at IS NULL"),
                "unfollowed": text("followed_at IS NULL AND follow_alarmed_at IS NULL"),
            }.items()
        ),
    )

    call_id: Mapped[int] = mapped_column(
        ForeignKey("call.id"), primary_key=True, autoincrement=False
    )
    raised_at: Mapped[dt.datetime]
    brief: Mapped[str | None] = mapped_column(Sealed("crisis.brief"))
    briefed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    briefed_at: Mapped[dt.datetime | None]
    brief_alarmed_at: Mapped[dt.datetime | None]
    follow_up: Mapped[str | None] = mapped_column(Sealed("crisis.follow_up"))
    followed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    followed_at: Mapped[dt.datetime | None]
    follow_alarmed_at: Mapped[dt.datetime | None]

    @property
    def brief_due(self) -> dt.datetime:
        """When the leader is to be briefed."""
        return self.raised_at + BRIEF_WITHIN

    @property
    def follow_due(self) -> dt.datetime:
        """When the caller is to be rung again."""
        return self.raised_at + FOLLOW_WITHIN


def brief(session: Session, call_id: int, words: str, *, actor: Actor, now: dt.datetime) -> None:
    """Write down what the leader was told.

    Raises:
        Forbidden: *actor* does not work calls at the hotline.
        GuardFailed: The leader was briefed already.
        Invalid: There are no words, or too many.
        NotFound: There was no crisis in that call.
    """
    row = _owed(session, call_id, actor)
    if row.briefed_at is not None:
        raise GuardFailed(N_("已经呈报过领导。"), guard="unbriefed")
    row.brief, row.briefed_by, row.briefed_at = _words("brief", words), actor.id, now


def follow_up(
    session: Session, call_id: int, words: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Write down what the second call to the caller found.

    Raises:
        Forbidden: *actor* does not work calls at the hotline.
        GuardFailed: Somebody rang already.
        Invalid: There are no words, or too many.
        NotFound: There was no crisis in that call.
    """
    row = _owed(session, call_id, actor)
    if row.followed_at is not None:
        raise GuardFailed(N_("已经登记过跟进电话。"), guard="unfollowed")
    row.follow_up, row.followed_by, row.followed_at = _words("follow_up", words), actor.id, now


def of_call(session: Session, call_id: int) -> Crisis | None:
    """Return what is owed after a crisis in that call; None where there was none."""
    return session.get(Crisis, call_id)


def of_ticket(session: Session, ticket_id: int) -> Sequence[Crisis]:
    """Return what is owed after the crises in a ticket's calls."""
    of = select(Crisis).join(Call, Call.id == Crisis.call_id).where(Call.ticket_id == ticket_id)
    return session.scalars(of.order_by(Crisis.call_id)).all()


def alarm_unbriefed(transact: Transact, *, now: dt.datetime) -> int:
    """Alarm the leads where no leader was briefed within 30 minutes; each crisis once."""
    alarmed = Crisis.brief_alarmed_at
    missing = _missing(Crisis.briefed_at, alarmed, now - BRIEF_WITHIN)
    said = N_("%(at)s 的危机来电已过 30 分钟，还没有呈报领导，请马上补报。")
    act = partial(_alarm, column=alarmed, said=said, template="staff_crisis_brief", now=now)
    return each_due(transact, missing, Crisis.call_id, act)


def alarm_unfollowed(transact: Transact, *, now: dt.datetime) -> int:
    """Alarm the leads where nobody rang the caller again within 24 hours; each crisis once."""
    alarmed = Crisis.follow_alarmed_at
    missing = _missing(Crisis.followed_at, alarmed, now - FOLLOW_WITHIN)
    said = N_("%(at)s 的危机来电已过 24 小时，还没有跟进电话，请马上安排。")
    act = partial(_alarm, column=alarmed, said=said, template="staff_crisis_follow", now=now)
    return each_due(transact, missing, Crisis.call_id, act)


def _missing(
    done: InstrumentedAttribute[Any], alarmed: InstrumentedAttribute[Any], before: dt.datetime
) -> Any:
    return select(Crisis).where(done.is_(None), alarmed.is_(None), Crisis.raised_at <= before)


def _alarm(
    session: Session,
    row: Crisis,
    *,
    column: InstrumentedAttribute[Any],
    said: str,
    template: str,
    now: dt.datetime,
) -> None:
    setattr(row, column.key, now)
    call = session.get_one(Call, row.call_id)
    alarm(
        session,
        said,
        template=template,
        params={"at": written(row.raised_at)},
        purpose=f"{template}:{row.call_id}",
        ticket_id=call.ticket_id,
        now=now,
    )


def _owed(session: Session, call_id: int, actor: Actor) -> Crisis:
    require(actor, Permission.CALL_WORK)
    require_central(actor)
    return one(session, Crisis, call_id, lock=True)


def _words(name: str, text: str) -> str:
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise Invalid({name: N_("请填写，不超过 2000 字")})
    return words
