"""The browser's door: pages for operators, units and supervisors. It decides nothing."""

import importlib
from functools import partial
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Flask, g, has_request_context, request
from flask_babel import Babel

from hotline.core.doors import public
from hotline.core.language import gettext, ngettext
from hotline.web import errors, filters, frame, live, login, security

PAGES: Final = (
    "account",
    "board",
    "bulletins",
    "bulk",
    "callbacks",
    "categories",
    "category_forms",
    "callcontrol",
    "calls",
    "campaigns",
    "cockpit",
    "crisis",
    "demands",
    "desk",
    "differences",
    "drafts",
    "employers",
    "imports",
    "here",
    "inspection",
    "joins",
    "knowledge",
    "laws",
    "ledger",
    "legs",
    "limitation",
    "lines",
    "live",
    "login",
    "macros",
    "masses",
    "messages",
    "money",
    "notices",
    "phrases",
    "policy",
    "rates",
    "recordings",
    "reviews",
    "reports",
    "roster",
    "saved_views",
    "score_sheets",
    "search",
    "shift",
    "surveys",
    "staffing",
    "stations",
    "tags",
    "tickets",
    "token",
    "typing",
    "undo",
    "wall",
    "wordings",
    "work",
)
LOCALES: Final = {"zh_CN": "zh_Hans_CN", "en": "en"}
TRANSLATIONS: Final = Path(__file__).parent / "translations"
STREAM_SHARE: Final = 0.75  # of a process's threads; the rest answers pages and the carrier


def register(app: Flask) -> None:
    """Open the door: pages, live stream, errors, headers, languages."""
    settings = app.extensions["hotline"].settings
    security.protect(app, secure=settings.secure)
    login.know_actors(app)
    errors.register(app)
    frame.register(app)
    app.extensions["hotline"].bell = live.register(
        app,
        most=int(settings.web_threads * STREAM_SHARE),
        redis_url=settings.redis_url.get_secret_value() if settings.redis_url else None,
    )
    babel = Babel()
    babel.init_app(
        app,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=lambda: locale_of(settings.hotline_locale),
    )
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # of its i18n extension
    filters.register(app)
    app.register_blueprint(pages())
    mark: Any = public("style, scripts and symbols: the same for everybody")
    serve = partial(app.view_functions[security.STATIC])  # a bound method takes no mark
    app.view_functions[security.STATIC] = mark(serve)


def pages() -> Blueprint:
    """Return the blueprint of all pages; each form on them is checked against forgery."""
    web = Blueprint("web", __name__, template_folder="templates", static_folder="static")
    web.before_request(security.check_forgery)
    for name in PAGES:
        web.register_blueprint(importlib.import_module(f"hotline.web.{name}").bp)
    return web


def locale_of(default: str) -> str:
    """Return the reader's language: this browser's choice, the account's, or the hotline's."""
    chosen = request.cookies.get("locale") if has_request_context() else None
    known = next((name for name in (chosen, g.get("locale"), default) if name in LOCALES), "zh_CN")
    return LOCALES[known]
