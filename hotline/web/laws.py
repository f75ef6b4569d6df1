"""Laws that were amended: noted once, then each answer that rested on them is looked at again."""

from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.knowledge import changes
from hotline.tickets import answers
from hotline.web import forms
from hotline.web.knowledge import VIEWS

bp = Blueprint("laws", __name__, url_prefix="/knowledge/laws")

PAGE: Final = 50


@bp.get("")
@permits(Permission.KNOWLEDGE_WRITE)
def index() -> ResponseReturnValue:
    """Show the laws that were amended, the newest first."""
    with reading() as session:
        page = changes.page(session, cursor=request.args.get("cursor"), limit=PAGE)
        return render_template("knowledge/laws.html", page=page, views=VIEWS)


@bp.post("")
@permits(Permission.KNOWLEDGE_WRITE)
def note() -> ResponseReturnValue:
    """Note that a law was amended, or one article of it."""
    actor, now, form = current_actor(), utcnow(), request.form
    law, article, why = form.get("law", ""), form.get("article", ""), form.get("note", "")
    changed = transaction(
        lambda session: changes.note(session, law, article, why, actor=actor, now=now).id
    )
    return forms.done(url_for(".show", change_id=changed), _("已标记，请复查下面的答复"))


@bp.get("/<int:change_id>")
@permits(Permission.KNOWLEDGE_WRITE)
def show(change_id: int) -> ResponseReturnValue:
    """Show the articles and the answers that rest on what was amended."""
    actor, cursor = current_actor(), request.args.get("cursor")
    with reading() as session:
        change = changes.by_id(session, change_id)
        known = {
            "page": answers.to_recheck(session, actor, change, cursor=cursor, limit=PAGE),
            "done": answers.checked(session, actor, change_id),
            "articles": changes.resting(session, change),
        }
        return render_template("knowledge/law.html", change=change, **known)


@bp.post("/<int:change_id>/answers/<int:result_id>")
@permits(Permission.KNOWLEDGE_WRITE)
def recheck(change_id: int, result_id: int) -> ResponseReturnValue:
    """Say that an answer was looked at again."""
    actor, now = current_actor(), utcnow()
    transaction(
        lambda session: answers.recheck(
            session, changes.by_id(session, change_id), result_id, actor=actor, now=now
        )
    )
    return forms.done(url_for(".show", change_id=change_id), _("已复查"))
