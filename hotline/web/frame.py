"""What every page shows around itself: places, call bar, unread notices, language, theme."""

from functools import cache
from typing import Any, Final

from flask import Flask, g, render_template, request
from markupsafe import Markup

from hotline.core.db import db
from hotline.core.language import english
from hotline.core.roles import Actor, Permission
from hotline.core.time import utcnow
from hotline.messages import desk
from hotline.web import callbar, commands

THEMES: Final = {"auto": "(prefers-color-scheme: dark)", "light": "not all", "dark": "all"}


def register(app: Flask) -> None:
    """Give every template what the frame needs."""

    @app.context_processor
    def around() -> dict[str, Any]:
        theme = request.cookies.get("theme", "auto")
        theme = theme if theme in THEMES else "auto"
        known = {"now": utcnow(), "theme": theme, "dark_media": THEMES[theme]}
        actor = g.get("actor")
        return known | (_of(app, actor) if isinstance(actor, Actor) else {"actor": None})


def _of(app: Flask, actor: Actor) -> dict[str, Any]:
    mine = tuple(c for c in commands.for_actor(actor) if _there(app, c.endpoint))
    return {
        "actor": actor,
        "places": commands.places(mine),
        "palette": lambda: _palette(
            mine, searches=actor.may(Permission.TICKET_READ), _english=english()
        ),
        "bar": lambda: _bar(actor),
        "unread": lambda: desk.unread(db.session(), actor.id or 0),
        "may": lambda name: actor.may(Permission(name)),
    }


def _there(app: Flask, endpoint: str | None) -> bool:
    return endpoint is None or endpoint in app.view_functions


@cache
def _palette(mine: tuple[commands.Command, ...], *, searches: bool, _english: bool) -> Markup:
    """Return the palette and the list of keys, drawn once for all who may do and read the same."""
    return Markup(render_template("palette.html", commands=mine, searches=searches))  # noqa: S704 - escaped there


def _bar(actor: Actor) -> callbar.Bar | None:
    if not actor.may(Permission.DESK):
        return None
    return callbar.of(db.session(), actor)  # the page's own session: it is being read
