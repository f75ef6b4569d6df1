"""The lines an operator may speak through here, and what the page needs for each."""

from collections.abc import Sequence
from typing import Any, Final

from flask import Response, current_app

from hotline.staff.presence import Line
from hotline.telephony import access
from hotline.web import security

DRIVERS: Final = {line: f"js/lines/{line}.js" for line in Line}
SDK: Final = "vendor/twilio.min.js"
SILENCE: Final = "sounds/silence.wav"


def lines() -> Sequence[Line]:
    """Return the lines that are offered, the usual one first.

    The browser line needs an API key of the carrier; the simulated one, callers who are none.
    """
    settings: Any = current_app.extensions["hotline"].settings
    offered = {
        Line.SIMULATED: settings.carrier == "simulator",
        Line.BROWSER: bool(settings.twilio_api_key and settings.twilio_api_secret),
        Line.DESK: True,
    }
    return [line for line, there in offered.items() if there]


def admit(page: Response) -> Response:
    """Let the desk speak with the carrier's own hosts, where the browser line is offered."""
    if Line.BROWSER in lines():
        page.headers["Content-Security-Policy"] = security.policy(connect=access.HOSTS)
    return page
