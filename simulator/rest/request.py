"""What a REST request brings, what it gets back, and the door for HTTP servers."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from simulator.exchange import Exchange

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

JSON: Final = "application/json; charset=utf-8"
_BASE: Final = "/2010-04-01/Accounts/"
Fields = dict[str, list[str]]


@dataclass(frozen=True)
class Response:
    """A status, a content type and a body."""

    status: int
    body: bytes = b""
    content_type: str = JSON

    @property
    def text(self) -> str:
        """The body as text; sound comes out as Latin-1, byte by byte."""
        return self.body.decode("utf-8" if self.content_type == JSON else "latin-1")


def reply(content: Mapping[str, Any], status: int = 200) -> Response:
    """Return *content* as a JSON response."""
    return Response(status, json.dumps(content, ensure_ascii=False).encode())


class ApiError(Exception):
    """A refusal in the carrier's form."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def response(self) -> Response:
        """Return the refusal as a response."""
        link = f"https://www.twilio.com/docs/errors/{self.code}"
        content = {"code": self.code, "message": str(self), "more_info": link}
        return reply(content | {"status": self.status}, self.status)


@dataclass(frozen=True)
class Request:
    """One request, whichever way it came."""

    method: str
    path: str
    query: Fields = field(default_factory=dict)
    form: Fields = field(default_factory=dict)
    auth: tuple[str, str] | None = None

    @classmethod
    def of(
        cls,
        method: str,
        url: str,
        params: Mapping[str, object] | None,
        data: Mapping[str, object] | None,
        auth: tuple[str, str] | None,
    ) -> "Request":
        """Return the request a client library means by its arguments."""
        parts = urlsplit(url)
        query = parse_qs(parts.query, keep_blank_values=True)
        return cls(method.upper(), parts.path, query | _fields(params), _fields(data), auth)

    @classmethod
    def from_environ(cls, environ: "WSGIEnvironment") -> "Request":
        """Return the request an HTTP server took."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length).decode() if length else ""
        return cls(
            environ["REQUEST_METHOD"],
            environ.get("PATH_INFO", "/"),
            parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True),
            parse_qs(body, keep_blank_values=True),
            _basic(environ.get("HTTP_AUTHORIZATION", "")),
        )

    def path_in(self, account: str) -> str:
        """Return the path below the account's; raises 404 for another account."""
        prefix = f"{_BASE}{account}/"
        if not self.path.startswith(prefix):
            raise ApiError(404, 20404, f"The requested resource {self.path} was not found")
        return self.path.removeprefix(prefix)

    def get(self, name: str) -> str | None:
        """Return the first value of *name* in the form or the query, or None."""
        values = self.form.get(name) or self.query.get(name)
        return values[0] if values else None

    def all(self, name: str) -> list[str]:
        """Return every value of *name* in the form."""
        return self.form.get(name, [])

    def flag(self, name: str) -> bool | None:
        """Return the truth value *name*, or None when it is not there."""
        value = self.get(name)
        return None if value is None else value.lower() == "true"

    def number(self, name: str, default: float) -> float:
        """Return the number *name*; raises 400 for what is none."""
        value = self.get(name)
        try:
            return default if value is None else float(value)
        except ValueError:
            raise ApiError(400, 20001, f"Parameter '{name}' is not valid") from None


Handler = Callable[..., Response]


@dataclass(frozen=True)
class Route:
    """One method on one path below the account's."""

    method: str
    pattern: re.Pattern[str]
    handler: Handler


def route(method: str, path: str, handler: Handler) -> Route:
    """Return the route of *path*, in which `{}` stands for one identifier."""
    return Route(
        method, re.compile(path.replace(".", r"\.").replace("{}", r"([^/]+?)") + r"\Z"), handler
    )


def _fields(values: Mapping[str, object] | None) -> Fields:
    fields: Fields = {}
    for name, value in (values or {}).items():
        several = value if isinstance(value, list | tuple) else [value]
        fields[name] = [_wire(one) for one in several]
    return fields


def _wire(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, coded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(coded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name, secret


class Wsgi:
    """The REST API and the journal page as a WSGI application."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one HTTP request."""
        from simulator import journal_page, rest

        request = Request.from_environ(environ)
        with self._exchange.turn:
            if request.path.startswith(_BASE):
                response = rest.respond(self._exchange, request)
            else:
                response = journal_page.respond(self._exchange, request)
        headers = [
            ("Content-Type", response.content_type),
            ("Content-Length", str(len(response.body))),
        ]
        if response.status == HTTPStatus.UNAUTHORIZED:
            headers.append(("WWW-Authenticate", 'Basic realm="Twilio API"'))
        status = HTTPStatus(response.status)
        start_response(f"{status.value} {status.phrase}", headers)
        return [response.body]
