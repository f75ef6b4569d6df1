"""What may be true of a ticket: by the day it came, fell due, or was settled.

One function a fact; its docstring is the definition, its result the condition in SQL. A ticket
that began in another system stands outside all of them, but for the four that count those.
A ticket that was reworked or reopened is counted by its last settlement, and not as
settled while it is open again.
"""

from typing import Final

from sqlalchemy import and_, exists, func, not_, or_, true
from sqlalchemy.orm import aliased

from hotline.calls.models import Call
from hotline.calls.states import LINKED
from hotline.core.words import N_
from hotline.rates.cohorts import DUE, ORIGINAL, RECEIVED, RESOLVED, Attribute
from hotline.rates.elapsed import DAY, elapsed
from hotline.rates.fact import Condition, fact
from hotline.tickets.approvals import EXTEND
from hotline.tickets.models import IS_OPEN, DemandType, Outcome, Ticket
from hotline.tickets.records import Approval, Decision, EventKind, TicketEvent
from hotline.tickets.states import OPEN, SETTLED, SUBMITTED, State

CAME_BACK: Final = 7 * DAY  # ms after a settlement: who asks again so soon was not helped


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
    return IS_OPEN


@fact(RECEIVED, N_("受理且挂账"))
def received_suspended() -> Condition:
    """Tickets received that are suspended now."""
    return Ticket.state == State.SUSPENDED


@fact(RECEIVED, N_("受理且直接答复"))
def received_direct() -> Condition:
    """Tickets received that were answered at once and are settled so."""
    return and_(is_settled(), Ticket.outcome == Outcome.ANSWERED_DIRECT)


@fact(RECEIVED, N_("作废"))
def received_voided() -> Condition:
    """Tickets received that were voided by two people."""
    return voided()


@fact(RECEIVED, N_("已合并"))
def received_merged() -> Condition:
    """Tickets received that were merged into another."""
    return merged()


@fact(RECEIVED, N_("受理，从外部导入"), apart=True)
def received_imported() -> Condition:
    """Tickets received that began in another system."""
    return true()


def _of_demand(demand: DemandType, label: str) -> None:
    """Enter the fact of tickets that ask for *demand*."""

    def received_as() -> Condition:
        return and_(stands(), Ticket.demand_type == demand)

    received_as.__doc__ = f"Tickets received as `{demand}`, less those voided or merged."
    received_as.__name__ = f"received_{demand}"
    fact(RECEIVED, label)(received_as)


_of_demand(DemandType.INQUIRY, N_("受理：问题咨询"))
_of_demand(DemandType.COMPLAINT, N_("受理：信访投诉"))
_of_demand(DemandType.LEGAL, N_("受理：法律服务"))
_of_demand(DemandType.SUGGESTION, N_("受理：意见建议"))
_of_demand(DemandType.HELP, N_("受理：帮扶救助"))
_of_demand(DemandType.PRAISE, N_("受理：感谢表扬"))
_of_demand(DemandType.OTHER, N_("受理：其他"))


@fact(RECEIVED, N_("受理：类型未定"))
def received_untyped() -> Condition:
    """Tickets received of which nobody has said what they ask for, less those voided or merged."""
    return and_(stands(), Ticket.demand_type.is_(None))


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


@fact(ORIGINAL, N_("原定到期，从外部导入"), apart=True)
def original_imported() -> Condition:
    """Tickets of another system by their first deadline."""
    return true()


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


@fact(DUE, N_("批准过延期"))
def due_extended() -> Condition:
    """Tickets, neither voided nor merged, of which a longer time was approved."""
    approved = exists().where(
        Approval.ticket_id == Ticket.id,
        Approval.action == EXTEND,
        Approval.decision == Decision.APPROVED,
    )
    return and_(stands(), approved)


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


@fact(DUE, N_("现行到期，从外部导入"), apart=True)
def due_imported() -> Condition:
    """Tickets of another system by their present deadline."""
    return true()


@fact(RESOLVED, N_("已办结"))
def settled() -> Condition:
    """Settled tickets by the moment their last result was submitted."""
    return is_settled()


@fact(RESOLVED, N_("已办结，从外部导入"), apart=True)
def settled_imported() -> Condition:
    """Tickets of another system by the moment of their last result."""
    return true()


@fact(RESOLVED, N_("重办、重开后办结"))
def settled_again() -> Condition:
    """Settled tickets that were settled before."""
    return and_(is_settled(), Ticket.cycle > 1)


@fact(RESOLVED, N_("一次办结且 7 天内未再来"))
def settled_first_time() -> Condition:
    """Settled tickets of one cycle whose worker did not come back with it within seven days.

    Coming back is a call about the ticket, a word from the caller on it, or another ticket
    of the same worker in the same category.
    """
    return and_(is_settled(), Ticket.cycle == 1, not_(_came_back()))


def _came_back() -> Condition:
    other = aliased(Ticket)
    called = exists().where(
        Call.ticket_id == Ticket.id, Call.disposition.in_(LINKED), _soon_after(Call.received_at)
    )
    wrote = exists().where(
        TicketEvent.ticket_id == Ticket.id,
        TicketEvent.kind == EventKind.CALLER,
        _soon_after(TicketEvent.at),
    )
    asked = exists().where(
        other.id != Ticket.id,
        other.worker_id == Ticket.worker_id,
        func.coalesce(other.category_code, "") == Ticket.category_code,  # found by worker alone
        elapsed(Ticket.resolved_at, other.received_at).between(1, CAME_BACK),
    )
    return or_(called, wrote, asked)


def _soon_after(moment: Attribute) -> Condition:
    return and_(moment > Ticket.resolved_at, elapsed(Ticket.resolved_at, moment) <= CAME_BACK)
