"""The surveyor's pages: whom to call, the script, second opinions, and numbers nobody asks."""

from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.surveys import actions, care, checks, queries, service
from hotline.surveys.states import SATISFIED, CheckOutcome, Exempt
from hotline.tickets import catalogue
from hotline.tickets import queries as tickets
from hotline.tickets.fields import fields_of
from hotline.tickets.states import Action
from hotline.web import forms
from hotline.workers import queries as workers

bp = Blueprint("surveys", __name__, url_prefix="/surveys")

BY_CALL: Final = "call"
ASKED: Final = tuple(
    field for field in fields_of(Action.SURVEY_SATISFIED) if field.name != "channel"
)


@bp.before_request
def check_overseer() -> None:
    """Keep units out, whatever roles their people have."""
    with reading(first=True) as session:
        queries.check_overseer(session, current_actor())


@bp.get("")
@permits(Permission.SURVEY_RECORD)
def index() -> ResponseReturnValue:
    """Show whom to call, soonest first."""
    with reading() as session:
        rows = queries.to_call(session)
        people = workers.by_ids(session, (row.survey.worker_id or 0 for row in rows))
        return render_template("surveys/index.html", rows=rows, workers=people)


@bp.get("/<int:survey_id>")
@permits(Permission.SURVEY_RECORD)
def show(survey_id: int) -> ResponseReturnValue:
    """Show the script of one call, and where its answers go."""
    with reading() as session:
        row = queries.by_id(session, survey_id)
        return render_template(
            "surveys/show.html",
            row=row,
            worker=workers.by_ids(session, [row.survey.worker_id or 0]).get(
                row.survey.worker_id or 0
            ),
            tries=queries.tries_by_people(session, survey_id),
            result=tickets.story(session, current_actor(), row.ticket).results[-1:],
            fields=ASKED,
            reasons=catalogue.reasons(session, "not_possible"),
        )


@bp.post("/<int:survey_id>/answer")
@permits(Permission.SURVEY_RECORD)
def answer(survey_id: int) -> ResponseReturnValue:
    """Keep what the worker answered; who is dissatisfied goes to a supervisor."""
    actor, now = current_actor(), utcnow()
    given = forms.read(ASKED, request.form) | {"channel": BY_CALL}
    pleased = str(given["score"]) in {str(score) for score in SATISFIED}
    move = Action.SURVEY_SATISFIED if pleased else Action.SURVEY_DISSATISFIED

    def work(session: Session) -> None:
        ticket = queries.by_id(session, survey_id, lock=True).ticket
        actions.perform(session, ticket, move, given, actor=actor, now=now)

    transaction(work)
    return forms.done(url_for(".index"), _("回访已记录"))


@bp.post("/<int:survey_id>/vain")
@permits(Permission.SURVEY_RECORD)
def vain(survey_id: int) -> ResponseReturnValue:
    """Keep that nobody answered; the next try comes at another time of day."""
    actor, now = current_actor(), utcnow()

    def work(session: Session) -> None:
        row = queries.by_id(session, survey_id, lock=True)
        service.rang_in_vain(session, row.survey, row.ticket, actor=actor, now=now)

    transaction(work)
    return forms.done(url_for(".index"), _("已记录未接通"))


@bp.post("/<int:survey_id>/not-possible")
@permits(Permission.SURVEY_RECORD)
def not_possible(survey_id: int) -> ResponseReturnValue:
    """Keep that the worker refused, or that a call is not safe."""
    actor, now, given = current_actor(), utcnow(), {"reason": request.form.get("reason", "")}

    def work(session: Session) -> None:
        ticket = queries.by_id(session, survey_id, lock=True).ticket
        actions.perform(session, ticket, Action.SURVEY_NOT_POSSIBLE, given, actor=actor, now=now)

    transaction(work)
    return forms.done(url_for(".index"), _("回访已记录"))


@bp.get("/checks")
@permits(Permission.SURVEY_RECORD)
def second() -> ResponseReturnValue:
    """Show which answers another person is to ask about again."""
    with reading() as session:
        rows = checks.waiting(session, current_actor())
        outcomes = list(CheckOutcome)
        return render_template("surveys/checks.html", rows=rows, outcomes=outcomes)


@bp.post("/<int:survey_id>/check")
@permits(Permission.SURVEY_RECORD)
def check(survey_id: int) -> ResponseReturnValue:
    """Keep what the second call heard."""
    actor, now = current_actor(), utcnow()
    outcome = forms.member(CheckOutcome, request.form.get("outcome"))
    text = request.form.get("score", "")
    score = int(text) if text.isdecimal() else None
    if outcome is None:
        raise Invalid({"outcome": N_("请选择联系结果")})
    transaction(
        lambda session: (
            checks.settle(session, survey_id, outcome, score, actor=actor, now=now).survey_id
        )
    )
    return forms.done(url_for(".second"), _("复核已记录"))


@bp.get("/exempt")
@permits(Permission.SURVEY_RECORD)
def exempt() -> ResponseReturnValue:
    """Show the numbers that nobody asks."""
    with reading() as session:
        rows = care.listed(session)
        people = workers.by_ids(session, (row.worker_id for row in rows))
        return render_template("surveys/exempt.html", rows=rows, workers=people, whys=list(Exempt))


@bp.get("/opt-outs")
@permits(Permission.SURVEY_RECORD)
def left() -> ResponseReturnValue:
    """Show the ledger of who wants no more SMS: when, by which word, and who came back."""
    with reading() as session:
        page = workers.opt_outs(session, request.args.get("cursor"))
        people = workers.by_ids(session, (row.worker_id for row in page.items))
        return render_template("surveys/left.html", page=page, workers=people)


@bp.post("/exempt")
@permits(Permission.SURVEY_RECORD)
def add() -> ResponseReturnValue:
    """Put the worker of a ticket on the list."""
    actor, now = current_actor(), utcnow()
    why = forms.member(Exempt, request.form.get("reason"))
    number = request.form.get("number", "").strip()
    if why is None:
        raise Invalid({"reason": N_("请选择")})

    def work(session: Session) -> int:
        ticket = tickets.by_number(session, actor, number)
        return care.exempt(session, ticket.worker_id or 0, why, actor=actor, now=now).worker_id

    transaction(work)
    return forms.done(url_for(".exempt"), _("已加入免访名单"))


@bp.post("/exempt/<int:exemption_id>/lift")
@permits(Permission.SURVEY_RECORD)
def lift(exemption_id: int) -> ResponseReturnValue:
    """Take a worker off the list."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: care.lift(session, exemption_id, actor=actor, now=now))
    return forms.done(url_for(".exempt"), _("已移出免访名单"))
