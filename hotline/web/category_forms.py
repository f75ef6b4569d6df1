"""The forms of the categories: their versions, and the editor that publishes the next one."""

from itertools import pairwise
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import NotFound
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.tickets import catalogue, facts
from hotline.tickets.facts import FormVersion
from hotline.tickets.form_changes import Did, changes
from hotline.tickets.forms import questions
from hotline.web import form_editor as editor
from hotline.web import forms
from hotline.web.form_editor import Row

bp = Blueprint("category_forms", __name__, url_prefix="/forms")

DONE: Final = {
    Did.ADDED: N_("新增"),
    Did.REMOVED: N_("删去"),
    Did.CHANGED: N_("改动"),
    Did.MOVED: N_("移动"),
}


@bp.get("")
@permits(Permission.DIRECTORY)
def index() -> ResponseReturnValue:
    """List the forms there are, and what has none of its own yet."""
    with reading() as session:
        found = {row.code: (row, len(questions(row.definition))) for row in facts.newest(session)}
        subjects = catalogue.subjects(session)
        return render_template("category_forms/index.html", found=found, subjects=subjects)


@bp.get("/<code>")
@permits(Permission.DIRECTORY)
def show(code: str) -> ResponseReturnValue:
    """Show a form: its versions, what each changed, and how the newest looks."""
    with reading() as session:
        found = facts.versions(session, code)
        asked = [questions(row.definition) for row in found]
        known = {"versions": found, "changes": [changes(o, n) for n, o in pairwise(asked)]}
        return render_template(
            "category_forms/show.html", **known, **_about(session, code), questions=asked[0]
        )


@bp.get("/<code>/next")
@permits(Permission.POLICY_WRITE)
def edit(code: str) -> ResponseReturnValue:
    """Show the editor with the newest version in it, or with nothing where there is none."""
    with reading() as session:
        last = _last(session, code)
        rows = editor.rows_of(questions(last.definition)) if last else []
        return render_template("category_forms/edit.html", **_editor(session, code, last, rows))


@bp.post("/<code>/next")
@permits(Permission.POLICY_WRITE)
def press(code: str) -> ResponseReturnValue:
    """Do what a button of the editor says: one field moved, one more, a look, or the version."""
    button, rows = request.form.get("do", ""), editor.read(request.form)
    wrong = editor.faults(editor.questions(rows))
    if button == "publish" and not wrong and request.form.get("note", "").strip():
        return _publish(code, rows)
    rows, opened = editor.pressed(rows, button)
    with reading() as session:
        shown = _editor(session, code, _last(session, code), rows)
        shown |= {"opened": opened, "refused": button == "publish"}
        return render_template("category_forms/edit.html", **shown), 422 if shown[
            "refused"
        ] else 200


def _publish(code: str, rows: list[Row]) -> ResponseReturnValue:
    actor, now = current_actor(), utcnow()
    note, after = request.form.get("note", ""), forms.version(request.form) or 0
    asked = editor.questions(rows)
    transaction(
        lambda session: (
            facts.publish(session, code, asked, note, after=after, actor=actor, now=now).version
        )
    )
    return forms.done(url_for(".show", code=code), _("新版本已发布，旧工单仍按原来的版本显示"))


def _editor(
    session: Session, code: str, last: FormVersion | None, rows: list[Row]
) -> dict[str, Any]:
    asked = editor.questions(rows)
    wrong = editor.faults(asked) if rows else {}
    return _about(session, code) | {
        "last": last,
        "rows": rows,
        "faults": wrong,
        "questions": [each for at, each in enumerate(asked) if at not in wrong],
        "differences": changes(questions(last.definition) if last else [], asked),
        "given_version": forms.version(request.form) if request.form else None,
        "kinds": editor.KINDS,
        "widths": editor.WIDE,
        "prior": editor.prior,
        "opened": None,
        "refused": False,
    }


def _about(session: Session, code: str) -> dict[str, Any]:
    subjects = {row.code: row for row in catalogue.subjects(session)}
    if code not in subjects:
        raise NotFound
    known = {"subject": subjects[code], "labels": editor.LABELS, "did": DONE, "given": {}}
    return known | {"kind_words": editor.KINDS, "form": True}


def _last(session: Session, code: str) -> FormVersion | None:
    try:
        return facts.versions(session, code)[0]
    except NotFound:
        return None
