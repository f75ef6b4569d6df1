"""How much each unit has on its hands: what the dispatcher weighs a proposal with."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from hotline.tickets.models import Ticket
from hotline.tickets.states import OPEN, PAUSED, State

HELD: Final = sorted(OPEN - {State.RECEIVED})  # as the index that answers this lists them
SOON: Final = dt.timedelta(hours=24)


class Load(NamedTuple):
    """What a unit holds: all that is open; of it what is unsigned, late, or late in a day."""

    open: int
    unsigned: int
    overdue: int
    soon: int


NOTHING: Final = Load(0, 0, 0, 0)


def of_units(session: Session, ids: Collection[int], *, now: dt.datetime) -> Mapping[int, Load]:
    """Return the load of each of the units *ids* that holds anything, in one query."""
    runs = Ticket.state.not_in(PAUSED | {State.RESULT_REVIEW})
    rows = session.execute(
        select(
            Ticket.unit_id,
            func.count(),
            func.sum(case((Ticket.state == State.DISPATCHED, 1), else_=0)),
            func.sum(case((runs & (Ticket.due_at < now), 1), else_=0)),
            func.sum(case((runs & Ticket.due_at.between(now, now + SOON), 1), else_=0)),
        )
        .where(Ticket.unit_id.in_(set(ids)), Ticket.state.in_(HELD))
        .group_by(Ticket.unit_id)
    )
    return {unit_id: Load(*counts) for unit_id, *counts in rows}
