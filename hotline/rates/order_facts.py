"""What may be true of an order: each time a ticket was given to a unit, by the day it was.

One function a fact; its docstring is the definition, its result the condition in SQL. What
follows an order is what the timeline tells before the ticket's next order.
"""

from collections.abc import Callable

from sqlalchemy import and_, exists, not_, true
from sqlalchemy.orm import aliased

from hotline.core.words import N_
from hotline.rates.cohorts import ORDERED, ORDERS
from hotline.rates.fact import Condition, fact
from hotline.tickets.records import EventKind, TicketEvent
from hotline.tickets.states import Action

Then = type[TicketEvent]  # an alias: what follows
Told = Callable[[Then], Condition]


@fact(ORDERED, N_("派单"))
def orders() -> Condition:
    """Every time a ticket was given to a unit: dispatched, handed down, ordered again."""
    return true()


@fact(ORDERED, N_("派单，除收回"))
def orders_standing() -> Condition:
    """Orders that the dispatcher did not take back before they were signed."""
    return not_(orders_recalled())


@fact(ORDERED, N_("签收前收回"))
def orders_recalled() -> Condition:
    """Orders that the dispatcher took back before they were signed."""
    return _followed_by(_of(Action.RECALL))


@fact(ORDERED, N_("已签收"))
def orders_signed() -> Condition:
    """Orders that the unit signed."""
    return _followed_by(_signed)


@fact(ORDERED, N_("限时内签收"))
def orders_signed_in_time() -> Condition:
    """Orders that the unit signed within the time its class allows."""
    return _followed_by(_signed_in_time)


@fact(ORDERED, N_("单位申请退单"))
def orders_returned() -> Condition:
    """Orders that the unit asked to be relieved of, whatever was decided."""
    return _followed_by(_of(Action.REQUEST_RETURN))


@fact(ORDERED, N_("同意退单"))
def orders_wrong() -> Condition:
    """Orders that were accepted back: the dispatcher had chosen the wrong unit."""
    return _followed_by(_of(Action.ACCEPT_RETURN))


@fact(ORDERED, N_("派单，除收回与同意退单"))
def orders_right() -> Condition:
    """Orders neither taken back nor accepted back."""
    return and_(orders_standing(), not_(orders_wrong()))


@fact(ORDERED, N_("已签收，应首次联系"))
def orders_to_contact() -> Condition:
    """Orders that the unit signed, and in whose class it owes the worker a word by some time."""
    return _followed_by(_signed_to_contact)


@fact(ORDERED, N_("限时内首次联系"))
def orders_contacted_in_time() -> Condition:
    """Orders whose unit recorded, within the time its class allows, that it reached the worker."""
    return and_(orders_to_contact(), _followed_by(_reached_in_time))


@fact(ORDERED, N_("已签收，该类没有首次联系时限"))
def orders_contact_unlimited() -> Condition:
    """Orders that the unit signed, and in whose class no time is set for the first contact."""
    return and_(orders_signed(), not_(orders_to_contact()))


def _of(action: Action) -> Told:
    return lambda then: then.action == action


def _signed(then: Then) -> Condition:
    return then.action == Action.SIGN


def _signed_in_time(then: Then) -> Condition:
    return and_(_signed(then), then.detail["late"].as_boolean().is_(False))


def _signed_to_contact(then: Then) -> Condition:
    return and_(_signed(then), then.detail["contact_by"].as_string().is_not(None))


def _reached_in_time(then: Then) -> Condition:
    reached = then.detail["reached"].as_boolean().is_(True)
    in_time = then.detail["late"].as_boolean().is_(False)
    return and_(then.kind == EventKind.CONTACT, reached, in_time)


def _followed_by(told: Told) -> Condition:
    """Return the condition that what is *told* follows the order, with no other order between."""
    then, between = aliased(TicketEvent), aliased(TicketEvent)
    other_order = (
        exists()
        .where(
            between.ticket_id == TicketEvent.ticket_id,
            between.id > TicketEvent.id,
            between.id < then.id,
            between.action.in_(ORDERS),
        )
        .correlate(TicketEvent, then)
    )
    return (
        exists()
        .where(
            then.ticket_id == TicketEvent.ticket_id,
            then.id > TicketEvent.id,
            told(then),
            not_(other_order),
        )
        .correlate(TicketEvent)
    )
