"""The official client library on the simulated carrier, and a session for sound, without a socket.

Needs the packages `twilio` and `requests`, which the rest of the simulator does not.
"""

import base64
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import BaseAdapter
from twilio.http import HttpClient
from twilio.http.response import Response

from simulator.rest.request import Request

if TYPE_CHECKING:
    from simulator.carrier import Carrier


class InProcessHttp(HttpClient):  # type: ignore[misc]  # the library has no types
    """Hands each request of a `twilio.rest.Client` to the carrier itself.

    A lost answer and a silent carrier surface as they would from the network:
    `requests.ConnectionError` and `requests.ReadTimeout`.
    """

    def __init__(self, carrier: "Carrier") -> None:
        super().__init__(logger=None, is_async=False)
        self._carrier = carrier
        self.session = requests.Session()
        self.session.mount("https://", _Wire(carrier))

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Any:
        """Answer *method* on *url* as the carrier would over HTTP."""
        try:
            status, body = self._carrier.rest(method, url, params, data, headers, auth)
        except ConnectionResetError as lost:
            raise requests.ConnectionError(str(lost)) from lost
        except TimeoutError as silent:
            raise requests.ReadTimeout(str(silent)) from silent
        return Response(status, body)


class _Wire(BaseAdapter):
    """Answers what a session asks by itself: sound, byte by byte."""

    def __init__(self, carrier: "Carrier") -> None:
        super().__init__()
        self._carrier = carrier

    def send(
        self, request: requests.PreparedRequest, *_given: Any, **_named: Any
    ) -> requests.Response:
        """Answer *request* as the carrier would over HTTP."""
        coded = request.headers.get("Authorization", "").removeprefix("Basic ")
        name, _, secret = base64.b64decode(coded).decode().partition(":")
        asked = Request.of(request.method or "", request.url or "", None, None, (name, secret))
        try:
            there = self._carrier.respond(asked)
        except TimeoutError as silent:
            raise requests.ReadTimeout(str(silent)) from silent
        answer = requests.Response()
        answer.status_code = there.status
        answer.headers["Content-Type"] = there.content_type
        answer.raw = io.BytesIO(there.body)
        answer.request, answer.url = request, request.url or ""
        return answer

    def close(self) -> None:
        """Nothing is open."""
