"""The simulator on real sockets: its API for the hotline, its webhooks to it."""

import threading
from collections.abc import Callable
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import requests

from simulator.carrier import Carrier
from simulator.post import PATIENCE
from simulator.webhook import Answer, Webhook

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_LOOPS = 4  # webhooks that may be under way at once
_IDLE = 0.05
_CONNECT = 5.0


def over_http(webhook: Webhook) -> Answer:
    """Send *webhook* over the network and return the answer.

    Raises:
        ConnectionError: Nobody took it.
        TimeoutError: The answer did not come in time.
    """
    try:
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands between two programs on one machine
            response = session.request(
                webhook.method,
                webhook.url,
                data=webhook.body.encode() or None,
                headers=dict(webhook.headers),
                timeout=(_CONNECT, PATIENCE),
                allow_redirects=False,
            )
    except requests.ReadTimeout as error:
        raise TimeoutError(str(error)) from error
    except requests.RequestException as error:
        raise ConnectionError(str(error)) from error
    return Answer(response.status_code, dict(response.headers), response.content)


class _Server(ThreadingMixIn, WSGIServer):
    """Answers each request on a thread that ends with the program."""

    daemon_threads = True
    block_on_close = False


class _Quiet(WSGIRequestHandler):
    """Says nothing: the journal knows more."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Write nothing."""


class Station:
    """A carrier that runs by itself: one thread serves, a few carry things out."""

    def __init__(self, carrier: Carrier, port: int, host: str = "127.0.0.1") -> None:
        self._carrier = carrier
        self._stop = threading.Event()
        app: WSGIApplication = _hanging(carrier.wsgi, self._stop)
        self._server = make_server(host, port, app, _Server, _Quiet)
        self.port = self._server.server_port

    def start(self) -> None:
        """Begin to serve and to carry things out."""
        for work in (self._serve, *[self._loop] * _LOOPS):
            threading.Thread(target=work, daemon=True).start()

    def stop(self) -> None:
        """Stop serving; what is under way is abandoned."""
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=_IDLE)

    def _loop(self) -> None:
        while not self._stop.wait(_IDLE):
            self._carrier.run_due()


def _hanging(app: "WSGIApplication", stop: threading.Event) -> "WSGIApplication":
    """Return *app* whose silence is long on the network, too."""

    def silent_or_not(
        environ: "dict[str, object]", start_response: Callable[..., object]
    ) -> object:
        try:
            return app(environ, start_response)  # type: ignore[arg-type]  # passed on untouched
        except TimeoutError:
            stop.wait(2 * PATIENCE)
            raise ConnectionResetError("Nothing is answered.") from None

    return silent_or_not  # type: ignore[return-value]  # the same callable, told apart by name only


def wait_for(url: str, stop: threading.Event) -> bool:
    """Wait until somebody listens at *url*; returns False when *stop* comes first."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError(f"{url} is not an http address.")
    while not stop.is_set():
        try:
            with urlopen(f"{url}/healthz", timeout=_CONNECT):  # noqa: S310 - http only, see above
                return True
        except (URLError, OSError):
            stop.wait(0.3)
    return False
