"""Files of tickets, employers and units: handed in, judged row by row, confirmed, watched."""

from typing import Any, Final

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid, NotFound
from hotline.core.language import _, gettext
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.imports import judging, queries, service, writing
from hotline.imports import reading as files
from hotline.imports.judging import SORTS
from hotline.imports.models import ImportFile, Kind, RowState
from hotline.web import forms

bp = Blueprint("imports", __name__, url_prefix="/import")

PAGE: Final = 50
FILES: Final = 20
KINDS: Final = {Kind.TICKETS: N_("工单"), Kind.EMPLOYERS: N_("用人单位"), Kind.UNITS: N_("单位")}
ICONS: Final = {Kind.TICKETS: "ticket", Kind.EMPLOYERS: "building-2", Kind.UNITS: "map-pin"}


@bp.get("")
@permits(Permission.IMPORT)
def index() -> ResponseReturnValue:
    """Show where a file is handed in, and one's own files."""
    actor = current_actor()
    open_to = {each: KINDS[each] for each in Kind if actor.may(SORTS[each].permission)}
    with reading() as session:
        page = queries.page(session, actor, cursor=request.args.get("cursor"), limit=FILES)
        known = {"kinds": KINDS, "open_to": open_to, "sorts": SORTS, "icons": ICONS}
        return render_template("imports/index.html", page=page, **known)


@bp.post("")
@permits(Permission.IMPORT)
def hand_in() -> ResponseReturnValue:
    """Judge a file; nothing is taken in yet."""
    actor, now, kind = current_actor(), utcnow(), _kind(request.form.get("kind"))
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid({"file": N_("请选择文件")})
    name, table = given.filename, files.read(given.read(files.LARGEST + 1))
    file_id = transaction(
        lambda session: service.hand_in(session, kind, name, table, actor=actor, now=now).id
    )
    return forms.done(url_for(".show", file_id=file_id))


@bp.get("/example/<kind>.csv")
@permits(Permission.IMPORT)
def example(kind: str) -> ResponseReturnValue:
    """Give a file with the heads of a kind and one row."""
    columns = SORTS[_kind(kind)].columns
    heads, row = [each.head for each in columns], [each.example for each in columns]
    return _csv(writing.table(heads, [row]), f"{kind}.csv")


@bp.get("/<int:file_id>")
@permits(Permission.IMPORT)
def show(file_id: int) -> ResponseReturnValue:
    """Show what a file came to: how many rows stand how, and each that is wrong."""
    with reading() as session:
        file = queries.own(session, file_id, current_actor())
        return render_template("imports/show.html", **_of(session, file))


@bp.get("/<int:file_id>/progress")
@permits(Permission.IMPORT)
def progress(file_id: int) -> ResponseReturnValue:
    """Show how far a file is; at the end the page is read anew."""
    with reading() as session:
        file = queries.own(session, file_id, current_actor())
        if not file.running:
            return forms.done(url_for(".show", file_id=file_id))
        return render_template("imports/progress.html", file=file)


@bp.get("/<int:file_id>/bad.csv")
@permits(Permission.IMPORT)
def to_mend(file_id: int) -> ResponseReturnValue:
    """Give the wrong rows with what is wrong with each, to mend and hand in again."""
    with reading() as session:
        file = queries.own(session, file_id, current_actor())
        rows = [[_told(row.faults), *cells] for row, cells in queries.to_mend(session, file)]
        content = writing.table([writing.REASON, *file.heads], rows)
    return _csv(content, f"{file_id}.csv")


@bp.post("/<int:file_id>")
@permits(Permission.IMPORT)
def confirm(file_id: int) -> ResponseReturnValue:
    """Let the good rows be taken in: the first at once, the rest by the clock."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: service.confirm(session, file_id, actor=actor, now=now))
    left = transaction(lambda session: service.take_in(session, file_id, now=now))
    if left:
        current_app.extensions["hotline"].nudge()
    return forms.done(url_for(".show", file_id=file_id), None if left else _("已导入"))


@bp.post("/<int:file_id>/forget")
@permits(Permission.IMPORT)
def forget(file_id: int) -> ResponseReturnValue:
    """Forget what is left of a file."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: service.forget(session, file_id, actor=actor, now=now))
    return forms.done(url_for(".index"), _("文件内容已删除"))


def _of(session: Session, file: ImportFile) -> dict[str, Any]:
    cursor = request.args.get("cursor")
    page = queries.rows(session, file, RowState.BAD, cursor=cursor, limit=PAGE)
    return {
        "file": file,
        "page": page,
        "told": {row.line: _pairs(row.faults) for row in page.items},
        "unused": [
            head for head in judging.unused(file.kind, file.heads) if head != writing.REASON
        ],
        "kept": queries.is_kept(session, file),
        "kinds": KINDS,
    }


def _pairs(faults: list[Any]) -> list[tuple[str, str]]:
    return [(gettext(head) if head else _("整行"), gettext(text)) for head, text in faults]


def _told(faults: list[Any]) -> str:
    return "；".join(f"{head}：{text}" for head, text in _pairs(faults))


def _kind(text: str | None) -> Kind:
    found = forms.member(Kind, text)
    if found is None:
        raise NotFound
    return found


def _csv(content: bytes, name: str) -> Response:
    answer = Response(content, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
