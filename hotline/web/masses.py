"""Mass matters: what is proposed, and each group with its claimants."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.rows import id_in
from hotline.core.time import utcnow
from hotline.masses import queries, reporting, service
from hotline.masses.models import Verdict
from hotline.staff import queries as staff
from hotline.web import forms

bp = Blueprint("masses", __name__, url_prefix="/masses")

PAGE = 50


@bp.get("")
@permits(Permission.TICKET_READ)
def index() -> ResponseReturnValue:
    """List what is proposed; the address says which verdict is asked for."""
    actor, cursor = current_actor(), request.args.get("cursor")
    verdict = forms.member(Verdict, request.args.get("verdict")) or Verdict.PROPOSED
    with reading() as session:
        page = queries.page(session, actor, verdict, cursor=cursor, limit=PAGE)
        return render_template("masses/index.html", page=page, verdict=verdict)


@bp.get("/<int:group_id>")
@permits(Permission.TICKET_READ)
def show(group_id: int) -> ResponseReturnValue:
    """Show one group: why it was proposed, its claimants, their sums."""
    actor = current_actor()
    with reading() as session:
        found = queries.group(session, actor, group_id)
        rows = queries.claimants(session, actor, group_id)
        made = reporting.of(session, group_id)
        return render_template(
            "masses/show.html",
            group=found,
            claimants=rows,
            heads=reporting.heads(session, [group_id])[group_id],
            reports=made,
            people=staff.staff_by_ids(session, {each.made_by for each in made}),
        )


@bp.post("/<int:group_id>/reports")
@permits(Permission.TICKET_WRITE)
def report(group_id: int) -> ResponseReturnValue:
    """Keep what those above were told."""
    actor, now, form = current_actor(), utcnow(), request.form
    words, final = form.get("words", ""), form.get("final") == "1"

    def work(session: Session) -> None:
        group = queries.group(session, actor, group_id, lock=True)
        reporting.report(session, group, words, final=final, actor=actor, now=now)

    transaction(work)
    return forms.done(url_for(".show", group_id=group_id), _("已登记情况报告"))


@bp.post("/<int:group_id>/confirm")
@permits(Permission.TICKET_RULE)
def confirm(group_id: int) -> ResponseReturnValue:
    """Decide that it is one matter of many."""
    actor, now, lead = current_actor(), utcnow(), request.form.get("lead", "")

    def work(session: Session) -> None:
        group = queries.group(session, actor, group_id, lock=True)
        service.confirm(session, group, id_in(lead) or 0, actor=actor, now=now)

    transaction(work)
    return forms.done(url_for(".show", group_id=group_id), _("已确认为群体事件"))


@bp.post("/<int:group_id>/decline")
@permits(Permission.TICKET_RULE)
def decline(group_id: int) -> ResponseReturnValue:
    """Decide that it is not."""
    actor, now, reason = current_actor(), utcnow(), request.form.get("reason", "")

    def work(session: Session) -> None:
        group = queries.group(session, actor, group_id, lock=True)
        service.decline(session, group, reason, actor=actor, now=now)

    transaction(work)
    return forms.done(url_for(".show", group_id=group_id), _("已记录：不是群体事件"))
