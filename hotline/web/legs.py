"""Who works on a ticket: the lead unit with its load, helpers, urgings and what each answered."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import NotFound
from hotline.core.language import _
from hotline.core.roles import Actor, Permission, Role
from hotline.core.time import utcnow
from hotline.staff import queries as staff
from hotline.staff.models import Staff
from hotline.tickets import assisting, loads, queries, urging
from hotline.tickets.loads import NOTHING, Load
from hotline.tickets.models import Ticket
from hotline.tickets.queries import Story
from hotline.tickets.records import Assist, Urging
from hotline.tickets.states import State
from hotline.units import queries as units
from hotline.units.models import Unit
from hotline.web import forms
from hotline.web.work import back, ticket_of

bp = Blueprint("legs", __name__, url_prefix="/tickets/<number>")


class Seat(NamedTuple):
    """A unit as a dispatcher weighs it: its load, and who is there to be spoken to."""

    unit: Unit
    load: Load
    contacts: Sequence[Staff]


class Help(NamedTuple):
    """An assisting unit, and whether the reader answers for it."""

    assist: Assist
    unit: Unit
    mine: bool


class Word(NamedTuple):
    """An urging, and whether the reader owes its receipt."""

    urging: Urging
    mine: bool


class Legs(NamedTuple):
    """What the card about the units shows; while the ticket *waits* no unit has it."""

    waits: bool
    lead: Seat
    helpers: Sequence[Help]
    words: Sequence[Word]


def of_ticket(session: Session, actor: Actor, ticket: Ticket, story: Story) -> Legs:
    """Return who works on *ticket*, as *actor* may answer."""
    named = units.units_by_ids(session, {each.unit_id for each in story.assists})
    holds = urging.holds(ticket, actor)
    return Legs(
        ticket.state is State.RECEIVED,
        seat(session, units.by_id(session, ticket.unit_id)),
        [Help(each, named[each.unit_id], assisting.answers(each, actor)) for each in story.assists],
        [Word(each, holds) for each in reversed(story.urgings)],
    )


def seat(session: Session, unit: Unit) -> Seat:
    """Return *unit* with its load and its handlers."""
    load = loads.of_units(session, {unit.id}, now=utcnow()).get(unit.id, NOTHING)
    return Seat(unit, load, staff.leads(session, unit.id, Role.HANDLER))


@bp.get("/seat")
@permits(Permission.TICKET_ACT)
def weigh(number: str) -> ResponseReturnValue:
    """Show the load of a unit that is being chosen; nothing while no unit is named."""
    code = forms.code_of(request.args.get("unit"))
    with reading() as session:
        queries.by_number(session, current_actor(), number)
        try:
            found = seat(session, units.unit(session, code or ""))
        except NotFound:
            return ""
        return render_template("tickets/seat.html", seat=found)


@bp.post("/assists/<int:assist_id>")
@permits(Permission.TICKET_WRITE)
def assist(number: str, assist_id: int) -> ResponseReturnValue:
    """Answer for the assisting unit."""
    return _answer(number, Assist, assist_id, assisting.answer)


@bp.post("/urgings/<int:urging_id>")
@permits(Permission.TICKET_WRITE)
def receipt(number: str, urging_id: int) -> ResponseReturnValue:
    """Give the receipt of an urging."""
    return _answer(number, Urging, urging_id, urging.answer)


def _answer(
    number: str, model: type[Any], row_id: int, verb: Callable[..., None]
) -> ResponseReturnValue:
    actor, now, text = current_actor(), utcnow(), request.form.get("answer", "")

    def work(session: Session) -> None:
        ticket = ticket_of(session, number)
        row = session.get(model, row_id)
        if row is None or row.ticket_id != ticket.id:
            raise NotFound
        verb(session, ticket, row, text, actor=actor, now=now)

    transaction(work)
    return back(number, _("已回执"))
