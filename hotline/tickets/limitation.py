"""The days that statutory limits count from, on a ticket, and legal aid that cannot wait."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.core.db import Base
from hotline.core.errors import GuardFailed, Invalid
from hotline.core.language import local
from hotline.core.roles import Actor, Permission, Role, require
from hotline.core.words import N_
from hotline.deadlines.limitation import Fact, LastDay, last_days
from hotline.messages import desk
from hotline.staff import queries as staff
from hotline.tickets import timeline
from hotline.tickets.intake import CENTRE_ID
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind, Obligation
from hotline.tickets.states import require_not_ended

AID: Final = "legal_aid"  # the kind of the obligation


class LimitationFact(Base):
    """A day that somebody entered: when the worker knew, was hurt, was served …"""

    __tablename__ = "limitation_fact"

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id"), primary_key=True, autoincrement=False
    )
    fact: Mapped[Fact] = mapped_column(primary_key=True)
    day: Mapped[dt.date]
    by_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[dt.datetime]


def facts(session: Session, ticket: Ticket) -> dict[Fact, dt.date]:
    """Return what was entered for *ticket*."""
    rows = session.scalars(select(LimitationFact).where(LimitationFact.ticket_id == ticket.id))
    return {row.fact: row.day for row in rows}


def of_ticket(session: Session, ticket: Ticket, today: dt.date) -> Sequence[LastDay]:
    """Return the last days of *ticket*, the earliest first."""
    return last_days(facts(session, ticket), ticket.category_code, today)


def enter(
    session: Session,
    ticket: Ticket,
    given: Mapping[Fact, dt.date],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Keep the days *given* in place of those that were kept.

    Raises:
        GuardFailed: The ticket has ended.
        Invalid: A day lies in the future: it has not happened.
    """
    require(actor, Permission.TICKET_WRITE)
    require_not_ended(ticket.state)
    today = local(now).date()
    if later := [fact for fact, day in given.items() if day > today]:
        raise Invalid({fact.value: N_("日期不能在今天之后") for fact in later})
    known = {row.fact: row for row in _rows(session, ticket)}
    changed = [
        fact for fact in Fact if given.get(fact) != (known[fact].day if fact in known else None)
    ]
    for fact in changed:
        if fact in known:
            session.delete(known[fact])
            session.flush()
        if fact in given:
            row = LimitationFact(
                ticket_id=ticket.id, fact=fact, day=given[fact], by_name=actor.name, at=now
            )
            session.add(row)
    if changed:
        timeline.write(session, ticket, EventKind.EDIT, actor=actor, now=now, fields=changed)


def aid_owed(session: Session, ticket: Ticket) -> Obligation | None:
    """Return the legal aid that is owed on *ticket*."""
    return session.scalar(
        select(Obligation).where(
            Obligation.ticket_id == ticket.id,
            Obligation.kind == AID,
            Obligation.closed_at.is_(None),
        )
    )


def ask_aid_first(session: Session, ticket: Ticket, *, actor: Actor, now: dt.datetime) -> None:
    """Let legal aid come first and its papers later; it stays owed until it is arranged.

    Asking again changes nothing.

    Raises:
        GuardFailed: No limit runs out within seven days.
    """
    require(actor, Permission.TICKET_WRITE)
    urgent = next(
        (last for last in of_ticket(session, ticket, local(now).date()) if last.aid_first), None
    )
    if urgent is None:
        raise GuardFailed(N_("没有七天之内届满的法定期限。"), guard="aid_first")
    if aid_owed(session, ticket) is not None:
        return
    what = f"{urgent.rule.what} {urgent.day}；法律援助法第四十四条"
    session.add(Obligation(ticket_id=ticket.id, kind=AID, what=what, opened_at=now))
    until = urgent.day.isoformat()
    timeline.write(
        session, ticket, EventKind.ATTRIBUTE, actor=actor, now=now,
        legal_aid="asked", rule=urgent.rule.code, until=until,
    )  # fmt: skip
    for unit_id in {CENTRE_ID, ticket.unit_id}:
        for person in staff.leads(session, unit_id, Role.SUPERVISOR):
            desk.notify(
                session, person.id, "legal_aid",
                N_("工单 %(number)s 的法定期限 %(until)s 届满，请先行安排法律援助，手续后补。"),
                params={"number": ticket.number, "until": until}, ticket_id=ticket.id,
                purpose=f"legal_aid:{ticket.id}:{until}:{person.id}", now=now,
            )  # fmt: skip


def aid_arranged(
    session: Session, ticket: Ticket, note: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Close the legal aid that is owed, with a word on who gives it.

    Raises:
        GuardFailed: None is owed.
        Invalid: The word is missing.
    """
    require(actor, Permission.TICKET_ACT)
    owed = aid_owed(session, ticket)
    if owed is None:
        raise GuardFailed(N_("没有等待安排的法律援助。"), guard="aid_owed")
    if not note.strip():
        raise Invalid({"note": N_("请填写")})
    owed.closed_at = now
    timeline.write(
        session, ticket, EventKind.ATTRIBUTE, actor=actor, now=now, note=note.strip(),
        legal_aid="arranged",
    )  # fmt: skip


def _rows(session: Session, ticket: Ticket) -> Sequence[LimitationFact]:
    return session.scalars(
        select(LimitationFact).where(LimitationFact.ticket_id == ticket.id)
    ).all()
