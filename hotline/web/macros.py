"""Macros: their list and form; on a ticket, a preview that is then done as it was shown."""

from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import HotlineError, Invalid
from hotline.core.language import _, gettext
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.phrases import running
from hotline.phrases.filling import GAPS
from hotline.phrases.macros import KINDS, Macro, Step
from hotline.phrases.running import MOST_STEPS, Outcome, Plan
from hotline.staff import queries as staff
from hotline.tickets import queries as tickets
from hotline.units import queries as units
from hotline.web import clashes, forms
from hotline.web.errors import said
from hotline.web.filters import moment
from hotline.web.words import word
from hotline.web.work import back, ticket_of

bp = Blueprint("macros", __name__)

PAGE: Final = 50
CHANGED: Final = {
    "state": N_("状态"),
    "unit_id": N_("承办单位"),
    "handler_id": N_("承办人"),
    "urgency": N_("紧急程度"),
    "outcome": N_("办理结果"),
    "due_at": N_("办结期限"),
    "step_due_at": N_("当前环节期限"),
}


@bp.get("/macros")
@permits(Permission.PHRASE_WRITE)
def index() -> ResponseReturnValue:
    """List the macros of one's own units, in use or retired."""
    retired, cursor = "retired" in request.args, request.args.get("cursor")
    with reading() as session:
        page = running.page(session, current_actor(), retired=retired, cursor=cursor, limit=PAGE)
        owners = units.units_by_ids(session, {row.unit_id for row in page.items})
        known = {"retired": retired, "owners": owners, "kinds": KINDS}
        return render_template("phrases/macros.html", page=page, **known)


@bp.get("/macros/new")
@permits(Permission.PHRASE_WRITE)
def new() -> ResponseReturnValue:
    """Show an empty form."""
    with reading() as session:
        return render_template("phrases/macro.html", **_form(session, None))


@bp.get("/macros/<int:macro_id>")
@permits(Permission.PHRASE_WRITE)
def show(macro_id: int) -> ResponseReturnValue:
    """Show one to correct it or to take it out of use."""
    with reading() as session:
        macro = running.by_id(session, current_actor(), macro_id)
        return render_template("phrases/macro.html", **_form(session, macro))


def _form(session: Session, macro: Macro | None) -> dict[str, Any]:
    mine = units.below(session, current_actor().scope)
    owner = next((row for row in mine if macro and row.id == macro.unit_id), mine[0])
    steps = [*(macro.steps if macro else ()), *(Step("") for _each in range(MOST_STEPS))]
    known = {"owner": owner, "units": mine, "kinds": KINDS, "gaps": GAPS}
    return {"macro": macro, "steps": steps[:MOST_STEPS], **known}


@bp.post("/macros")
@permits(Permission.PHRASE_WRITE)
def add() -> ResponseReturnValue:
    """Write one."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: running.add(session, _given(session), actor=actor, now=now).id)
    return forms.done(url_for(".index"), _("已保存"))


@bp.post("/macros/<int:macro_id>")
@permits(Permission.PHRASE_WRITE)
def correct(macro_id: int) -> ResponseReturnValue:
    """Write one anew, or take it out of use."""
    actor, now, seen = current_actor(), utcnow(), forms.version(request.form)
    retires = "retire" in request.form

    def work(session: Session) -> None:
        plan = None if retires else _given(session)
        running.correct(session, macro_id, plan, actor=actor, now=now, version=seen)

    transaction(work)
    return forms.done(url_for(".index"), _("已停用") if retires else _("已保存"))


def _given(session: Session) -> Plan:
    """Return what the form says; a row without a kind is no step.

    Raises:
        Invalid: There is no such unit.
    """
    form = request.form
    found = units.by_codes(session, [forms.code_of(form.get("unit")) or ""])
    if not found:
        raise Invalid({"unit": N_("请从列表中选择")})
    steps = tuple(
        Step(kind, form.get(f"words.{number}", "").strip())
        for number in range(1, MOST_STEPS + 1)
        if (kind := form.get(f"kind.{number}", ""))
    )
    return Plan(form.get("name", "").strip(), steps, found[0].id)


@bp.get("/tickets/<number>/macros")
@permits(Permission.TICKET_ACT)
def on_ticket(number: str) -> ResponseReturnValue:
    """Show the macros that may be run on a ticket."""
    actor = current_actor()
    with reading() as session:
        ticket = tickets.by_number(session, actor, number)
        known = {"macros": running.offered(session, actor), "kinds": KINDS}
        return render_template("phrases/offer.html", ticket=ticket, **known)


class _Tried(Exception):
    """Carries what a run would have done out of its transaction, which is given up."""


@bp.get("/tickets/<number>/macros/<int:macro_id>")
@permits(Permission.TICKET_ACT)
def preview(number: str, macro_id: int) -> ResponseReturnValue:
    """Show what a macro would do to a ticket: it is done, looked at, and taken back."""
    shown: dict[str, Any] = {}
    try:
        transaction(lambda session: _try(session, number, macro_id, shown))
    except _Tried:
        pass
    except HotlineError as error:
        if not shown:
            raise
        shown |= {"refusal": said(error), "faults": _faults(error)}
    return render_template("phrases/preview.html", kinds=KINDS, **shown)


def _try(session: Session, number: str, macro_id: int, shown: dict[str, Any]) -> None:
    """Do it and note in *shown* what came of it; nothing is kept."""
    ticket = ticket_of(session, number)
    shown.update(_described(session, ticket, macro_id))
    outcome = running.run(session, ticket, macro_id, actor=current_actor(), now=utcnow())
    shown.update(outcome=outcome, rows=_rows(session, outcome))
    raise _Tried


def _faults(error: HotlineError) -> list[str]:
    return [gettext(each) for each in error.errors.values()] if isinstance(error, Invalid) else []


def _described(session: Session, ticket: Any, macro_id: int) -> dict[str, Any]:
    """Return what a preview says whether or not the macro can be run, before it is."""
    macro = running.by_id(session, current_actor(), macro_id)
    known = {"number": ticket.number, "stood": clashes.stood(ticket)}
    return {**known, "macro_id": macro.id, "name": macro.name, "version": macro.version}


def _rows(session: Session, outcome: Outcome) -> list[tuple[str, Any, Any]]:
    """Return what changes on the ticket, in the reader's words."""
    return [
        (gettext(CHANGED[name]), _told(session, name, before), _told(session, name, after))
        for name, before, after in outcome.changes
    ]


def _told(session: Session, name: str, value: Any) -> Any:
    if value is None:
        return "–"
    if name.endswith("_at"):
        return moment(value, full=True)
    if name == "unit_id":
        return units.by_id(session, value).name
    if name == "handler_id":
        return staff.by_id(session, value).name
    return word(value)


@bp.post("/tickets/<number>/macros/<int:macro_id>")
@permits(Permission.TICKET_ACT)
def run(number: str, macro_id: int) -> ResponseReturnValue:
    """Do a macro as it was shown: neither the ticket nor the macro may have moved since."""
    actor, now, seen = current_actor(), utcnow(), forms.version(request.form)

    def work(session: Session) -> None:
        ticket = clashes.standing(ticket_of(session, number))
        running.run(session, ticket, macro_id, actor=actor, now=now, version=seen)

    transaction(work)
    return back(number, _("已完成"))
