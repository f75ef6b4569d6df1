"""What every answer carries: a strict content policy, no sniffing, no framing, no cache."""

from collections.abc import Iterable
from typing import Final

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

csrf = CSRFProtect()


def policy(connect: Iterable[str] = ()) -> str:
    """Return what a page may load and speak with: this house, and the hosts in *connect*."""
    spoken_with = " ".join(("'self'", *connect))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        f" media-src 'self'; connect-src {spoken_with}; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'"
    )


HEADERS: Final = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=(), microphone=(self)",
}
STATIC: Final = "web.static"
A_YEAR: Final = 31_536_000


def protect(app: Flask, *, secure: bool) -> None:
    """Set cookies, forgery protection and the headers of every answer, errors included.

    Forms are checked by the web's own blueprint (`check_forgery`): what the carrier
    and the API send is judged by signature and token instead.
    """
    app.config.update(
        SESSION_COOKIE_NAME="__Host-hotline" if secure else "hotline",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # a desk stays open for a shift; the token ends with the session
    )
    csrf.init_app(app)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}")
        response.headers.update(_cache())
        return response


def _cache() -> dict[str, str]:
    """Return how long the answer may be kept: a named version for ever, a page not at all."""
    if request.endpoint != STATIC:
        return {"Cache-Control": "no-store"}
    return {"Cache-Control": f"max-age={A_YEAR}, immutable"} if "v" in request.args else {}


def check_forgery() -> None:
    """Refuse a form that our own page did not make."""
    csrf.protect()
