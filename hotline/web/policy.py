"""The rules of time: service classes with their versions, calendars, and what a change would do."""

import csv
import datetime as dt
import io
from itertools import pairwise
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid
from hotline.core.language import _, local
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.deadlines import queries, revising, service
from hotline.deadlines.arithmetic import DAY, Start
from hotline.deadlines.models import CalendarImport
from hotline.sla import what_if
from hotline.web import forms
from hotline.web.years import Year, year_of

bp = Blueprint("policy", __name__, url_prefix="/policy")

PAGE: Final = 20  # the figures beside it say the rest
IMPORTS: Final = 20
LARGEST_FILE: Final = 256 * 1024
FIELDS: Final = (*revising.LIMITS, "start", "valid_from", "why")
SAMPLE: Final = (  # the form of a calendar file; the days are an example
    "day,until,scope,kind,name,source\n"
    "2028-01-24,2028-01-31,,holiday,春节,〔2027〕…\n"
    "2028-01-22,,,makeup,春节调休上班,〔2027〕…"
)
STARTS: Final = {Start.NEXT_DAY: N_("从次日起算"), Start.INSTANT: N_("即时起算")}


def today() -> dt.date:
    """Return the hotline's day."""
    return local(utcnow()).date()


@bp.get("")
@permits(Permission.DIRECTORY)
def index() -> ResponseReturnValue:
    """Show the service classes as they are in force."""
    with reading() as session:
        rows = queries.present_classes(session)
        known = {"limits": revising.LIMITS, "starts": STARTS, "today": today()}
        return render_template("policy/index.html", classes=rows, **known)


@bp.get("/classes/<code>")
@permits(Permission.DIRECTORY)
def show(code: str) -> ResponseReturnValue:
    """Show one class: its versions, what each changed, and the form of the next."""
    with reading() as session:
        return render_template("policy/class.html", **_of_class(session, code))


@bp.get("/classes/<code>/what-if")
@permits(Permission.POLICY_WRITE)
def preview(code: str) -> ResponseReturnValue:
    """Show what the version that the address describes would change."""
    now, given = utcnow(), _given()
    with reading() as session:
        found = _of_class(session, code)
        proposed = revising.draft(found["versions"][0], given, today=today())
        if "HX-Request" in request.headers:  # the form only asks whether it can be read
            return forms.done(request.full_path)
        policy = what_if.with_class(session, proposed)
        moves = what_if.of_class(session, code, policy, request.args.get("cursor"), PAGE)
        changed = revising.changes(found["versions"][0], proposed)
        shown = {"moves": moves, "proposed": proposed, "changed": changed, "given": given}
        shown["rates"] = _rates(session, policy, code, now)
        return render_template("policy/what_if.html", **(found | shown))


@bp.post("/classes/<code>")
@permits(Permission.POLICY_WRITE)
def save(code: str) -> ResponseReturnValue:
    """Save a new version."""
    actor, now, day = current_actor(), utcnow(), today()
    given, seen = _given(), forms.version(request.form)
    transaction(
        lambda session: (
            revising.save(session, code, given, seen=seen, actor=actor, now=now, today=day).version
        )
    )
    return forms.done(url_for(".show", code=code), _("新版本已保存"))


@bp.get("/calendar")
@permits(Permission.DIRECTORY)
def calendar() -> ResponseReturnValue:
    """Show a year day by day, and the files that made it."""
    with reading() as session:
        year = _year(session)
        files = queries.imports(session, IMPORTS)
        confirmed = queries.calendar(session).confirmed_until
        shown = {"year": year, "files": files, "confirmed": confirmed, "today": today()}
        return render_template("policy/calendar.html", sample=SAMPLE, **shown)


@bp.post("/calendar")
@permits(Permission.POLICY_WRITE)
def propose() -> ResponseReturnValue:
    """Keep a calendar file as a proposal and lead to what it would change."""
    actor, now = current_actor(), utcnow()
    name, rows = _uploaded()
    import_id = transaction(
        lambda session: service.propose(session, name, rows, actor=actor, now=now).id
    )
    return forms.done(url_for(".file", import_id=import_id))


@bp.get("/calendar/files/<int:import_id>")
@permits(Permission.POLICY_WRITE)
def file(import_id: int) -> ResponseReturnValue:
    """Show a calendar file: what it would move, or, once it is taken in, what it has moved."""
    with reading() as session:
        proposed = queries.calendar_import(session, import_id)
        shown = _taken_in(session, proposed) if proposed.saved_at else _asked(session, proposed)
        return render_template("policy/file.html", file=proposed, **shown)


@bp.post("/calendar/files/<int:import_id>")
@permits(Permission.POLICY_WRITE)
def take_in(import_id: int) -> ResponseReturnValue:
    """Make a proposed file the calendar."""
    actor, now = current_actor(), utcnow()

    def work(session: Session) -> None:
        proposed = queries.calendar_import(session, import_id)
        service.take_in(session, proposed, actor=actor, now=now)

    transaction(work)
    return forms.done(url_for(".file", import_id=import_id), _("日历已导入，期限正在重算"))


def _of_class(session: Session, code: str) -> dict[str, Any]:
    found = queries.versions(session, code)
    return {
        "versions": found,
        "changes": [revising.changes(old, new) for new, old in pairwise(found)],
        "limits": revising.LIMITS,
        "starts": STARTS,
        "today": today(),
        "tomorrow": today() + DAY,
    }


def _given() -> dict[str, str]:
    return {name: request.values.get(name, "").strip() for name in FIELDS}


def _rates(session: Session, policy: Any, code: str | None, now: dt.datetime) -> list[Any]:
    spans = what_if.last_quarter(now), what_if.last_days(now)
    return [what_if.on_time(session, policy, span, code=code, now=now) for span in spans]


def _asked(session: Session, proposed: CalendarImport) -> dict[str, Any]:
    policy = what_if.with_import(session, proposed)
    return {
        "moves": what_if.of_calendar(session, policy, request.args.get("cursor"), PAGE),
        "rates": _rates(session, policy, None, utcnow()),
        "doubts": service.second_opinion(proposed.rows),
        "years": sorted({day.day.year for day in service.read_days(proposed.rows)}),
    }


def _taken_in(session: Session, proposed: CalendarImport) -> dict[str, Any]:
    page = what_if.moved(session, proposed.id, request.args.get("cursor"), PAGE)
    return {"page": page, "years": sorted({int(row["day"][:4]) for row in proposed.rows})}


def _year(session: Session) -> Year:
    text = request.args.get("year", "")
    year = int(text) if text.isdecimal() and 1 <= int(text) < dt.MAXYEAR else today().year
    days = queries.days(session, dt.date(year, 1, 1), dt.date(year, 12, 31))
    return year_of(year, days)


def _uploaded() -> tuple[str, list[dict[str, str]]]:
    given = request.files.get("file")
    content = given.read(LARGEST_FILE + 1) if given else b""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not text or given is None or len(content) > LARGEST_FILE:
        raise Invalid({"file": N_("文件须为 UTF-8 编码的 CSV")})
    return given.filename or "", list(csv.DictReader(io.StringIO(text)))
