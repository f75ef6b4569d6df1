"""The list of tickets, one ticket's page, and a new one."""

import dataclasses
import datetime as dt
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import NotFound
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.intake import service as intake
from hotline.telephony.numbers import normalise
from hotline.tickets import queries
from hotline.tickets.queries import Filter
from hotline.web import choices, dossier, forms, views

bp = Blueprint("tickets", __name__, url_prefix="/tickets")

PAGE = 50


@bp.get("")
@permits(Permission.TICKET_READ)
def index() -> ResponseReturnValue:
    """Show a view of the tickets; all that narrows it stands in the address."""
    actor, now = current_actor(), utcnow()
    view = views.BY_ID.get(request.args.get("view", ""), views.BY_ID[views.first(actor)])
    wanted = narrowed(view.wanted(actor, now), request.args)
    cursor = request.args.get("cursor")
    with reading() as session:
        page = queries.lines(session, actor, wanted, cursor=cursor, limit=PAGE, now=now)
        options = choices.for_filters(session)
        return render_template(
            "tickets/index.html", view=view, views=views.VIEWS, page=page, **options
        )


def narrowed(wanted: Filter, args: Any) -> Filter:
    """Return *wanted* with what the address adds."""
    added: dict[str, Any] = {
        "q": args.get("q", "").strip() or None,
        "category": forms.code_of(args.get("category")),
        "unit": forms.code_of(args.get("unit")),
        "caller": normalise(args.get("caller", "")),
    }
    for name, shift in (("received_from", 0), ("received_to", 1)):
        if text := args.get(name):
            added[name] = forms.moment(text) + dt.timedelta(days=shift)
    return dataclasses.replace(wanted, **{k: v for k, v in added.items() if v})


@bp.get("/find")
@permits(Permission.TICKET_READ)
def find() -> ResponseReturnValue:
    """Go to the ticket with that number, or list the caller's or the employer's."""
    asked = request.args.get("q", "").strip()
    with reading() as session:
        try:
            queries.by_number(session, current_actor(), asked)
        except NotFound:
            number = normalise(asked)
            found = {"view": "all"} | ({"caller": number} if number else {"q": asked})
            return forms.done(f"{url_for('.index')}?{urlencode(found)}")
    return forms.done(url_for(".show", number=asked))


@bp.get("/new")
@permits(Permission.TICKET_WRITE)
def new() -> ResponseReturnValue:
    """Show the form for a matter that came otherwise than by call or SMS."""
    with reading() as session:
        return render_template("tickets/new.html", **choices.for_intake(session))


@bp.post("")
@permits(Permission.TICKET_WRITE)
def register() -> ResponseReturnValue:
    """Write a new matter down."""
    actor, now, given = current_actor(), utcnow(), forms.matter(request.form)
    number = transaction(lambda session: intake.register(session, actor, given, now=now).number)
    return forms.done(url_for(".show", number=number), _("已登记工单"))


@bp.get("/<number>")
@permits(Permission.TICKET_READ)
def show(number: str) -> ResponseReturnValue:
    """Show one ticket with all that belongs to it."""
    with reading() as session:
        return render_template("tickets/show.html", **of(session, number))


def of(session: Session, number: str) -> dict[str, Any]:
    """Return what the page of a ticket shows to whoever asks."""
    actor, now = current_actor(), utcnow()
    ticket = queries.by_number(session, actor, number)
    return {
        "ticket": ticket,
        "moves": queries.allowed(session, ticket, actor, now),
        "watch": ticket.id,
        "page": dossier.of_ticket(session, actor, ticket),
    }


@bp.get("/<number>/edit")
@permits(Permission.TICKET_WRITE)
def edit(number: str) -> ResponseReturnValue:
    """Show the form to correct what was taken down."""
    with reading() as session:
        ticket = queries.by_number(session, current_actor(), number)
        return render_template(
            "tickets/edit.html",
            ticket=ticket,
            names=choices.names(session, ticket),
            **choices.for_intake(session),
        )
