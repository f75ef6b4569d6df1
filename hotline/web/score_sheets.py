"""The score sheet of inspections: its versions, and the page that publishes the next one."""

from itertools import pairwise
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.inspection import service, sheets
from hotline.web import forms

bp = Blueprint("score_sheets", __name__, url_prefix="/inspection/sheet")

LISTS: Final = {"items": N_("评分项"), "fatal": N_("致命项")}


@bp.get("")
@permits(Permission.DIRECTORY)
def show() -> ResponseReturnValue:
    """Show the sheet, what each version changed, and to who may the lines of the next."""
    with reading() as session:
        return render_template("inspection/sheet.html", **_versions(session))


@bp.post("")
@permits(Permission.POLICY_WRITE)
def press() -> ResponseReturnValue:
    """Show what the lines come to or what is wrong with them, or publish them."""
    lines, definition, wrong = _given(), None, None
    try:
        definition = sheets.read(lines)
    except sheets.Wrong as error:
        wrong = error.args
    if definition and request.form.get("do") == "publish":
        return _publish(definition)
    with reading() as session:
        shown = _versions(session) | {"proposed": definition, "lines": lines, "wrong": wrong}
        return render_template("inspection/sheet.html", **shown), 422 if wrong else 200


def _publish(definition: dict[str, Any]) -> ResponseReturnValue:
    actor, now, seen = current_actor(), utcnow(), forms.version(request.form)
    transaction(
        lambda session: (
            service.publish(session, definition, seen=seen, actor=actor, now=now).version
        )
    )
    return forms.done(url_for(".show"), _("新版评分表已发布；已评的分数仍按原版显示"))


def _versions(session: Session) -> dict[str, Any]:
    found = service.sheets_made(session)
    told = [sheets.changes(old.definition, new.definition) for new, old in pairwise(found)]
    lines = sheets.written(found[0].definition)
    known = {"versions": found, "changes": told, "lines": lines, "lists": LISTS}
    return known | {"proposed": None, "wrong": None, "differ": sheets.changes}


def _given() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in LISTS}
