"""The register of employers: found as they are called, added, corrected."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.core.db import Session, reading, transaction
from hotline.core.doors import current_actor, permits
from hotline.core.errors import Invalid, NotFound
from hotline.core.language import _
from hotline.core.roles import Permission
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.employers import queries, service
from hotline.employers.models import Ownership
from hotline.employers.service import Facts
from hotline.units import queries as units
from hotline.web import forms

bp = Blueprint("employers", __name__, url_prefix="/employers")

PAGE = 50
FOUND = 20


@bp.get("")
@permits(Permission.EMPLOYER_WRITE)
def index() -> ResponseReturnValue:
    """List the register by name, or what is like the words asked for."""
    asked, cursor = request.args.get("q", "").strip(), request.args.get("cursor")
    with reading() as session:
        found = [each.employer for each in queries.find(session, asked, FOUND)] if asked else None
        page = queries.page(session, cursor=cursor, limit=PAGE)
        return render_template("employers/index.html", found=found, page=page)


@bp.get("/new")
@permits(Permission.EMPLOYER_WRITE)
def new() -> ResponseReturnValue:
    """Show an empty form."""
    with reading() as session:
        return render_template("employers/form.html", employer=None, **_lists(session))


@bp.get("/<int:employer_id>")
@permits(Permission.EMPLOYER_WRITE)
def show(employer_id: int) -> ResponseReturnValue:
    """Show one employer to correct it."""
    with reading() as session:
        employer = queries.by_id(session, employer_id)
        names = [n for n in queries.names(session, employer_id) if n != employer.name]
        region = units.region(session, employer.region_code) if employer.region_code else None
        known = {"employer": employer, "names": names, "region": region}
        return render_template("employers/form.html", **known, **_lists(session))


def _lists(session: Session) -> dict[str, Any]:
    return {"regions": units.regions(session), "ownerships": list(Ownership)}


@bp.post("")
@permits(Permission.EMPLOYER_WRITE)
def add() -> ResponseReturnValue:
    """Put an employer into the register."""
    actor, now = current_actor(), utcnow()
    transaction(lambda session: service.add(session, _given(session), actor=actor, now=now).id)
    return forms.done(url_for(".index"), _("用人单位已加入名录"))


@bp.post("/<int:employer_id>")
@permits(Permission.EMPLOYER_WRITE)
def correct(employer_id: int) -> ResponseReturnValue:
    """Write an employer down as it really is."""
    actor, now, seen = current_actor(), utcnow(), forms.version(request.form)

    def work(session: Session) -> None:
        given = _given(session)
        service.correct(session, employer_id, given, actor=actor, now=now, version=seen)

    transaction(work)
    return forms.done(url_for(".index"), _("用人单位已更正"))


def _given(session: Session) -> Facts:
    """Return what the form says.

    Raises:
        Invalid: There is no such region.
    """
    form = request.form
    union = {"yes": True, "no": False}.get(form.get("has_union", ""))
    return Facts(
        name=form.get("name", ""),
        code=form.get("code", "").strip() or None,
        region_code=_region(session, forms.code_of(form.get("region"))),
        address=form.get("address", "").strip()[:200] or None,
        ownership=forms.member(Ownership, form.get("ownership")),
        has_union=union,
        names=tuple(line.strip() for line in form.get("names", "").splitlines() if line.strip()),
    )


def _region(session: Session, code: str | None) -> str | None:
    try:
        return units.region(session, code).code if code else None
    except NotFound:
        raise Invalid({"region": N_("请从列表中选择")}) from None
