"""Which moment puts a row into which local day, and where a local day lies in time."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, and_, join, true
from sqlalchemy.orm import InstrumentedAttribute

from hotline.callbacks.models import Callback
from hotline.calls.models import Call
from hotline.calls.states import Direction
from hotline.core.language import local, zone
from hotline.rates import words
from hotline.tickets.models import Ticket
from hotline.tickets.records import TicketEvent
from hotline.tickets.states import Action
from hotline.units.models import Unit

Attribute = InstrumentedAttribute[Any]
Kind = Literal["call", "callback", "ticket"]
ORDERS: Final = (Action.DISPATCH, Action.HAND_DOWN, Action.ORDER_REWORK)  # to a unit


@dataclass(frozen=True)
class Dimensions:
    """The columns a cohort is counted by; None where its rows have none.

    Calls have none: they belong to the hotline's centre, whatever comes of them.
    """

    unit: Attribute | None = None
    region: Attribute | None = None
    category: Attribute | None = None
    channel: Attribute | None = None

    def columns(self) -> dict[str, Attribute]:
        """Return the columns there are, by name."""
        return {name: column for name, column in vars(self).items() if column is not None}


@dataclass(frozen=True)
class Cohort:
    """The rows that one moment assigns to days.

    Attributes:
        label: What a person calls a row: a ticket's number, a call's id.
        base: What is true of every row of the cohort.
    """

    name: str
    kind: Kind
    source: Any
    moment: Attribute
    id: Attribute
    label: Attribute
    dimensions: Dimensions
    base: ColumnElement[bool]

    def within(self, first: dt.date, last: dt.date) -> ColumnElement[bool]:
        """Return the condition for the days from *first* to *last*, both included."""
        after = midnight(last + dt.timedelta(days=1))
        return and_(self.moment >= midnight(first), self.moment < after, self.base)


def _tickets(name: str, moment: Attribute) -> Cohort:
    return Cohort(name, "ticket", Ticket, moment, Ticket.id, Ticket.number, _OF_TICKETS, true())


_OF_TICKETS: Final = Dimensions(
    Ticket.unit_id, Ticket.region_code, Ticket.category_code, Ticket.channel
)

CALLED: Final = Cohort(
    words.CALLED,
    "call",
    Call,
    Call.received_at,
    Call.id,
    Call.id,
    Dimensions(),
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
    Dimensions(Callback.unit_id),
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

COHORTS: Final = (CALLED, OWED, RECEIVED, ORIGINAL, DUE, RESOLVED, ORDERED)


def midnight(day: dt.date) -> dt.datetime:
    """Return the moment at which *day* begins in the hotline's zone."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=zone())


def day_of(moment: dt.datetime) -> dt.date:
    """Return the local day of *moment*."""
    return local(moment).date()


def days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield each day from *first* to *last*, both included."""
    for n in range((last - first).days + 1):
        yield first + dt.timedelta(days=n)
