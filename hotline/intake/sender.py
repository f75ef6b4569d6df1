"""Who writes, and all that must be known of them, in two statements.

The first takes the worker's row, or writes it, and so lets one SMS of a number after
another: two that arrive at once cannot both begin a ticket. The second is left out for
somebody who was never heard of.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    Table,
    bindparam,
    case,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from hotline.callbacks.models import Callback
from hotline.callbacks.states import CallbackState
from hotline.core import upsert
from hotline.core.db import new_id
from hotline.core.privacy import blind_index
from hotline.intake.meaning import Situation
from hotline.messages.caps import REPLIES, REPLIES_A_DAY, REPLY_GAP
from hotline.messages.models import Message
from hotline.messages.states import Direction, MessageKind
from hotline.surveys.models import Survey
from hotline.surveys.states import WITHOUT_ANSWER
from hotline.telephony.numbers import normalise
from hotline.telephony.port import InboundSms
from hotline.tickets.models import Ticket
from hotline.tickets.states import OPEN, State
from hotline.workers.models import Worker

WORKER: Final = cast(Table, Worker.__table__)
DAY: Final = dt.timedelta(days=1)
RESTING: Final = (State.RESOLVED, State.APPRAISAL_REVIEW)


@dataclass(frozen=True)
class Sender:
    """Whoever sent an SMS.

    Attributes:
        seen: The same SMS was taken before.
        worker_id: None for somebody who has no number.
        open_id: The ticket their words belong to: an open one, or one merged into an open one.
        open_state: Where that matter stands.
        settled_id: The ticket of theirs that was settled last, by itself or where it was merged.
        owed: We owe them a call and have asked them by SMS.
        may_reply: An automatic answer is within the caps.
    """

    situation: Situation
    seen: bool = False
    worker_id: int | None = None
    language: str = "zh"
    open_id: int | None = None
    open_state: State | None = None
    settled_id: int | None = None
    owed: bool = False
    may_reply: bool = True


def recognise(session: Session, sms: InboundSms, named: str | None, now: dt.datetime) -> Sender:
    """Return who sent *sms*; *named* is the ticket number in its words."""
    if sms.from_ is None or sms.from_ == normalise(sms.to):
        taken = session.scalar(select(Message.id).where(Message.provider_sid == sms.sid))
        return Sender(Situation(reachable=False), seen=taken is not None)
    identity = new_id()
    connection = session.connection()
    row = connection.execute(
        _greet(connection.dialect.name),
        {
            "id": identity,
            "phone": sms.from_,
            "phone_key": blind_index(sms.from_),
            "created_at": now,
            "sid": sms.sid,
        },
    ).one()
    if row.seen is not None or row.id == identity:
        return Sender(Situation(), seen=row.seen is not None, worker_id=row.id)
    return _known(session, sms, row, named, now)


def _known(
    session: Session, sms: InboundSms, row: Any, named: str | None, now: dt.datetime
) -> Sender:
    facts = (
        session.connection()
        .execute(
            FACTS,
            {
                "worker_id": row.id,
                "sid": sms.sid,
                "named": named,
                "a_day": now - DAY,
                "lately": now - REPLY_GAP,
            },
        )
        .one()
    )
    return Sender(
        Situation(
            opted_out=row.opted_out_at is not None,
            has_open=facts.open_id is not None,
            has_settled=facts.settled_id is not None,
            asked=facts.survey_id is not None,
            today=facts.today,
        ),
        seen=facts.seen is not None,
        worker_id=row.id,
        language=row.language,
        open_id=facts.open_id,
        open_state=facts.open_state,
        settled_id=facts.settled_id,
        owed=facts.owed is not None,
        may_reply=row.opted_out_at is None and not facts.answers and facts.replies < REPLIES_A_DAY,
    )


@cache
def _greet(dialect: str) -> Any:
    """Write the worker, or take the lock of the row that is there."""
    row = upsert.INSERTS[dialect](WORKER).values(
        id=bindparam("id"),
        phone=bindparam("phone"),
        phone_key=bindparam("phone_key"),
        language="zh",
        created_at=bindparam("created_at"),
    )
    return row.on_conflict_do_update(
        index_elements=["phone_key"], set_={"language": WORKER.c.language}
    ).returning(WORKER.c.id, WORKER.c.language, WORKER.c.opted_out_at, _taken())


def _taken() -> ColumnElement[Any]:
    taken = select(Message.id).where(Message.provider_sid == bindparam("sid"))
    return taken.scalar_subquery().label("seen")


def _owed() -> ColumnElement[Any]:
    owed = select(func.max(Callback.id)).where(
        Callback.worker_id == bindparam("worker_id"), Callback.state == CallbackState.SMS_SENT
    )
    return owed.scalar_subquery().label("owed")


def _facts() -> Select[Any]:
    opened, settled, asked = _open(), _settled(), _asked()
    return (
        select(
            opened.c.id.label("open_id"),
            opened.c.state.label("open_state"),
            settled.c.id.label("settled_id"),
            asked.c.id.label("survey_id"),
            _taken(),
            _owed(),
            _count("today", Message.direction == Direction.IN, since="a_day"),
            _count("replies", Message.kind.in_(REPLIES), since="a_day"),
            _count("answers", Message.kind == MessageKind.ANSWER, since="lately"),
        )
        .select_from(select(literal(1)).subquery("one"))
        .outerjoin(opened, true())
        .outerjoin(settled, true())
        .outerjoin(asked, true())
    )


def _open() -> Subquery:
    """The ticket that is named, one that waits for the caller, the newest; a merged one last."""
    first = case(
        (Ticket.number == bindparam("named", type_=String), 0),
        (Ticket.state == State.AWAITING_CALLER, 1),
        (Ticket.state != State.MERGED, 2),
        else_=3,
    )
    return _theirs(OPEN).order_by(first, Ticket.id.desc()).limit(1).subquery("opened")


def _theirs(states: Collection[State]) -> Select[int, State]:
    """Select the sender's tickets whose matter stands in *states*, by itself or merged."""
    held = aliased(Ticket)
    return (
        select(Ticket.id, func.coalesce(held.state, Ticket.state).label("state"))
        .outerjoin(held, held.id == Ticket.merged_into_id)
        .where(
            Ticket.worker_id == bindparam("worker_id"),
            Ticket.state.in_({*states, State.MERGED}),
            func.coalesce(held.state, Ticket.state).in_(states),
        )
    )


def _settled() -> Subquery:
    return (
        _theirs(RESTING)
        .order_by(Ticket.resolved_at.desc().nulls_last(), Ticket.id.desc())
        .limit(1)
        .subquery("settled")
    )


def _asked() -> Subquery:
    return (
        select(Survey.id)
        .join(Ticket, Ticket.id == Survey.ticket_id)
        .where(
            Survey.worker_id == bindparam("worker_id"),
            Survey.asked_at.is_not(None),
            Survey.state.in_(WITHOUT_ANSWER),
            Survey.cycle == Ticket.cycle,
            Ticket.state.in_((State.RESOLVED, State.SURVEYED)),
        )
        .limit(1)
        .subquery("asked")
    )


def _count(name: str, condition: ColumnElement[bool], *, since: str) -> ColumnElement[int]:
    counted = select(func.count()).where(
        Message.worker_id == bindparam("worker_id"),
        Message.created_at > bindparam(since),
        condition,
    )
    return counted.scalar_subquery().label(name)


FACTS: Final = _facts()
