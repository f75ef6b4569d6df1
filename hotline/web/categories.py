"""The subject tree: its leaves with the days they hold; added, called otherwise, retired."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.language import _, local
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.tickets import catalogue, categories
from hotline.tickets.categories import Names
from hotline.web import forms

bp = Blueprint("categories", __name__, url_prefix="/categories")


@bp.get("")
@permits(Permission.DIRECTORY)
def index() -> ResponseReturnValue:
    """Show the whole tree, what is retired with what follows it."""
    with reading() as session:
        return render_template("categories/index.html", **_lists(session))


@bp.get("/<code>")
@permits(Permission.POLICY_WRITE)
def show(code: str) -> ResponseReturnValue:
    """Show one leaf with what may be done with it."""
    with reading() as session:
        leaf = categories.leaf(session, code)
        return render_template("categories/show.html", leaf=leaf, **_lists(session))


@bp.post("")
@permits(Permission.POLICY_WRITE)
def add() -> ResponseReturnValue:
    """Add a leaf."""
    actor, now, given = current_actor(), utcnow(), _names()
    first = forms.day_of(request.form, "valid_from")
    code = request.form.get("code", "").strip().upper()
    transaction(
        lambda session: categories.add(session, code, given, first, actor=actor, now=now).code
    )
    return forms.done(url_for(".index"), _("类别已加入"))


@bp.post("/<code>")
@permits(Permission.POLICY_WRITE)
def rename(code: str) -> ResponseReturnValue:
    """Call a leaf otherwise."""
    actor, now, given = current_actor(), utcnow(), _names()
    transaction(lambda session: categories.rename(session, code, given, actor=actor, now=now))
    return forms.done(url_for(".show", code=code), _("名称已改"))


@bp.post("/<code>/retire")
@permits(Permission.POLICY_WRITE)
def retire(code: str) -> ResponseReturnValue:
    """Let a leaf end on a day, and another follow it."""
    actor, now, last = current_actor(), utcnow(), forms.day_of(request.form, "valid_to")
    after = forms.code_of(request.form.get("successor"))
    transaction(lambda session: categories.retire(session, code, last, after, actor=actor, now=now))
    return forms.done(url_for(".show", code=code), _("已停用，旧工单保留原类别"))


@bp.post("/<code>/take-up")
@permits(Permission.POLICY_WRITE)
def take_up(code: str) -> ResponseReturnValue:
    """Let a leaf be chosen again."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: categories.take_up(session, code, actor=actor, now=now))
    return forms.done(url_for(".show", code=code), _("已恢复使用"))


def _lists(session: Session) -> dict[str, Any]:
    today = local(utcnow()).date()
    leaves = catalogue.categories(session)
    return {
        "leaves": leaves,
        "by_code": {row.code: row for row in leaves},
        "today": today,
        "in_use": {row.code for row in leaves if catalogue.in_use(row, today)},
    }


def _names() -> Names:
    return Names(*(request.form.get(name, "").strip() for name in Names._fields))
