"""Logging in and out, and who is asking: Flask-Login over the sessions that `staff` keeps."""

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import (
    session as cookie,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user

from hotline.core.db import reading, transaction
from hotline.core.doors import public
from hotline.core.errors import Invalid, TooMany
from hotline.core.roles import Actor, Permission
from hotline.core.time import utcnow
from hotline.staff import queries, service
from hotline.web.errors import said
from hotline.web.security import STATIC

bp = Blueprint("login", __name__)
manager = LoginManager()
manager.session_protection = None  # the session is a row of ours; no address decides over it

QUIET = {"Last-Event-Id", "X-Refresh"}  # the page asks by itself: nobody need be there
HOMES = (  # where work begins, by what somebody may do
    (Permission.DESK, "web.desk.show"),
    (Permission.TICKET_READ, "web.tickets.index"),
)


class Person:
    """Somebody who is logged in: the token of the session, and the actor it stands for."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, token: str, actor: Actor, locale: str = "") -> None:
        """Bind them, with the language the person reads."""
        self.token = token
        self.actor = actor
        self.locale = locale

    def get_id(self) -> str:
        """Return what the cookie holds: an opaque token, never a staff id."""
        return self.token


def _load(token: str) -> Person | None:
    now = utcnow()
    with reading(first=True) as session:
        visit = queries.visit(session, token, now)
    if visit is None:
        return None
    if visit.unseen and QUIET.isdisjoint(request.headers.keys()):
        transaction(lambda session: service.touch(session, token, now=now))
    return Person(token, visit.actor, visit.locale)


def know_actors(app: Flask) -> None:
    """Set `g.actor` before the doors ask for it, on pages only."""
    manager.user_loader(_load)
    manager.init_app(app)

    def know() -> None:
        page = (request.endpoint or "").startswith("web.")
        if page and request.endpoint != STATIC and current_user.is_authenticated:
            g.actor, g.locale = current_user.actor, current_user.locale

    app.before_request_funcs.setdefault(None, []).insert(0, know)


@bp.get("/")
@public("sends everybody to where their work begins")
def home() -> ResponseReturnValue:
    """Go to the desk, the tickets, or the login."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        return redirect(url_for(".show"))
    places = (endpoint for permission, endpoint in HOMES if actor.may(permission))
    return redirect(url_for(next(places, "web.notices.index")))


@bp.get("/login")
@public("nobody is known before the login")
def show() -> ResponseReturnValue:
    """Show the form."""
    return _form()


@bp.post("/login")
@public("nobody is known before the login")
def enter() -> ResponseReturnValue:
    """Check login and password, and open a session."""
    name, password = request.form.get("login", ""), request.form.get("password", "")
    try:
        token, actor = service.sign_in(
            transaction, name, password, ip=request.remote_addr or "", now=utcnow()
        )
    except (Invalid, TooMany) as error:
        return _form(said(error)), error.status
    cookie.clear()  # a fresh cookie: what was planted before the login is gone
    login_user(Person(token, actor))
    return redirect(_inside(request.form.get("next")))


@bp.post("/logout")
@public("ending a session needs no right")
def leave() -> ResponseReturnValue:
    """End the session here and on the server."""
    if current_user.is_authenticated:
        token = current_user.token
        transaction(lambda session: service.sign_out(session, token, now=utcnow()))
    logout_user()
    cookie.clear()
    return redirect(url_for(".show"))


def _form(fault: str = "") -> str:
    return render_template(
        "login/form.html",
        fault=fault,
        login=request.form.get("login", ""),
        next=request.values.get("next", ""),
        demo_logins=current_app.extensions["hotline"].demo_logins,
    )


def _inside(address: str | None) -> str:
    """Return *address* if it is a page of ours, else where work begins."""
    parts = urlsplit(address or "")
    ours = parts.path.startswith("/") and not parts.path.startswith(("//", "/\\"))
    if not ours or parts.scheme or parts.netloc:
        return url_for(".home")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
