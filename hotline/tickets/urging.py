"""Urging (催办) and supervision (督办): words to whoever holds a matter, each with a receipt.

Neither is a state. An urging is level 0; supervision has the levels 1 to 3 of the domain, section
1.1, and its own date for an answer. What nobody has answered stays open until the matter is
submitted, and the clock tells on it when its time is over.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.core.errors import Forbidden, GuardFailed, Invalid
from hotline.core.roles import Actor, Permission, Role, require
from hotline.core.words import N_
from hotline.deadlines.arithmetic import Limit
from hotline.tickets import clocks, timeline
from hotline.tickets.models import Ticket
from hotline.tickets.records import EventKind, Urging
from hotline.tickets.states import ENDED, SETTLED

HIGHEST_LEVEL: Final = 3
#: How long a receipt may take, by level; supervision may name another date.
PATIENCE: Final = (Limit.parse("4wh"), Limit.parse("2wd"), Limit.parse("1wd"), Limit.parse("4wh"))


def urge(session: Session, ticket: Ticket, text: str, *, actor: Actor, now: dt.datetime) -> Urging:
    """Urge whoever holds the matter; a count, not a state.

    Raises:
        GuardFailed: It is settled or has ended.
        Invalid: There is nothing to say.
    """
    require(actor, Permission.TICKET_WRITE)
    if ticket.state in SETTLED | ENDED:
        raise GuardFailed(N_("已办结的工单不用催办。"), guard="open")
    if not text.strip():
        raise Invalid({"text": N_("请填写")})
    ticket.urge_count += 1
    _note(session, ticket, actor, now, text, urged=ticket.urge_count)
    return ask(session, ticket, 0, text.strip(), actor=actor, now=now)


def supervise(
    session: Session,
    ticket: Ticket,
    level: int,
    reason: str | None,
    *,
    actor: Actor,
    now: dt.datetime,
    due_at: dt.datetime | None = None,
) -> Urging | None:
    """Set the supervision level, 0 to 3; above 0 an answer is owed by *due_at*.

    Raises:
        Invalid: There is no such level, or the answer would be due in the past.
    """
    require(actor, Permission.TICKET_RULE)
    if level not in range(HIGHEST_LEVEL + 1):
        raise Invalid({"level": N_("督办级别为 0 至 3")})
    if due_at is not None and due_at <= now:
        raise Invalid({"due_at": N_("反馈期限须在现在之后")})
    ticket.supervision_level = level
    _note(session, ticket, actor, now, reason, supervision=level)
    for earlier in open_on(session, ticket):
        if earlier.level > 0:
            withdraw(session, earlier, actor=actor, now=now)
    if level == 0 or ticket.state in SETTLED | ENDED:
        return None
    return ask(session, ticket, level, reason or "", actor=actor, now=now, due_at=due_at)


def ask(
    session: Session,
    ticket: Ticket,
    level: int,
    text: str,
    *,
    actor: Actor,
    now: dt.datetime,
    due_at: dt.datetime | None = None,
) -> Urging:
    """Open an urging of *level* on *ticket*; the clock tells whoever holds it."""
    row = Urging(
        ticket_id=ticket.id,
        level=level,
        text=text,
        asked_by=actor.id,
        asked_at=now,
        due_at=due_at or clocks.limit(session, PATIENCE[level], now),
    )
    session.add(row)
    session.flush()
    return row


def answer(
    session: Session, ticket: Ticket, urging: Urging, text: str, *, actor: Actor, now: dt.datetime
) -> None:
    """Give the receipt of an urging; supervision wants words.

    Raises:
        Forbidden: The actor does not hold the matter.
        GuardFailed: It is closed already.
        Invalid: Supervision is answered without words.
    """
    require(actor, Permission.TICKET_WRITE)
    if not holds(ticket, actor):
        raise Forbidden
    if urging.closed_at is not None:
        raise GuardFailed(N_("这条督办、催办已经回执或撤回。"), guard="open_urging")
    if urging.level > 0 and not text.strip():
        raise Invalid({"answer": N_("督办须写明办理情况")})
    _close(urging, text.strip(), actor, now)
    _note(session, ticket, actor, now, text.strip() or None, receipt=urging.id, level=urging.level)


def withdraw(session: Session, urging: Urging, *, actor: Actor, now: dt.datetime) -> None:
    """Close an urging without an answer: it was meant for something that is over."""
    _close(urging, None, actor, now)


def overtake(session: Session, ticket: Ticket, *, actor: Actor, now: dt.datetime) -> None:
    """Close what is open on *ticket*: its result, which all urging was for, is there."""
    for urging in open_on(session, ticket):
        _close(urging, None, actor, now)


def holds(ticket: Ticket, actor: Actor) -> bool:
    """Return whether an urging of *ticket* is meant for *actor*."""
    if actor.id is not None and actor.id == ticket.handler_id:
        return True
    takes = {Role.HANDLER, Role.DISPATCHER}
    return actor.unit_id == ticket.unit_id and bool(actor.roles & takes)


def open_on(session: Session, ticket: Ticket) -> Sequence[Urging]:
    """Return the urgings of *ticket* that are not closed, oldest first."""
    return session.scalars(
        select(Urging)
        .where(Urging.ticket_id == ticket.id, Urging.closed_at.is_(None))
        .order_by(Urging.id)
    ).all()


def _close(urging: Urging, text: str | None, actor: Actor, now: dt.datetime) -> None:
    urging.closed_at, urging.closed_by, urging.answer = now, actor.id, text


def _note(
    session: Session,
    ticket: Ticket,
    actor: Actor,
    now: dt.datetime,
    text: str | None,
    **detail: Any,
) -> None:
    timeline.write(session, ticket, EventKind.ATTRIBUTE, actor=actor, now=now, note=text, **detail)
