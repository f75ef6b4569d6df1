"""Service stations, offices and helplines: found by place, corrected, sent to the caller."""

import datetime as dt
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid, NotFound
from hotline.core.language import _, local
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.stations import queries, service
from hotline.stations import sheet as tables
from hotline.stations.models import Kind
from hotline.stations.service import Facts
from hotline.units import queries as units
from hotline.web import forms
from hotline.web.knowledge import VIEWS

bp = Blueprint("stations", __name__, url_prefix="/stations")

PAGE: Final = 50
KINDS: Final = {
    Kind.STATION: N_("工会驿站"),
    Kind.OFFICE: N_("办事窗口"),
    Kind.HELPLINE: N_("热线电话"),
}


HEADS: Final = {
    "kind": N_("种类"),
    "name": N_("名称"),
    "region_code": N_("服务哪里"),
    "address": N_("地址"),
    "phone": N_("电话"),
    "hours": N_("开放时间"),
    "valid_from": N_("从哪天起"),
    "valid_to": N_("到哪天止"),
}


@bp.get("")
@permits(Permission.KNOWLEDGE_READ)
def index() -> ResponseReturnValue:
    """List places and numbers of a region and kind; what is open now is marked."""
    region, now = forms.code_of(request.args.get("region")), utcnow()
    kind = forms.member(Kind, request.args.get("kind"))
    cursor = request.args.get("cursor")
    with reading() as session:
        page = queries.page(session, region=region, kind=kind, cursor=cursor, limit=PAGE)
        known = {"region": region, "kind": kind, "today": local(now).date(), **_lists(session)}
        is_open = queries.open_now(session, page.items, now)
        return render_template("stations/index.html", page=page, open=is_open, **known)


def _lists(session: Session) -> dict[str, Any]:
    rows = units.regions(session)
    return {
        "regions": rows,
        "names": {row.code: row for row in rows},
        "kinds": KINDS,
        "views": VIEWS,
    }


@bp.get("/new")
@permits(Permission.KNOWLEDGE_WRITE)
def new() -> ResponseReturnValue:
    """Show an empty form."""
    with reading() as session:
        today = local(utcnow()).date()
        return render_template("stations/form.html", station=None, today=today, **_lists(session))


@bp.get("/<int:station_id>")
@permits(Permission.KNOWLEDGE_WRITE)
def show(station_id: int) -> ResponseReturnValue:
    """Show one to correct it."""
    with reading() as session:
        station = queries.by_id(session, station_id)
        return render_template("stations/form.html", station=station, **_lists(session))


@bp.post("")
@permits(Permission.KNOWLEDGE_WRITE)
def add() -> ResponseReturnValue:
    """Write one down."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: service.add(session, _given(session), actor=actor, now=now).id)
    return forms.done(url_for(".index"), _("已加入名录"))


@bp.post("/<int:station_id>")
@permits(Permission.KNOWLEDGE_WRITE)
def correct(station_id: int) -> ResponseReturnValue:
    """Write one down as it really is."""
    actor, now, seen = current_actor(), utcnow(), forms.version(request.form)

    def work(session: Session) -> None:
        given = _given(session)
        service.correct(session, station_id, given, actor=actor, now=now, version=seen)

    transaction(work)
    return forms.done(url_for(".index"), _("已更正"))


@bp.post("/<int:station_id>/text")
@permits(Permission.CALL_WORK)
def text(station_id: int) -> ResponseReturnValue:
    """Send it to the caller of one's own call."""
    actor, now = current_actor(), utcnow()
    call_id = request.form.get("call", 0, type=int)
    transaction(
        lambda session: service.text_to_caller(session, station_id, call_id, actor=actor, now=now)
    )
    if "HX-Request" in request.headers:
        return render_template("stations/sent.html")
    return forms.done(url_for(".index"), _("已发短信"))


def _given(session: Session) -> Facts:
    """Return what the form says.

    Raises:
        Invalid: There is no such region or kind, or a day is none.
    """
    form, wrong = request.form, {}
    region, kind = forms.code_of(form.get("region")) or "", forms.member(Kind, form.get("kind"))
    try:
        units.region(session, region)
    except NotFound:
        wrong["region"] = N_("请从列表中选择")
    if kind is None:
        wrong["kind"] = N_("请填写")
    first, last = _day("valid_from", wrong), _day("valid_to", wrong)
    if kind is None or first is None or wrong:
        raise Invalid({"valid_from": N_("请填写")} | wrong if first is None else wrong)
    return Facts(
        kind=kind,
        name=form.get("name", "").strip(),
        region_code=region,
        hours=form.get("hours", "").strip(),
        valid_from=first,
        address=form.get("address", "").strip() or None,
        phone=form.get("phone", "").strip() or None,
        valid_to=last,
    )


def _day(name: str, wrong: dict[str, str]) -> dt.date | None:
    """Return the day in a field; what is none is noted in *wrong*."""
    text = request.form.get(name, "")
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        wrong[name] = N_("内容不合要求")
        return None


@bp.get("/sheet")
@permits(Permission.KNOWLEDGE_WRITE)
def sheet() -> ResponseReturnValue:
    """Show where a table is given."""
    return render_template("stations/sheet.html", text="", rows=(), views=VIEWS)


@bp.post("/sheet")
@permits(Permission.KNOWLEDGE_WRITE)
def take_in() -> ResponseReturnValue:
    """Read a table and say what is wrong with it; take it in if that was asked and all is well."""
    actor, now, text = current_actor(), utcnow(), _table()
    with reading() as session:
        rows = tables.read(text, _codes(session))
    bad = [row for row in rows if row.faults]
    if bad or "save" not in request.form:
        known = {"text": text, "rows": rows, "bad": bad, "heads": HEADS, "views": VIEWS}
        return render_template("stations/sheet.html", **known), 422 if bad else 200
    taken = transaction(lambda session: tables.take_in(session, rows, actor=actor, now=now))
    said = _("已导入：新增 %(added)s 处，更正 %(corrected)s 处", **taken._asdict())
    return forms.done(url_for(".index"), said)


def _table() -> str:
    """Return the table that was typed, or that of the file.

    Raises:
        Invalid: The file is not text in UTF-8.
    """
    file = request.files.get("file")
    if file is None or not file.filename:
        return request.form.get("sheet", "")
    try:
        return str(file.read(), "utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid({"file": N_("请存成 UTF-8 编码的 CSV")}) from None


def _codes(session: Session) -> dict[str, str]:
    rows = units.regions(session)
    return {key: row.code for row in rows for key in (row.name, row.code)}
