"""I2: whatever is not over has a unit, a role that somebody holds, and a next due time."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.callbacks.models import Callback
from hotline.callbacks.states import OPEN as OWED
from hotline.core.language import local
from hotline.core.roles import GRANTS, Permission, Role
from hotline.ledger.faults import Fault
from hotline.staff.models import Staff, StaffRole
from hotline.tickets.approvals import EXTEND
from hotline.tickets.models import Ticket
from hotline.tickets.records import Approval, Decision, Obligation
from hotline.tickets.states import ENDED, SUBMITTED, TRANSITIONS, WITH_UNIT, State
from hotline.units.models import Unit, UnitKind

MOST: Final = 500
CALLERS_BACK: Final = frozenset(
    role for role, granted in GRANTS.items() if Permission.CALLBACK_WORK in granted
)
CENTRES_OWN: Final = frozenset({Role.OPERATOR, Role.DISPATCHER})  # handle what the centre keeps

#: Who holds a ticket (contract, section 6); where it is a person, the ticket names them.
HOLDERS: Final = {
    State.RECEIVED: CENTRES_OWN,
    State.DISPATCHED: frozenset({Role.HANDLER}),
    State.RETURN_REVIEW: frozenset({Role.DISPATCHER}),
    State.SUSPENDED: frozenset({Role.SUPERVISOR}),
    State.RESULT_REVIEW: frozenset({Role.REVIEWER}),
    State.RESOLVED: frozenset({Role.SURVEYOR, Role.SUPERVISOR}),
    State.APPRAISAL_REVIEW: frozenset({Role.SUPERVISOR}),
}
HELD_BY_ONE: Final = frozenset({State.IN_PROGRESS, State.AWAITING_CALLER})
_STARTS: Final = frozenset(
    (source.value, row.action.value) for row in TRANSITIONS for source in row.sources if row.second
)


def tickets(session: Session, ids: Sequence[int], now: dt.datetime) -> Iterator[Fault]:
    """Yield what is wrong with those of these tickets that are not over."""
    rows = session.execute(
        select(
            Ticket.id, Ticket.number, Ticket.state, Ticket.unit_id, Ticket.step_due_at,
            Unit.path, Unit.kind, Unit.valid_to, Staff.active,
        )
        .join(Unit, Unit.id == Ticket.unit_id)
        .outerjoin(Staff, Staff.id == Ticket.handler_id)
        .where(Ticket.id.in_(ids), Ticket.state.not_in(ENDED))
    )  # fmt: skip
    seats = _seats(session)
    for row in rows:
        for what in _wrong_with(row, seats, now):
            yield Fault(row.id, row.number, what, row.unit_id)
    yield from _requests(session, ids)
    yield from _left_over(session, ids)


def _wrong_with(row: Any, seats: "Seats", now: dt.datetime) -> Iterator[str]:
    if row.step_due_at is None:
        yield "no_next_due"
    if row.valid_to is not None and row.valid_to < local(now).date():
        yield "unit_closed"
    if row.state in HELD_BY_ONE and not row.active:
        yield "handler_left"
    wanted = HOLDERS.get(row.state)
    if row.state is State.DISPATCHED and row.kind is UnitKind.CENTRE:
        wanted = CENTRES_OWN
    if wanted is not None and not seats.holds(wanted, row.path):
        yield "nobody"


def _requests(session: Session, ids: Sequence[int]) -> Iterator[Fault]:
    """Yield open requests for what can no longer be done: nobody could ever decide them."""
    asked = session.execute(
        select(Approval.action, Ticket.id, Ticket.number, Ticket.state, Ticket.unit_id)
        .join(Ticket, Ticket.id == Approval.ticket_id)
        .where(Approval.ticket_id.in_(ids), Approval.decision == Decision.ASKED)
    )
    for action, ticket_id, number, state, unit_id in asked:
        extends = action == EXTEND and state in WITH_UNIT - SUBMITTED
        if not extends and (state.value, action) not in _STARTS:
            yield Fault(ticket_id, number, "stale_request", unit_id)


def _left_over(session: Session, ids: Sequence[int]) -> Iterator[Fault]:
    owed = session.execute(
        select(Ticket.id, Ticket.number, Ticket.unit_id)
        .join(Obligation, Obligation.ticket_id == Ticket.id)
        .where(
            Ticket.id.in_(ids),
            Ticket.state.in_((State.VOIDED, State.MERGED)),
            Obligation.closed_at.is_(None),
        )
        .distinct()
    )
    for ticket_id, number, unit_id in owed:
        yield Fault(ticket_id, number, "owed_by_ended", unit_id)


def callbacks(session: Session, ids: Sequence[int], now: dt.datetime) -> Iterator[Fault]:
    """Yield which of these open callbacks nobody could make."""
    rows = session.execute(
        select(Callback.id, Callback.unit_id, Unit.path, Unit.valid_to)
        .join(Unit, Unit.id == Callback.unit_id)
        .where(Callback.id.in_(ids), Callback.state.in_(OWED))
    ).all()
    seats = _seats(session)
    for row in rows:
        if row.valid_to is not None and row.valid_to < local(now).date():
            yield Fault(row.id, str(row.id), "unit_closed", row.unit_id)
        if not seats.holds(CALLERS_BACK, row.path):
            yield Fault(row.id, str(row.id), "nobody", row.unit_id)


def open_callbacks(session: Session, now: dt.datetime) -> Sequence[int]:
    """Return the callbacks that are owed, those due soonest first."""
    owed = select(Callback.id).where(Callback.state.in_(OWED)).order_by(Callback.next_due_at)
    return session.scalars(owed.limit(MOST)).all()


class Seats(NamedTuple):
    """Which roles somebody holds: the role, the path of the unit, and whether it is the centre."""

    taken: Sequence[tuple[Role, str, bool]]

    def holds(self, roles: frozenset[Role], path: str) -> bool:
        """Return whether anybody holds one of *roles* at the unit, above it, or at the centre.

        So far a task rises that nobody of its own unit may take (contract, section 6).
        """
        return any(
            role in roles and (central or path.startswith(seat))
            for role, seat, central in self.taken
        )


def _seats(session: Session) -> Seats:
    rows = session.execute(
        select(StaffRole.role, Unit.path, Unit.kind)
        .join(Staff, Staff.id == StaffRole.staff_id)
        .join(Unit, Unit.id == Staff.unit_id)
        .where(Staff.active)
        .distinct()
    )
    return Seats([(role, path, kind is UnitKind.CENTRE) for role, path, kind in rows])
