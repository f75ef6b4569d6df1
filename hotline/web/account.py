"""One's own account: who one is here, the password, the language."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user

from hotline.core.db import reading, transaction
from hotline.core.doors import current_actor, public
from hotline.core.errors import Invalid
from hotline.core.language import _
from hotline.core.time import utcnow
from hotline.core.words import N_
from hotline.staff import queries, service
from hotline.units import queries as units
from hotline.web import forms, login

bp = Blueprint("account", __name__, url_prefix="/account")

OWN = "asks by itself who is there: everybody has an account"
LANGUAGES = {"zh_CN": "中文", "en": "English"}
A_YEAR = 31_536_000


@bp.get("")
@public(OWN)
def show() -> ResponseReturnValue:
    """Show the account."""
    actor = current_actor()
    with reading() as session:
        person = queries.by_id(session, actor.id or 0)
        unit = units.by_id(session, person.unit_id)
        return render_template("account/show.html", person=person, unit=unit, languages=LANGUAGES)


@bp.post("/password")
@public(OWN)
def password() -> ResponseReturnValue:
    """Set another password; every other session ends, this one begins anew."""
    actor, now, ip = current_actor(), utcnow(), request.remote_addr or ""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    service.sign_in(transaction, actor.name, old, ip=ip, now=now)
    transaction(
        lambda session: service.set_password(session, actor.id or 0, new, actor=actor, now=now)
    )
    token, known = service.sign_in(transaction, actor.name, new, ip=ip, now=now)
    login_user(login.Person(token, known, current_user.locale))
    return forms.done(url_for(".show"), _("密码已更改，其他地方的登录已全部退出"))


@bp.post("/language")
@public("a reader may choose a language before the login too")
def language() -> ResponseReturnValue:
    """Choose the language of the pages; kept in this browser."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Invalid({"language": N_("内容不合要求")})
    response = forms.done(url_for(".show"))
    response.set_cookie("locale", chosen, max_age=A_YEAR, samesite="Lax")  # type: ignore[union-attr]  # always a response
    return response
