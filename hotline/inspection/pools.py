"""What may be drawn of a month: calls that operators answered, tickets that they settled."""

import datetime as dt
from collections import defaultdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.calls.states import EndState
from hotline.core.language import zone
from hotline.tickets.intake import CENTRE_ID
from hotline.tickets.models import Ticket
from hotline.tickets.secrecy import NAMED_ONLY
from hotline.tickets.states import SETTLED


def after(first: dt.date) -> dt.date:
    """Return the first day of the month after the one that begins with *first*."""
    return (first + dt.timedelta(days=31)).replace(day=1)


def calls(session: Session, first: dt.date) -> dict[int, list[int]]:
    """Return the calls that came in during a month and were answered, by who answered."""
    begin, end = _bounds(first)
    rows = session.execute(
        select(Call.staff_id, Call.id).where(
            Call.received_at >= begin,
            Call.received_at < end,
            Call.end_state == EndState.ANSWERED,
            Call.staff_id.is_not(None),
        )
    )
    return _by_staff(rows)


def tickets(session: Session, first: dt.date) -> dict[int, list[int]]:
    """Return the tickets the hotline itself settled in a month, by handler.

    What only two persons may read is inspected by nobody else.
    """
    begin, end = _bounds(first)
    rows = session.execute(
        select(Ticket.handler_id, Ticket.id).where(
            Ticket.resolved_at >= begin,
            Ticket.resolved_at < end,
            Ticket.state.in_(SETTLED),
            Ticket.unit_id == CENTRE_ID,
            Ticket.handler_id.is_not(None),
            func.coalesce(Ticket.confidential_level, NAMED_ONLY) < NAMED_ONLY,
        )
    )
    return _by_staff(rows)


def _bounds(first: dt.date) -> tuple[dt.datetime, dt.datetime]:
    begin, end = (
        dt.datetime.combine(day, dt.time(), zone()).astimezone(dt.UTC)
        for day in (first, after(first))
    )
    return begin, end


def _by_staff(rows: object) -> dict[int, list[int]]:
    found = defaultdict[int, list[int]](list)
    for staff_id, id_ in rows:  # type: ignore[attr-defined]  # rows of two columns
        found[staff_id].append(id_)
    return found
