"""Doors are closed by default: a view without a mark answers 403 to everybody.

A view is marked with the permission it needs, as public with the reason why, or as
called by the carrier, which signs. `keep_closed` runs once the doors know who is asking.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from flask import Flask, current_app, g, request
from werkzeug.routing import IntegerConverter, Map

from hotline.core.errors import Forbidden
from hotline.core.roles import Actor, Permission, require
from hotline.core.rows import LAST_ID

View = TypeVar("View", bound=Callable[..., Any])
MARK: Final = "hotline_access"
SIGNED: Final = "signed"
PUBLIC: Final = "public"


class Id(IntegerConverter):
    """A number in an address; what no column can hold is no address of ours."""

    def __init__(self, urls: Map) -> None:
        """Read ids for *urls*."""
        super().__init__(urls, max=LAST_ID)


def permits(permission: Permission) -> Callable[[View], View]:
    """Mark a view as open to whoever has *permission*."""
    return _mark(permission)


def public(reason: str) -> Callable[[View], View]:
    """Mark a view as open to everybody, for a *reason* that the reader can weigh."""
    if not reason:
        raise ValueError("Say why the view is public.")
    return _mark(PUBLIC)


def signed(view: View) -> View:
    """Mark a view as the carrier's; its blueprint checks the signature."""
    return _mark(SIGNED)(view)


def access_of(view: Callable[..., Any]) -> str | Permission | None:
    """Return a view's mark, or None where it has none."""
    return cast("str | Permission | None", getattr(view, MARK, None))


def current_actor() -> Actor:
    """Return who is asking.

    Raises:
        Forbidden: Nobody is known; the door that loads actors did not find one.
    """
    actor = g.get("actor")
    if not isinstance(actor, Actor):
        raise Forbidden
    return actor


def keep_closed(app: Flask) -> None:
    """Refuse each request whose view has no mark, or whose actor lacks the permission."""

    @app.before_request
    def check() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        if view is None:
            return  # no such address: the router answers 404 or 405
        access = access_of(view)
        if access is None:
            raise Forbidden
        if isinstance(access, Permission):
            require(current_actor(), access)


def _mark(access: str | Permission) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, MARK, access)
        return view

    return mark
