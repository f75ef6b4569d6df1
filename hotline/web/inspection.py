"""Quality inspection: the samples of a month, the score sheet, appeals, results by operator."""

import datetime as dt
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.calls import queries as calls
from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Forbidden, Invalid
from hotline.core.language import _, local
from hotline.core.roles import Actor, Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.inspection import queries, scoring, service
from hotline.inspection.models import InspectionDraw, InspectionSample, Round
from hotline.staff import queries as staff
from hotline.tickets import queries as tickets
from hotline.tickets.sight import central
from hotline.web import forms

bp = Blueprint("inspection", __name__, url_prefix="/inspection")

PAGE = 50


@bp.get("")
@permits(Permission.REVIEW)
def index() -> ResponseReturnValue:
    """Show the samples of a month with what they came to; the address names the month."""
    actor, month = current_actor(), _month(request.args.get("month"))
    with reading() as session:
        found = queries.drawn(session, month)
        return render_template(
            "inspection/index.html",
            month=f"{month:%Y-%m}",
            draw=found,
            months=queries.months(session),
            **(_drawn(session, actor, found) if found else {}),
        )


def _drawn(session: Session, actor: Actor, found: InspectionDraw) -> dict[str, Any]:
    cursor = request.args.get("cursor")
    page = queries.page(session, actor, found.id, cursor=cursor, limit=PAGE)
    results = queries.results(session, actor, found.id)
    doubled, kappa = queries.agreement(session, found.id)
    people = {each.staff_id for each in results} | {found.drawn_by}
    return {
        "page": page,
        "calls": calls.by_ids(session, (each.sample.call_id or 0 for each in page.items)),
        "tickets": tickets.shown(
            session, actor, {each.sample.ticket_id or 0 for each in page.items}
        ),
        "results": results,
        "doubled": doubled,
        "kappa": kappa,
        "staff": staff.staff_by_ids(session, people),
    }


@bp.post("/draws")
@permits(Permission.REVIEW)
def draw() -> ResponseReturnValue:
    """Draw the samples of a month."""
    actor, now, month = current_actor(), utcnow(), _month(request.form.get("month"))
    transaction(lambda session: service.draw(session, month, actor=actor, now=now).id)
    return forms.done(url_for(".index", month=f"{month:%Y-%m}"), _("已抽样"))


@bp.get("/own")
@permits(Permission.TICKET_READ)
def own() -> ResponseReturnValue:
    """Show what was inspected of one's own work."""
    with reading() as session:
        lines = queries.own(session, current_actor(), PAGE)
        return render_template("inspection/own.html", lines=lines)


@bp.get("/<int:sample_id>")
@permits(Permission.TICKET_READ)
def show(sample_id: int) -> ResponseReturnValue:
    """Show a sample with its scorings, and the sheet to whoever may score it now."""
    actor = current_actor()
    with reading() as session:
        found = service.sample(session, sample_id)
        if actor.id != found.staff_id and not _reviews(actor):
            raise Forbidden
        return render_template("inspection/show.html", **_of(session, actor, found))


def _of(session: Session, actor: Actor, found: InspectionSample) -> dict[str, Any]:
    scores = service.rounds(session, found.id)
    due, barred = service.round_due(found, scores), service.barred(session, found, scores)
    scores_now = due is not None and actor.id not in barred and _reviews(actor)
    shown = (
        {} if scores_now and due is Round.SECOND else scores
    )  # two who do not know of each other
    about = tickets.shown(session, actor, {found.ticket_id} if found.ticket_id else ())
    return {
        "sample": found,
        "ticket": about.get(found.ticket_id or 0),
        "sheet": service.sheet(session),
        "sheets": {each.version: each for each in service.sheets_made(session)},
        "scores": [shown[each] for each in Round if each in shown],
        "due": due if scores_now else None,
        "grade": scoring.grade,
        "appeals": actor.id == found.staff_id and bool(scores) and found.appealed_at is None,
        "staff": staff.staff_by_ids(session, barred),
    }


@bp.post("/<int:sample_id>/scores")
@permits(Permission.REVIEW)
def score(sample_id: int) -> ResponseReturnValue:
    """Score a sample."""
    actor, now, given = current_actor(), utcnow(), _points()
    fatal, remark = request.form.getlist("fatal"), request.form.get("remark")
    seen = forms.version(request.form)

    def work(session: Session) -> None:
        found = service.sample(session, sample_id, lock=True)
        service.mark(session, found, given, fatal, remark, actor=actor, now=now, seen=seen)

    transaction(work)
    return forms.done(url_for(".show", sample_id=sample_id), _("评分已登记"))


@bp.post("/<int:sample_id>/appeal")
@permits(Permission.TICKET_READ)
def appeal(sample_id: int) -> ResponseReturnValue:
    """Object to one's own score."""
    actor, now, words = current_actor(), utcnow(), request.form.get("appeal", "")

    def work(session: Session) -> None:
        found = service.sample(session, sample_id, lock=True)
        service.appeal(session, found, words, actor=actor, now=now)

    transaction(work)
    return forms.done(url_for(".show", sample_id=sample_id), _("已申诉，由另一人复评"))


def _reviews(actor: Actor) -> bool:
    return actor.may(Permission.REVIEW) and central(actor)


def _points() -> dict[str, int]:
    start = "points."
    given = {k.removeprefix(start): v for k, v in request.form.items() if k.startswith(start)}
    return {name: int(text) for name, text in given.items() if text.strip().isdecimal()}


def _month(text: str | None) -> dt.date:
    """Return the first day of the month that is meant, by default of the one that is over."""
    if not text:
        return (local(utcnow()).date().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Invalid({"month": N_("请写月份，如 2026-10")}) from error
