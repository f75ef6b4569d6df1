"""Campaigns: the list, one with its board, and what it is to be."""

from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.campaigns import queries, service
from hotline.campaigns.service import Plan
from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid, NotFound
from hotline.core.language import _, local
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.reports import campaigns as reports
from hotline.tickets import findings, tags
from hotline.tickets import queries as tickets
from hotline.tickets.narrowing import Filter
from hotline.units import queries as units
from hotline.units.models import Unit
from hotline.web import choices, forms
from hotline.web.reports import attached

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns")

PAGE: Final = 50
SHOWN: Final = 10  # tickets on the board; the list has them all


@bp.get("")
@permits(Permission.TICKET_READ)
def index() -> ResponseReturnValue:
    """List the campaigns, those that end last first."""
    actor, cursor = current_actor(), request.args.get("cursor")
    with reading() as session:
        page = queries.page(session, actor, cursor=cursor, limit=PAGE)
        return render_template("campaigns/index.html", page=page, today=local(utcnow()).date())


@bp.get("/new")
@permits(Permission.TICKET_RULE)
def new() -> ResponseReturnValue:
    """Show an empty form."""
    with reading() as session:
        return render_template("campaigns/form.html", line=None, **choices.for_filters(session))


@bp.post("")
@permits(Permission.TICKET_RULE)
def begin() -> ResponseReturnValue:
    """Write a campaign down, and make the tag of its name."""
    actor, now, name, plan = current_actor(), utcnow(), request.form.get("name", ""), _plan()

    def work(session: Session) -> int:
        unit = _unit(session, forms.code_of(request.form.get("unit")))
        return service.begin(session, name, unit, plan, actor=actor, now=now).tag_id

    return forms.done(url_for(".show", tag_id=transaction(work)), _("专项行动已建立"))


@bp.get("/<int:tag_id>")
@permits(Permission.TICKET_READ)
def show(tag_id: int) -> ResponseReturnValue:
    """Show how far a campaign is, unit by unit, and its newest tickets."""
    actor, now = current_actor(), utcnow()
    with reading() as session:
        board = queries.board(session, actor, tag_id, now=now)
        wanted = Filter(tag=board.line.tag.name)
        page = tickets.lines(session, actor, wanted, cursor=None, limit=SHOWN, now=now)
        return render_template(
            "campaigns/show.html",
            board=board,
            page=page,
            report=reports,
            tags=tags.of(session, page.items),
        )


@bp.get("/<int:tag_id>/file.<ending>")
@permits(Permission.TICKET_READ)
def file(tag_id: int, ending: str) -> ResponseReturnValue:
    """Give the board's figures as a file."""
    with reading() as session:
        board = queries.board(session, current_actor(), tag_id, now=utcnow())
        return attached(reports.of(board, now=utcnow()), ending)


@bp.get("/<int:tag_id>/edit")
@permits(Permission.TICKET_RULE)
def edit(tag_id: int) -> ResponseReturnValue:
    """Show the form to give it other days or targets."""
    with reading() as session:
        line = queries.campaign(session, current_actor(), tag_id)
        return render_template("campaigns/form.html", line=line)


@bp.post("/<int:tag_id>")
@permits(Permission.TICKET_RULE)
def change(tag_id: int) -> ResponseReturnValue:
    """Give a campaign other days or targets."""
    actor, now, plan = current_actor(), utcnow(), _plan()
    seen = forms.version(request.form)

    def work(session: Session) -> None:
        found = queries.campaign(session, actor, tag_id).campaign
        service.change(session, found, plan, actor=actor, now=now, version=seen)

    transaction(work)
    return forms.done(url_for(".show", tag_id=tag_id), _("专项行动已更改"))


def _plan() -> Plan:
    """Return what the form says.

    Raises:
        Invalid: A day or a number cannot be read.
    """
    return Plan(
        starts_on=forms.day_of(request.form, "starts_on"),
        ends_on=forms.day_of(request.form, "ends_on"),
        target_settled=_maybe("target_settled", int),
        target_paid=_maybe("target_paid", findings.money),
    )


def _maybe(name: str, kind: Any) -> Any:
    return _read(name, kind) if request.form.get(name, "").strip() else None


def _read(name: str, kind: Any) -> Any:
    try:
        return kind(request.form.get(name, "").strip())
    except ValueError as error:
        raise Invalid({name: N_("内容不合要求")}) from error


def _unit(session: Session, code: str | None) -> Unit:
    try:
        return units.unit(session, code or "")
    except NotFound:
        raise Invalid({"unit": N_("请从列表中选择")}) from None
