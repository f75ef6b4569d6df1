"""The express lane for the busiest request: a stranger's first SMS, taken in below Flask.

No page, session or cookie can concern what the carrier posts, and the machinery that
sees to them costs as much as the whole SMS. The lane takes a request only if all is
plain: signed, ours, well formed, from somebody new with a new matter. Anything else, and
whatever fails, goes on to the door as if the lane were not there.
"""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import structlog
from flask import Flask

from hotline.core.convoy import Convoy
from hotline.core.db import db
from hotline.core.time import utcnow
from hotline.intake import first
from hotline.phone.errors import XML
from hotline.phone.sms import SID
from hotline.telephony import signature, twiml
from hotline.telephony.port import InboundSms

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

PATH: Final = "/phone/sms"
LARGEST: Final = 65_536  # no SMS is longer; what is goes the long way
FIELDS: Final = 100
ANSWER: Final = twiml.silence().encode()
HEADERS: Final = [
    ("Content-Type", f"{XML}; charset=utf-8"),
    ("Content-Length", str(len(ANSWER))),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]


class Express:
    """A WSGI application in front of another."""

    def __init__(self, app: Flask, beyond: "WSGIApplication") -> None:
        """Take the settings of *app*; what is not plain goes on to *beyond*."""
        settings = app.extensions["hotline"].settings
        with app.app_context():
            self._convoy = Convoy(first.MATTER, db.engine)
        self._beyond = beyond
        self._tokens: tuple[str, ...] = settings.auth_tokens
        self._account: str = settings.twilio_account_sid
        self._base: str = settings.public_url

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Take one SMS in, or let the request pass."""
        if environ["PATH_INFO"] == PATH and self._taken(environ):
            start_response("200 OK", list(HEADERS))
            return [ANSWER]
        return self._beyond(environ, start_response)

    def _taken(self, environ: "WSGIEnvironment") -> bool:
        try:
            return self._take(environ)
        except Exception:  # the door behind answers for whatever went wrong here
            log.exception("express.failed")
            return False

    def _take(self, environ: "WSGIEnvironment") -> bool:
        fields = _fields(environ)
        form = dict(fields)
        if len(form) < len(fields) or form.get("AccountSid") != self._account:
            return False
        url = signature.public_url(self._base, environ)
        if not signature.verify(self._tokens, url, fields, environ.get("HTTP_X_TWILIO_SIGNATURE")):
            return False
        sms = InboundSms.from_form(form)
        if not SID.fullmatch(sms.sid):
            return False
        return first.receive(self._convoy, sms, utcnow())


def _fields(environ: "WSGIEnvironment") -> list[tuple[str, str]]:
    """Return the form's fields, the body put back for whoever comes next; none if not plain."""
    length: Any = environ.get("CONTENT_LENGTH") or "0"
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0]
    plain = environ["REQUEST_METHOD"] == "POST" and kind == signature.FORMS[0]
    if not plain or not length.isdecimal() or not 0 < int(length) <= LARGEST:
        return []
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        return parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict"
        )
    except ValueError:  # not UTF-8, or too many fields
        return []
