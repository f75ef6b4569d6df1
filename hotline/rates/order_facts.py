"""What may be true of an order: each time a ticket was given to a unit, by the day it was.

One function a fact; its docstring is the definition, its result the condition in SQL. What
follows an order is what the timeline tells before the ticket's next order.
"""

from sqlalchemy import and_, exists, not_, true
from sqlalchemy.orm import aliased

from hotline.core.words import N_
from hotline.rates.cohorts import ORDERED, ORDERS
from hotline.rates.fact import Condition, fact
from hotline.tickets.records import TicketEvent
from hotline.tickets.states import Action


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
    return _followed_by(Action.RECALL)


@fact(ORDERED, N_("已签收"))
def orders_signed() -> Condition:
    """Orders that the unit signed."""
    return _followed_by(Action.SIGN)


@fact(ORDERED, N_("限时内签收"))
def orders_signed_in_time() -> Condition:
    """Orders that the unit signed within the time its class allows."""
    return _followed_by(Action.SIGN, late=False)


@fact(ORDERED, N_("单位申请退单"))
def orders_returned() -> Condition:
    """Orders that the unit asked to be relieved of, whatever was decided."""
    return _followed_by(Action.REQUEST_RETURN)


@fact(ORDERED, N_("同意退单"))
def orders_wrong() -> Condition:
    """Orders that were accepted back: the dispatcher had chosen the wrong unit."""
    return _followed_by(Action.ACCEPT_RETURN)


@fact(ORDERED, N_("派单，除收回与同意退单"))
def orders_right() -> Condition:
    """Orders neither taken back nor accepted back."""
    return and_(orders_standing(), not_(orders_wrong()))


def _followed_by(action: Action, *, late: bool | None = None) -> Condition:
    """Return the condition that *action* follows the order and no other order lies between."""
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
    found = (
        exists()
        .where(
            then.ticket_id == TicketEvent.ticket_id,
            then.id > TicketEvent.id,
            then.action == action,
            not_(other_order),
        )
        .correlate(TicketEvent)
    )
    return found if late is None else found.where(then.detail["late"].as_boolean().is_(late))
