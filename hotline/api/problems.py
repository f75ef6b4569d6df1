"""Errors as programs read them: RFC 9457 problems."""

import json
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from hotline.api.endpoint import Unauthorized, WrongMediaType
from hotline.core.errors import GuardFailed, HotlineError, Invalid, TooMany

MEDIA_TYPE = "application/problem+json"
BASE = "/api/docs#problem-"


def register(bp: Blueprint) -> None:
    """Let every error below *bp* be a problem."""
    bp.register_error_handler(HotlineError, of_error)
    bp.register_error_handler(HTTPException, of_http)
    bp.app_errorhandler(Unauthorized)(unauthorized)  # asked before an address is known
    bp.register_error_handler(WrongMediaType, wrong_media_type)


def of_error(error: HotlineError) -> Response:
    """Render one of ours: its kind, its words, its guard or its fields."""
    more: dict[str, Any] = {}
    if isinstance(error, GuardFailed):
        more["guard"] = error.guard
    if isinstance(error, Invalid):
        more["errors"] = {name: gettext(words) for name, words in error.errors.items()}
    detail = gettext(error.detail)
    if error.values:
        detail %= {name: gettext(str(value)) for name, value in error.values.items()}
    response = problem(int(error.status), error.kind, gettext(error.message), detail, **more)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def of_http(error: HTTPException) -> Response:
    """Render what the router or the parser raised."""
    return problem(error.code or 500, "http", error.name, error.description or error.name)


def unauthorized(_error: Unauthorized) -> Response:
    """Ask for a token."""
    words = gettext("请带上有效的访问令牌。")
    response = problem(401, "unauthorized", words, words)
    response.headers["WWW-Authenticate"] = 'Bearer realm="hotline"'
    return response


def wrong_media_type(_error: WrongMediaType) -> Response:
    """Ask for JSON."""
    words = gettext("请求正文须为 application/json。")
    return problem(415, "media-type", words, words)


def problem(status: int, kind: str, title: str, detail: str, **more: Any) -> Response:
    """Return a problem document."""
    body = {
        "type": f"{BASE}{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.path,
        **more,
    }
    return Response(json.dumps(body, ensure_ascii=False), status, content_type=MEDIA_TYPE)
