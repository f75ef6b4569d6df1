"""Who is owed a call, soonest first, and what came of each try."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.callbacks import dialling, queries, service
from hotline.callbacks.models import Callback
from hotline.callbacks.states import CallbackState, Outcome
from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid
from hotline.core.language import _
from hotline.core.paging import Page
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.tickets import sight
from hotline.web import forms, softphone
from hotline.workers import queries as workers
from hotline.workers import service as worker_service
from hotline.workers.service import Revealed

bp = Blueprint("callbacks", __name__, url_prefix="/callbacks")

PAGE = 50


@bp.get("")
@permits(Permission.CALLBACK_WORK)
def index() -> ResponseReturnValue:
    """Show what is owed, or with `state` what was."""
    state = forms.member(CallbackState, request.args.get("state"))
    sight.require_central(current_actor())
    with reading() as session:
        page = asked_for(session, state, request.args.get("cursor"))
        return render_template(
            "callbacks/index.html",
            page=page,
            state=state,
            states=list(CallbackState),
            outcomes=list(Outcome),
            workers=workers.by_ids(session, (row.worker_id for row in page.items)),
            missed=queries.missed_calls(session, [row.id for row in page.items]),
        )


def asked_for(session: Session, state: CallbackState | None, cursor: str | None) -> Page[Callback]:
    """Return what is owed, soonest first; with a *state* those in it, newest first."""
    if state is None and cursor is None:
        return Page(queries.due(session, limit=PAGE), None)
    return queries.page(session, cursor=cursor, limit=PAGE, state=state)


@bp.post("/<int:callback_id>/reveal")
@permits(Permission.REVEAL)
def reveal(callback_id: int) -> ResponseReturnValue:
    """Show the number to call; the reason that is kept is the callback itself."""
    actor, now, reason = current_actor(), utcnow(), f"callback:{callback_id}"

    def work(session: Session) -> Revealed:
        owed = queries.callback(session, callback_id)
        return worker_service.reveal(session, actor, owed.worker_id, reason, now)

    return render_template("tickets/revealed.html", revealed=transaction(work))


@bp.post("/<int:callback_id>/dial")
@permits(Permission.CALLBACK_WORK)
def dial(callback_id: int) -> ResponseReturnValue:
    """Ring one's own line, and then the worker who is owed the call."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: dialling.dial(session, actor, callback_id, now=now).id)
    return softphone.after(_("正在接通您的线路，随后呼叫职工"))


@bp.post("/<int:callback_id>/attempts")
@permits(Permission.CALLBACK_WORK)
def attempt(callback_id: int) -> ResponseReturnValue:
    """Keep that somebody called back, and what came of it."""
    actor, now = current_actor(), utcnow()
    outcome = forms.member(Outcome, request.form.get("outcome"))
    note = request.form.get("note", "").strip() or None
    if outcome is None:
        raise Invalid({"outcome": N_("请选择联系结果")})
    transaction(
        lambda session: service.attempt(session, actor, callback_id, outcome, now=now, note=note).id
    )
    return forms.done(url_for(".index"), _("已记录这次回拨"))
