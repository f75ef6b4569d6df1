"""Tags: the list of them, and setting one on a ticket or taking it off."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.staff import queries as staff
from hotline.tickets import tags
from hotline.tickets.sight import central
from hotline.units import queries as units
from hotline.web import forms
from hotline.web.work import write

bp = Blueprint("tags", __name__)

PAGE = 50


@bp.get("/tags")
@permits(Permission.TICKET_READ)
def index() -> ResponseReturnValue:
    """List the tags by name, those that are set no more among them."""
    with reading() as session:
        page = tags.page(session, current_actor(), cursor=request.args.get("cursor"), limit=PAGE)
        return render_template(
            "tags/index.html",
            page=page,
            central=central(current_actor()),
            units=units.units_by_ids(session, {tag.unit_id for tag in page.items if tag.unit_id}),
            makers=staff.staff_by_ids(session, {tag.made_by or 0 for tag in page.items}),
        )


@bp.post("/tags")
@permits(Permission.TICKET_RULE)
def coin() -> ResponseReturnValue:
    """Make a tag that everybody sets."""
    actor, now, name = current_actor(), utcnow(), request.form.get("name", "")
    transaction(lambda session: tags.coin(session, name, None, actor=actor, now=now).id)
    return forms.done(url_for(".index"), _("标签已新建"))


@bp.post("/tags/<int:tag_id>/retire", defaults={"back": False})
@bp.post("/tags/<int:tag_id>/revive", defaults={"back": True})
@permits(Permission.TICKET_RULE)
def retire(tag_id: int, *, back: bool) -> ResponseReturnValue:
    """Let a tag be set no more, or again."""
    actor, now = current_actor(), utcnow()

    def work(session: Session) -> None:
        tags.retire(session, tags.by_id(session, actor, tag_id), back=back, actor=actor, now=now)

    transaction(work)
    return forms.done(url_for(".index"), _("标签已启用") if back else _("标签已停用"))


@bp.post("/tickets/<number>/tags")
@permits(Permission.TICKET_WRITE)
def add(number: str) -> ResponseReturnValue:
    """Set a tag on a ticket."""
    return write(number, _("已加标签"), tags.add, request.form.get("tag", ""))


@bp.post("/tickets/<number>/tags/remove")
@permits(Permission.TICKET_WRITE)
def remove(number: str) -> ResponseReturnValue:
    """Take a tag off a ticket."""
    return write(number, _("已去掉标签"), tags.remove, request.form.get("tag", ""))
