"""The lines an operator may speak through here, and what the page needs for each."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.staff.presence import Line
from hotline.telephony import access, profile
from hotline.web import forms, security

DRIVERS: Final = {line: f"js/lines/{line}.js" for line in Line}
SDK: Final = "vendor/twilio.min.js"
SILENCE: Final = "sounds/silence.wav"


def lines() -> Sequence[Line]:
    """Return the lines that are offered, the usual one first.

    The browser line needs an API key of the carrier; the simulated one, callers who are none.
    Neither is there for a carrier that cannot ring a browser.
    """
    settings: Any = current_app.extensions["hotline"].settings
    rings = profile.current().browsers
    keyed = bool(settings.twilio_api_key and settings.twilio_api_secret)
    offered = {
        Line.SIMULATED: rings and settings.carrier == "simulator",
        Line.BROWSER: rings and keyed,
        Line.DESK: True,
    }
    return [line for line, there in offered.items() if there]


def admit(page: Response) -> Response:
    """Let the desk speak with the carrier's own hosts, where the browser line is offered."""
    if Line.BROWSER in lines():
        page.headers["Content-Security-Policy"] = security.policy(connect=access.HOSTS)
    return page


def after(message: str | None = None) -> ResponseReturnValue:
    """Let what waits for the carrier go at once, and lead to the desk; the desk itself stays.

    A page that is a telephone must not be left: the conversation would end with it.
    """
    current_app.extensions["hotline"].nudge()
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    if here != url_for("web.desk.show"):
        return forms.done(url_for("web.desk.show"), message)
    stays = make_response(render_template("desk/done.html", message=message))
    stays.headers["HX-Trigger"] = "desk"
    return stays
