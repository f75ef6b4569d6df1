"""The list of tickets, one ticket's page, and a new one."""

import dataclasses
import datetime as dt
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.intake import service as intake
from hotline.staff import saved_views
from hotline.telephony.numbers import normalise
from hotline.tickets import correcting, queries, sight, tags
from hotline.tickets.narrowing import Filter
from hotline.web import choices, clashes, dossier, forms, typing, views
from hotline.web import saved_views as kept
from hotline.web.drafts import spent

bp = Blueprint("tickets", __name__, url_prefix="/tickets")

PAGE = 50


@bp.get("")
@permits(Permission.TICKET_READ)
def index() -> ResponseReturnValue:
    """Show a view of the tickets; all that narrows it stands in the address.

    Asked for nothing, the list leads to the address of the reader's own default view.
    """
    with reading() as session:
        first = None if request.args else saved_views.default(session, current_actor())
        if first is not None:
            return redirect(kept.address(first.query))
        return render_template("tickets/index.html", views=views.VIEWS, **_listed(session))


def _listed(session: Session) -> dict[str, Any]:
    actor, now, args = current_actor(), utcnow(), request.args
    view = views.BY_ID.get(args.get("view", ""), views.BY_ID[views.first(actor)])
    wanted = narrowed(view.wanted(actor, now), args)
    page = queries.lines(session, actor, wanted, cursor=args.get("cursor"), limit=PAGE, now=now)
    saved, here = saved_views.open_to(session, actor), kept.written(args, view.id)
    return {
        "view": view,
        "page": page,
        "tags": tags.of(session, page.items),
        "saved": saved,
        "saved_address": kept.address,
        "here": here,
        "kept": next((each for each in saved if each.query == here), None),
    }


@bp.get("/lists")
@permits(Permission.TICKET_READ)
def lists() -> ResponseReturnValue:
    """Return what the filters offer, once somebody goes into them: no page waits for it."""
    with reading() as session:
        offered = tags.in_use(session, current_actor())
        return render_template("tickets/lists.html", tags=offered, **choices.for_filters(session))


def narrowed(wanted: Filter, args: Any) -> Filter:
    """Return *wanted* with what the address adds."""
    added: dict[str, Any] = {
        "q": args.get("q", "").strip() or None,
        "category": forms.code_of(args.get("category")),
        "unit": forms.code_of(args.get("unit")),
        "tag": args.get("tag", "").strip() or None,
        "caller": normalise(args.get("caller", "")),
    }
    for name, shift in (("received_from", 0), ("received_to", 1)):
        if text := args.get(name):
            added[name] = forms.moment_of(name, text) + dt.timedelta(days=shift)
    return dataclasses.replace(wanted, **{k: v for k, v in added.items() if v})


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
    actor, now, given = current_actor(), utcnow(), forms.matter(request.form).whole()

    def work(session: Session) -> str:
        spent(session)
        return intake.register(session, actor, given, now=now).number

    return forms.done(url_for(".show", number=transaction(work)), _("已登记工单"))


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
    page = dossier.of_ticket(session, actor, ticket)
    return {
        "ticket": page.story.ticket,
        "moves": queries.allowed(session, ticket, actor, now),
        "watch": ",".join(str(each) for each in page.story.sights),
        "page": page,
    }


@bp.get("/<number>/edit")
@permits(Permission.TICKET_WRITE)
def edit(number: str) -> ResponseReturnValue:
    """Show the form to correct what was taken down."""
    with reading() as session:
        actor = current_actor()
        ticket = queries.by_number(session, actor, number)
        sight.require_clear(session, actor, ticket)
        return render_template(
            "tickets/edit.html",
            ticket=ticket,
            names=choices.names(session, ticket),
            asked=typing.of_ticket(session, ticket),
            was=clashes.packed(correcting.look(session, ticket)),
            **choices.for_intake(session),
        )
