"""Workers who were dissatisfied and are satisfied now: put right, or talked round by the unit."""

from sqlalchemy import ColumnElement, and_, exists, or_

from hotline.tickets.contact import Way
from hotline.tickets.models import SurveyOutcome, Ticket
from hotline.tickets.records import EventKind, TicketEvent, TicketResult
from hotline.tickets.states import Action


def was_dissatisfied() -> ColumnElement[bool]:
    """Return the condition that an earlier result of the ticket was scored 4 or 5."""
    return exists().where(
        TicketEvent.ticket_id == Ticket.id,
        TicketEvent.action == Action.SURVEY_DISSATISFIED,
        TicketEvent.cycle < Ticket.cycle,
    )


def turned() -> ColumnElement[bool]:
    """Return the condition that the worker is satisfied now, and the unit rang them in between.

    Its result says so, or it was recorded when it happened.
    """
    told = exists().where(
        TicketResult.ticket_id == Ticket.id,
        TicketResult.cycle == Ticket.cycle,
        TicketResult.contact_way == Way.CALL,
    )
    recorded = exists().where(
        TicketEvent.ticket_id == Ticket.id,
        TicketEvent.cycle == Ticket.cycle,
        TicketEvent.kind == EventKind.CONTACT,
        TicketEvent.detail["way"].as_string() == Way.CALL,
        TicketEvent.detail["reached"].as_boolean().is_(True),
    )
    satisfied = Ticket.survey_outcome == SurveyOutcome.SATISFIED
    return and_(satisfied, was_dissatisfied(), or_(told, recorded))
