"""Canned texts: their list and form, and those of one ticket, filled and ready to insert."""

from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.phrases import queries, service
from hotline.phrases.filling import GAPS
from hotline.phrases.models import Language, Phrase
from hotline.phrases.service import Words
from hotline.tickets import queries as tickets
from hotline.units import queries as units
from hotline.web import forms

bp = Blueprint("phrases", __name__)

PAGE: Final = 50
LANGUAGES: Final = {
    Language.CHINESE: N_("汉语"),
    Language.MONGOLIAN: N_("蒙古语"),
    Language.ENGLISH: N_("英语"),
}


@bp.get("/phrases")
@permits(Permission.PHRASE_WRITE)
def index() -> ResponseReturnValue:
    """List the canned texts of one's own units, in use or retired."""
    language = forms.member(Language, request.args.get("language"))
    retired, cursor = "retired" in request.args, request.args.get("cursor")
    with reading() as session:
        page = queries.page(
            session, current_actor(), language=language, retired=retired, cursor=cursor, limit=PAGE
        )
        owners = units.units_by_ids(session, {row.unit_id for row in page.items})
        known = {"language": language, "retired": retired, "languages": LANGUAGES}
        return render_template("phrases/index.html", page=page, owners=owners, **known)


@bp.get("/phrases/new")
@permits(Permission.PHRASE_WRITE)
def new() -> ResponseReturnValue:
    """Show an empty form."""
    with reading() as session:
        return render_template("phrases/form.html", **_form(session, None))


@bp.get("/phrases/<int:phrase_id>")
@permits(Permission.PHRASE_WRITE)
def show(phrase_id: int) -> ResponseReturnValue:
    """Show one to correct it or to take it out of use."""
    with reading() as session:
        phrase = queries.by_id(session, current_actor(), phrase_id)
        return render_template("phrases/form.html", **_form(session, phrase))


def _form(session: Session, phrase: Phrase | None) -> dict[str, Any]:
    """Return what the form shows; a new text is for the topmost unit that one sees."""
    mine = units.below(session, current_actor().scope)
    owner = next((row for row in mine if phrase and row.id == phrase.unit_id), mine[0])
    return {
        "phrase": phrase,
        "owner": owner,
        "units": mine,
        "languages": LANGUAGES,
        "gaps": GAPS,
    }


@bp.post("/phrases")
@permits(Permission.PHRASE_WRITE)
def add() -> ResponseReturnValue:
    """Write one."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: service.add(session, _given(session), actor=actor, now=now).id)
    return forms.done(url_for(".index"), _("已保存"))


@bp.post("/phrases/<int:phrase_id>")
@permits(Permission.PHRASE_WRITE)
def correct(phrase_id: int) -> ResponseReturnValue:
    """Write one anew."""
    actor, now, seen = current_actor(), utcnow(), forms.version(request.form)

    def work(session: Session) -> None:
        given = _given(session)
        service.correct(session, phrase_id, given, actor=actor, now=now, version=seen)

    transaction(work)
    return forms.done(url_for(".index"), _("已保存"))


@bp.post("/phrases/<int:phrase_id>/retire")
@permits(Permission.PHRASE_WRITE)
def retire(phrase_id: int) -> ResponseReturnValue:
    """Take one out of use."""
    actor, now, seen = current_actor(), utcnow(), forms.version(request.form)
    transaction(
        lambda session: service.retire(session, phrase_id, actor=actor, now=now, version=seen)
    )
    return forms.done(url_for(".index"), _("已停用"))


def _given(session: Session) -> Words:
    """Return what the form says.

    Raises:
        Invalid: There is no such language or unit.
    """
    form = request.form
    language = forms.member(Language, form.get("language"))
    found = units.by_codes(session, [forms.code_of(form.get("unit")) or ""])
    if language is None or not found:
        raise Invalid({"unit" if language else "language": N_("请从列表中选择")})
    shortcut = form.get("shortcut", "").strip().removeprefix("/")
    return Words(shortcut, language, form.get("words", "").strip(), found[0].id)


@bp.get("/tickets/<number>/phrases")
@permits(Permission.TICKET_READ)
def on_ticket(number: str) -> ResponseReturnValue:
    """Show the texts that may be inserted on a ticket: to the menu of a field, or as a page."""
    actor, part = current_actor(), "HX-Request" in request.headers
    with reading() as session:
        ticket = tickets.by_number(session, actor, number)
        found = queries.on_ticket(session, actor, ticket, utcnow())
        template = "phrases/options.html" if part else "phrases/ticket.html"
        return render_template(template, number=number, found=found, languages=LANGUAGES)
