"""Which moment puts a row into which local day, and where a local day lies in time."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Date, SQLColumnExpression, and_, join, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from hotline.callbacks.models import Callback
from hotline.calls.models import Call
from hotline.calls.states import Direction, Disposition
from hotline.core.language import local, zone
from hotline.money.models import Claim, Payment
from hotline.rates import words
from hotline.staff.models import PresenceChange, Staff
from hotline.staff.presence import PresenceState
from hotline.tickets.models import Ticket
from hotline.tickets.records import TicketEvent
from hotline.tickets.states import Action
from hotline.units.models import Unit

Attribute = InstrumentedAttribute[Any]
Kind = Literal["call", "callback", "ticket", "presence"]
ORDERS: Final = (Action.DISPATCH, Action.HAND_DOWN, Action.ORDER_REWORK)  # to a unit


@dataclass(frozen=True)
class Dimensions:
    """The columns a cohort is counted by; None where its rows have none.

    Calls have no unit, region or category: they belong to the hotline's centre, whatever comes
    of them. A ticket has the operator and the language of the call it came by.
    """

    unit: Attribute | None = None
    region: Attribute | None = None
    category: Attribute | None = None
    channel: Attribute | None = None
    operator: SQLColumnExpression[Any] | None = None
    language: SQLColumnExpression[Any] | None = None

    def columns(self) -> dict[str, Attribute]:
        """Return the columns there are, by name."""
        given = {name: getattr(self, name) for name in ("unit", "region", "category", "channel")}
        return {name: column for name, column in given.items() if column is not None}


@dataclass(frozen=True)
class Cohort:
    """The rows that one moment assigns to days.

    Attributes:
        label: What a person calls a row: a ticket's number, a call's id.
        base: What is true of every row of the cohort.
        apart: Which of its rows stand outside every fact, but those that say so.
    """

    name: str
    kind: Kind
    source: Any
    moment: Attribute
    id: Attribute
    label: Attribute
    dimensions: Dimensions
    base: ColumnElement[bool]
    apart: ColumnElement[bool] | None = None

    @property
    def dated(self) -> bool:
        """Whether the moment is a day, without an hour."""
        return isinstance(self.moment.type, Date)

    def within(self, first: dt.date, last: dt.date) -> ColumnElement[bool]:
        """Return the condition for the days from *first* to *last*, both included."""
        if self.dated:
            return and_(self.moment.between(first, last), self.base)
        after = midnight(last + dt.timedelta(days=1))
        return and_(self.moment >= midnight(first), self.moment < after, self.base)


def _of_its_call(column: Attribute) -> ColumnElement[Any]:
    """Return what the call says by which a ticket came; NULL for what came otherwise."""
    came = Call.ticket_id == Ticket.id, Call.disposition == Disposition.REGISTERED
    first = select(column).where(*came).order_by(Call.received_at, Call.id).limit(1)
    return first.correlate(Ticket).scalar_subquery()


_OF_TICKETS: Final = Dimensions(
    Ticket.unit_id,
    Ticket.region_code,
    Ticket.category_code,
    Ticket.channel,
    _of_its_call(Call.staff_id),
    _of_its_call(Call.language),
)


def _tickets(name: str, moment: Attribute) -> Cohort:
    imported = Ticket.import_id.is_not(None)
    return Cohort(
        name, "ticket", Ticket, moment, Ticket.id, Ticket.number, _OF_TICKETS, true(), imported
    )


CALLED: Final = Cohort(
    words.CALLED,
    "call",
    Call,
    Call.received_at,
    Call.id,
    Call.id,
    Dimensions(operator=Call.staff_id, language=Call.language),
    base=Call.direction == Direction.INBOUND,
)
RECEIVED: Final = _tickets(words.RECEIVED, Ticket.received_at)
ORIGINAL: Final = _tickets(words.ORIGINAL, Ticket.due_original)
DUE: Final = _tickets(words.DUE, Ticket.due_at)
RESOLVED: Final = _tickets(words.RESOLVED, Ticket.resolved_at)
OWED: Final = Cohort(
    words.OWED,
    "callback",
    Callback,
    Callback.opened_at,
    Callback.id,
    Callback.call_id,
    Dimensions(
        Callback.unit_id,
        language=select(Call.language)
        .where(Call.id == Callback.call_id)
        .correlate(Callback)
        .scalar_subquery(),
    ),
    base=true(),
)
ORDERED: Final = Cohort(
    words.ORDERED,
    "ticket",
    join(TicketEvent, Ticket, TicketEvent.ticket_id == Ticket.id).join(
        Unit, Unit.code == TicketEvent.detail["unit"].as_string()
    ),
    TicketEvent.at,
    TicketEvent.id,
    Ticket.number,
    dataclasses.replace(_OF_TICKETS, unit=Unit.id),  # to which it was given, wherever it is now
    base=TicketEvent.action.in_(ORDERS),
)

THEN: Final = aliased(PresenceChange)  # the change that ended a stretch; of none it lasts still
_later: Final = aliased(PresenceChange)
_following: Final = (
    select(_later.id)
    .where(
        _later.staff_id == PresenceChange.staff_id,
        or_(
            _later.at > PresenceChange.at,
            and_(_later.at == PresenceChange.at, _later.id > PresenceChange.id),
        ),
    )
    .order_by(_later.at, _later.id)
    .limit(1)
    .correlate(PresenceChange)
    .scalar_subquery()
)
PRESENT: Final = Cohort(
    words.PRESENT,
    "presence",
    join(PresenceChange, Staff, Staff.id == PresenceChange.staff_id).outerjoin(
        THEN, THEN.id == _following
    ),
    PresenceChange.at,
    PresenceChange.id,
    Staff.login,
    Dimensions(operator=PresenceChange.staff_id),
    base=PresenceChange.to_state != PresenceState.OFFLINE,
)
CLAIMED: Final = Cohort(
    words.CLAIMED,
    "ticket",
    join(Claim, Ticket, Ticket.id == Claim.ticket_id),
    Ticket.received_at,
    Claim.id,
    Ticket.number,
    _OF_TICKETS,
    base=true(),
)
PAID: Final = Cohort(
    words.PAID,
    "ticket",
    join(Payment, Claim, Claim.id == Payment.claim_id).join(Ticket, Ticket.id == Claim.ticket_id),
    Payment.paid_on,
    Payment.id,
    Ticket.number,
    _OF_TICKETS,
    base=true(),
)

COHORTS: Final = (
    *(CALLED, OWED, PRESENT, RECEIVED, ORIGINAL, DUE, RESOLVED, ORDERED, CLAIMED, PAID),
)


def midnight(day: dt.date) -> dt.datetime:
    """Return the moment at which *day* begins in the hotline's zone."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=zone())


def day_of(moment: dt.datetime | dt.date) -> dt.date:
    """Return the local day of *moment*; a day is its own."""
    return local(moment).date() if isinstance(moment, dt.datetime) else moment


def days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield each day from *first* to *last*, both included."""
    for n in range((last - first).days + 1):
        yield first + dt.timedelta(days=n)
