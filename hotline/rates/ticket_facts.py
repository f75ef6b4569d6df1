"""What may be true of a ticket: by the day it came, fell due, or was settled.

One function a fact; its docstring is the definition, its result the condition in SQL.
A ticket that was reworked or reopened is counted by its last settlement, and not as
settled while it is open again.
"""

from sqlalchemy import and_, true

from hotline.core.words import N_
from hotline.rates.cohorts import DUE, ORIGINAL, RECEIVED, RESOLVED
from hotline.rates.fact import Condition, fact
from hotline.tickets.models import Ticket
from hotline.tickets.states import OPEN, SETTLED, SUBMITTED, State


def stands() -> Condition:
    """Return the condition that nobody voided or merged the ticket."""
    return Ticket.state.not_in((State.VOIDED, State.MERGED))


def is_settled() -> Condition:
    """Return the condition that the ticket is settled."""
    return Ticket.state.in_(SETTLED)


def voided() -> Condition:
    """Return the condition that two people voided the ticket."""
    return Ticket.state == State.VOIDED


def merged() -> Condition:
    """Return the condition that the ticket went on in another."""
    return Ticket.state == State.MERGED


@fact(RECEIVED, N_("受理"))
def received() -> Condition:
    """Every ticket received, whatever became of it."""
    return true()


@fact(RECEIVED, N_("受理，除作废与合并"))
def received_counted() -> Condition:
    """Tickets received, less those voided or merged."""
    return stands()


@fact(RECEIVED, N_("受理且已办结"))
def received_settled() -> Condition:
    """Tickets received that are settled."""
    return is_settled()


@fact(RECEIVED, N_("受理且未办结"))
def received_open() -> Condition:
    """Tickets received that are open, suspended ones among them."""
    return Ticket.state.in_(OPEN)


@fact(RECEIVED, N_("作废"))
def received_voided() -> Condition:
    """Tickets received that were voided by two people."""
    return voided()


@fact(RECEIVED, N_("已合并"))
def received_merged() -> Condition:
    """Tickets received that were merged into another."""
    return merged()


@fact(ORIGINAL, N_("原定到期"))
def original_counted() -> Condition:
    """Tickets by their first deadline, less those voided or merged."""
    return stands()


@fact(ORIGINAL, N_("不晚于原定期限办结"))
def original_on_time() -> Condition:
    """Settled tickets whose result was submitted by the first deadline."""
    return and_(is_settled(), Ticket.resolved_at <= Ticket.due_original)


@fact(ORIGINAL, N_("作废"))
def original_voided() -> Condition:
    """Voided tickets by their first deadline."""
    return voided()


@fact(ORIGINAL, N_("已合并"))
def original_merged() -> Condition:
    """Merged tickets by their first deadline."""
    return merged()


@fact(DUE, N_("现行到期"))
def due_counted() -> Condition:
    """Tickets by their present deadline, less those voided or merged."""
    return stands()


@fact(DUE, N_("现行到期，除挂账"))
def due_running() -> Condition:
    """Tickets by their present deadline, less voided, merged and suspended ones."""
    return and_(stands(), Ticket.state != State.SUSPENDED)


@fact(DUE, N_("到期且已办结"))
def due_settled() -> Condition:
    """Settled tickets by their present deadline."""
    return is_settled()


@fact(DUE, N_("不晚于现行期限办结"))
def due_on_time() -> Condition:
    """Settled tickets whose result was submitted by the present deadline."""
    return and_(is_settled(), Ticket.resolved_at <= Ticket.due_at)


@fact(DUE, N_("到期未提交"))
def due_unsubmitted() -> Condition:
    """Tickets whose result is not submitted, by their present deadline."""
    return Ticket.state.in_(OPEN - SUBMITTED)


@fact(DUE, N_("挂账"))
def due_suspended() -> Condition:
    """Suspended tickets by the deadline they had when their clock stopped."""
    return Ticket.state == State.SUSPENDED


@fact(DUE, N_("作废"))
def due_voided() -> Condition:
    """Voided tickets by their present deadline."""
    return voided()


@fact(DUE, N_("已合并"))
def due_merged() -> Condition:
    """Merged tickets by their present deadline."""
    return merged()


@fact(RESOLVED, N_("已办结"))
def settled() -> Condition:
    """Settled tickets by the moment their last result was submitted."""
    return is_settled()


@fact(RESOLVED, N_("重办、重开后办结"))
def settled_again() -> Condition:
    """Settled tickets that were settled before."""
    return and_(is_settled(), Ticket.cycle > 1)
