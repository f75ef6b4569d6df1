"""I1: every contact has one end and one disposition: a ticket, a reason for none, a callback."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import ColumnElement, String, and_, case, exists, select, type_coerce
from sqlalchemy.orm import Session

from hotline.callbacks.models import CallbackCall
from hotline.calls.models import Call
from hotline.calls.states import LINKED, Direction, Disposition
from hotline.ledger.faults import Fault
from hotline.messages.models import Message
from hotline.messages.states import Direction as Way

GRACE: Final = dt.timedelta(minutes=10)  # reliability, P4: within ten minutes of the end
SILENCE: Final = dt.timedelta(days=1)
MOST: Final = 500


def calls(session: Session, ids: Sequence[int], now: dt.datetime) -> Iterator[Fault]:
    """Yield what is wrong with these calls."""
    called_back = exists().where(CallbackCall.call_id == Call.id)
    owed = and_(Call.disposition == Disposition.CALLBACK, ~called_back)
    wrong = case(
        (and_(Call.ended_at < now - GRACE, Call.disposition.is_(None)), "no_disposition"),
        (and_(Call.ended_at.is_(None), Call.heard_at < now - SILENCE), "never_ended"),
        (owed, "no_callback"),
        (and_(Call.disposition.in_(LINKED), Call.ticket_id.is_(None)), "no_ticket_named"),
    )
    mine = (Call.id.in_(ids), Call.direction == Direction.INBOUND, wrong.is_not(None))
    for call_id, what in session.execute(
        select(Call.id, type_coerce(wrong, String())).where(*mine)
    ):
        yield Fault(call_id, str(call_id), what)


def unsettled_calls(session: Session, now: dt.datetime) -> Sequence[int]:
    """Return the calls that are not over, or are over without a disposition; both are few."""
    return [*_some_calls(session, Call.ended_at.is_(None)), *_some_calls(session, *_OVER)]


_OVER: Final = (Call.ended_at.is_not(None), Call.disposition.is_(None))


def _some_calls(session: Session, *where: ColumnElement[bool]) -> Sequence[int]:
    return session.scalars(select(Call.id).where(*where).order_by(Call.id).limit(MOST)).all()


def messages(session: Session, ids: Sequence[int], now: dt.datetime) -> Iterator[Fault]:
    """Yield which of these SMS came in and belong to nothing."""
    homeless = select(Message.id).where(
        Message.id.in_(ids),
        Message.direction == Way.IN,
        Message.ticket_id.is_(None),
        Message.reason.is_(None),
    )
    for message_id in session.scalars(homeless):
        yield Fault(message_id, str(message_id), "no_home")
